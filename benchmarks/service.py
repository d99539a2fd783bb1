"""A deadline, replayed against the service: who waits how long, and whether anything is lost.

A class of 1,000 hands in five times each in ten minutes, 60 % of it in the last minute; 3 % never
end, every tenth file is a notebook, every twentieth click is a double one. One program sends it all
and waits for each grade, as the pages do. `--plain` then replays the same against two slots whose
workers keep their share of the processor, which is what most graders are.

    python benchmarks/service.py [--plain] [--after 480] [--replicas 2 --database URL]

`--after` leaves out the quiet beginning, up to that second. `--compress 2` lets it all happen in
half the time, at twice the rate.
"""

import argparse
import asyncio
import contextlib
import random
import re
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from http import HTTPStatus
from pathlib import Path
from typing import Any, NamedTuple

import psutil
from browsers import Browser

ROOT = Path(__file__).parents[1]
SAMPLES = ROOT / "solutions/convolution/samples"
HONEST = ("right.py", "right.py", "right.py", "flipped.py", "padded.py")
HANGING = "def convolve(image, kernel):\n    while True:\n        pass\n"
SETTLED_S = 300
DOUBLED = 0.05
LONG_S = 10
PLAIN = """
import sys
from grader.service.graders import grading, slots
slots.Slots.__init__.__defaults__ = (2, 0)
whole = grading.Interactive
grading.Interactive = lambda: whole(budget_s=1e6, demote_after_s=1e6)
sys.argv = ["grader", *sys.argv[1:]]
from grader.__main__ import main
sys.exit(main())
"""
"""The service with two slots, where whatever runs keeps its share and its exercise's limits."""


class Click(NamedTuple):
    """One press of the button."""

    at: float
    student: int
    kind: str
    data: bytes
    doubled: bool


class Came(NamedTuple):
    """What came of a click."""

    kind: str
    seconds: float
    state: str
    keys: frozenset[str]


def clicks(options: argparse.Namespace) -> list[Click]:
    """Return who presses when, with bytes of their own each; the same for the same options."""
    chance = random.Random(options.seed)  # noqa: S311 - no secret
    last = 60.0
    found = []
    for number in range(options.students * options.tries):
        early = chance.random() > options.last_minute
        span = options.minutes * 60
        at = (
            chance.uniform(0, span - last)
            if early
            else chance.uniform(span - last, span)
        )
        kind = "honest"
        if chance.random() < options.hanging:
            kind = "hanging"
        elif chance.random() < options.notebooks:
            kind = "notebook"
        name = {"hanging": "", "notebook": "homework.ipynb"}.get(
            kind, chance.choice(HONEST)
        )
        text = (SAMPLES / name).read_bytes() if name else HANGING.encode()
        # Blanks at the end mean nothing, and make other hidden inputs.
        data = text.rstrip() + b"\n" * (1 + number % 997)
        doubled = chance.random() < DOUBLED
        found.append(Click(at, number % options.students, kind, data, doubled))
    return sorted(each for each in found if each.at >= options.after)


class Service:
    """`grader serve` as one or more processes, started here."""

    def __init__(
        self, folder: Path, options: argparse.Namespace, *, plain: bool
    ) -> None:
        database = ["--database", options.database] if options.database else []
        program = ["-c", PLAIN] if plain else ["-m", "grader"]
        self.processes, self.urls = [], []
        for number in range(options.replicas):
            data = folder if options.replicas == 1 else folder / str(number)
            data.mkdir(exist_ok=True)
            command = [
                sys.executable,
                *program,
                "serve",
                "--data",
                str(data),
                *database,
            ]
            where = ["--host", "0.0.0.0", "--port", "0"]  # noqa: S104 - the link for students
            solutions = ["--solutions", str(ROOT / "solutions")]
            process = subprocess.Popen(
                [*command, *where, *solutions],
                stdout=subprocess.PIPE,
                text=True,
            )
            self.processes.append(process)
            out = process.stdout or sys.stdin
            said = out.readline() + out.readline()
            found = re.search(r"students:.*:(\d+)/enter#(\S+)", said)
            if found is None:
                sys.exit(f"the service did not start: {said}")
            self.urls.append(f"http://127.0.0.1:{found[1]}")
            self.key = found[2]

    def memory_mb(self) -> float:
        """Return what all its processes use, each page that they share counted once."""
        total = 0
        for process in self.processes:
            family = [psutil.Process(process.pid)]
            family += family[0].children(recursive=True)
            for one in family:
                with contextlib.suppress(psutil.Error):
                    total += one.memory_full_info().pss
        return total / 2**20

    def processor_s(self) -> float:
        """Return the processor time of its own processes, templates and workers aside."""
        times = [psutil.Process(one.pid).cpu_times() for one in self.processes]
        return sum(each.user + each.system for each in times)

    def end(self) -> None:
        """End all of it."""
        for process in self.processes:
            process.send_signal(signal.SIGTERM)
        for process in self.processes:
            process.wait(60)


class Class:
    """The students, each with a session and, as with browsers, with connections of their own."""

    def __init__(self, urls: Sequence[str], key: str, students: int) -> None:
        self.browsers = [
            [Browser(url) for url in urls] for _ in range(students)
        ]
        self.key, self.students = key, students
        self.tokens: list[str] = []
        self.link = ""
        self.sent_again = 0

    async def join(self) -> None:
        """Let every student enter by the link."""
        for number in range(self.students):
            session = await self._join_as(number)
            self.tokens.append(session["token"])
            self.link = next(
                each["key"]
                for each in session["links"]
                if each["exercise"] == "convolution"
            )

    async def _join_as(self, number: int) -> dict[str, Any]:
        """Enter, when there are not too many from one address."""
        given = {"key": self.key, "name": f"student {number}"}
        while True:
            answer = await self.browsers[number][0].post("/session/join", given)
            if answer.status == HTTPStatus.OK:
                session: dict[str, Any] = answer.json()
                return session
            if answer.status != HTTPStatus.TOO_MANY_REQUESTS:
                sys.exit(f"nobody can join: {answer.body.decode()}")
            await asyncio.sleep(int(answer.headers["retry-after"]))

    async def press(self, click: Click, begin: float, pace: float) -> Came:
        """Press at the right time, and wait until there is a grade."""
        await asyncio.sleep(max(0, begin + click.at / pace - time.monotonic()))
        start, name = time.monotonic(), secrets.token_hex(8)
        sends = [
            self._send(click, name) for _ in range(2 if click.doubled else 1)
        ]
        answers = await asyncio.gather(*sends)
        keys = frozenset(str(each.get("submission")) for each in answers)
        state, seconds = await self._settled(click, answers[0], start)
        return Came(click.kind, seconds, state, keys)

    async def _send(self, click: Click, name: str) -> dict[str, object]:
        """Send a click until there is an answer: the same name, so that it is the same click."""
        headers = self._bearer(click.student) | {"Idempotency-Key": name}
        url = "/api/v1/submissions"
        while True:
            browser = self._any(click.student)
            try:
                if click.kind == "notebook":
                    file = ("homework.ipynb", click.data)
                    fields = {"link": self.link}
                    answer = await browser.upload(url, fields, file, headers)
                else:
                    given = {"link": self.link, "text": click.data.decode()}
                    answer = await browser.post(url, given, headers)
            except (OSError, EOFError):
                self.sent_again += 1
                await asyncio.sleep(0.5)
                continue
            found: dict[str, object] = answer.json()
            return found

    async def _settled(
        self, click: Click, answer: dict[str, object], start: float
    ) -> tuple[str, float]:
        """Follow a submission as the page does: sooner at first, then every five seconds."""
        pause = 1.0
        headers = self._bearer(click.student) | {"Prefer": "wait=10"}
        while "submission" in answer and "report" not in answer:
            seconds = time.monotonic() - start
            if answer.get("state") != "received" or seconds > SETTLED_S:
                return str(answer.get("state")), seconds
            await asyncio.sleep(pause)
            pause = min(5.0, pause * 1.5)
            url = f"/api/v1/submissions/{answer['submission']}"
            got = await self._any(click.student).ask("GET", url, headers)
            answer = got.json()
        seconds = time.monotonic() - start
        if "report" in answer:
            return "provisional" if answer["provisional"] else "graded", seconds
        return f"refused: {answer.get('code')}", seconds

    async def attempts(self) -> int:
        """Return how many attempts all histories have together."""
        total = 0
        url = f"/api/v1/work/{self.link}"
        for student, browsers in enumerate(self.browsers):
            got = await browsers[-1].ask("GET", url, self._bearer(student))
            total += len(got.json()["history"])
        return total

    def end(self) -> None:
        """Close all connections."""
        for browsers in self.browsers:
            for browser in browsers:
                browser.close()

    def _any(self, student: int) -> Browser:
        return secrets.choice(self.browsers[student])

    def _bearer(self, student: int) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.tokens[student]}"}


async def replay(service: Service, options: argparse.Namespace) -> None:
    """Replay the deadline, and print what came of it."""
    everybody = Class(service.urls, service.key, options.students)
    await everybody.join()
    planned = clicks(options)
    early = await warm_up(everybody, planned) if options.after else 0
    begin = time.monotonic() + 0.5 - options.after / options.compress
    memory = [service.memory_mb()]
    pressing = [
        asyncio.ensure_future(everybody.press(each, begin, options.compress))
        for each in planned
    ]
    watch = asyncio.ensure_future(_watch(service, memory))
    came = await asyncio.gather(*pressing)
    watch.cancel()
    seconds = time.monotonic() - begin - options.after / options.compress
    attempts = await everybody.attempts()
    everybody.end()
    show(came, attempts - early)
    middle = memory[len(memory) // 2]
    print(
        f"{len(planned)} clicks in {seconds:.0f} s, {everybody.sent_again} sent again; memory "
        f"{memory[0]:.0f}, {middle:.0f}, {memory[-1]:.0f} MB; "
        f"processor time: the web process {service.processor_s():.0f} s, "
        f"this program {time.process_time():.0f} s"
    )


async def warm_up(everybody: Class, planned: Sequence[Click]) -> int:
    """Hand in a file of each honest kind, as somebody has before the last minute; return how many.

    This opens the grader, which takes a second.
    """
    kinds = {each.kind: each for each in planned if each.kind != "hanging"}
    for click in kinds.values():
        now = time.monotonic()
        await everybody.press(click._replace(at=0, doubled=False), now, 1)
    return len(kinds)


async def _watch(service: Service, memory: list[float]) -> None:
    while True:
        await asyncio.sleep(5)
        memory.append(await asyncio.to_thread(service.memory_mb))


def show(came: Sequence[Came], attempts: int) -> None:
    """Print a line for each kind of file, and one about all."""
    print(f"{'':10}{'clicks':>8}{'p50':>9}{'p99':>9}{'p99.9':>9}{'longest':>9}")
    for kind in ("honest", "notebook", "hanging"):
        times = sorted(
            each.seconds
            for each in came
            if each.kind == kind and each.state in ("graded", "provisional")
        )
        if len(times) > 1:
            cuts = [_quantile(times, part) for part in (0.5, 0.99, 0.999)]
            shown = "".join(f"{_time(cut):>9}" for cut in (*cuts, times[-1]))
            print(f"{kind:10}{len(times):>8}{shown}")
    states = Counter(each.state for each in came)
    print(
        ", ".join(f"{number} {state}" for state, number in states.most_common())
    )
    kept = {key for each in came for key in each.keys if key != "None"}
    saved = sum("None" not in each.keys for each in came)
    doubled = sum(len(each.keys) > 1 for each in came)
    print(f"lost {saved - len(kept)}, doubled {doubled + attempts - len(kept)}")


def _quantile(times: Sequence[float], part: float) -> float:
    return times[min(len(times) - 1, int(part * len(times)))]


def _time(seconds: float) -> str:
    return (
        f"{seconds * 1000:.0f} ms" if seconds < LONG_S else f"{seconds:.0f} s"
    )


@contextlib.contextmanager
def served(options: argparse.Namespace, *, plain: bool) -> Iterator[Service]:
    """Start the service in a folder of its own, and end it."""
    with tempfile.TemporaryDirectory() as folder:
        service = Service(Path(folder), options, plain=plain)
        try:
            yield service
        finally:
            service.end()


def main() -> None:
    """Replay, and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--students", type=int, default=1000)
    parser.add_argument("--tries", type=int, default=5)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument(
        "--last-minute", type=float, default=0.6, metavar="PART"
    )
    parser.add_argument("--hanging", type=float, default=0.03, metavar="PART")
    parser.add_argument("--notebooks", type=float, default=0.1, metavar="PART")
    parser.add_argument("--after", type=float, default=0, metavar="SECOND")
    parser.add_argument("--compress", type=float, default=1)
    parser.add_argument("--replicas", type=int, default=1)
    parser.add_argument("--database", metavar="URL")
    parser.add_argument("--plain", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    for plain in (False, True)[: 1 + options.plain]:
        print(
            "two slots, no demotion"
            if plain
            else f"this service, {options.replicas} x"
        )
        with served(options, plain=plain) as service:
            asyncio.run(replay(service, options))


if __name__ == "__main__":
    main()
