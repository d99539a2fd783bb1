"""Kills the service at random instants under load, and counts what is lost or there twice.

Two replicas on a PostgreSQL of their own, a course platform that takes their scores, and students
who hand in without a pause. At random instants a web process, a grading process, a template, a
worker or the whole database gets SIGKILL, and is started again as a supervisor would. In the end
each click must be one submission with a grade, and the grade book must have each student's best
score, taken once.

    python benchmarks/service_kills.py [--kills 50]
"""

import argparse
import asyncio
import contextlib
import json
import os
import random
import re
import secrets
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import psutil
import sqlalchemy as sa

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from grader.service.data import Database, open_database, people, platforms  # noqa: E402
from grader.service.data.migrate import migrate  # noqa: E402
from grader.service.data.schema import (  # noqa: E402
    link,
    person,
    result,
    score,
    submission,
)
from grader.service.data.tokens import Holder, add_token  # noqa: E402
from tests.service.conftest import Cluster  # noqa: E402

SAMPLES = ROOT / "solutions/convolution/samples"
FILES = ("right.py", "flipped.py", "padded.py", "squares_only.py")
VICTIMS = ("web", "grading", "template", "worker", "database")
GENERATIONS = {"grading": 1, "template": 2, "worker": 3}
STUDENTS = 12
SETTLED_S = 240.0


class GradeBook(ThreadingHTTPServer):
    """A platform that takes scores as Moodle does: none that is not newer."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.url = f"http://localhost:{self.server_address[1]}"
        self.lock = threading.Lock()
        self.book: dict[str, dict[str, Any]] = {}
        self.taken: Counter[tuple[str, str]] = Counter()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def take(self, sent: dict[str, Any]) -> int:
        """Take a score, and return the status of the answer."""
        with self.lock:
            there = self.book.get(sent["userId"])
            if there and there["timestamp"] >= sent["timestamp"]:
                return 409
            self.book[sent["userId"]] = sent
            self.taken[sent["userId"], sent["timestamp"]] += 1
            return 200


class _Answers(BaseHTTPRequestHandler):
    server: GradeBook

    def do_POST(self) -> None:
        """Give a token, or take a score; slowly, so that it may be killed in between."""
        sent = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/token":
            self._answer(200, {"access_token": "t", "expires_in": 3600})
            return
        status = self.server.take(json.loads(sent))
        time.sleep(0.05)
        self._answer(status, {})

    def do_GET(self) -> None:
        """Return what is in the book for a student."""
        user = self.path.partition("user_id=")[2]
        with self.server.lock:
            there = self.server.book.get(user)
        results = (
            []
            if there is None
            else [
                {
                    "userId": user,
                    "resultScore": there["scoreGiven"],
                    "resultMaximum": there["scoreMaximum"],
                }
            ]
        )
        self._answer(200, results)

    def _answer(self, status: int, body: Any) -> None:  # noqa: ANN401 - JSON
        data = json.dumps(body).encode()
        with contextlib.suppress(OSError):
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Replica:
    """One service, started again whenever it is killed."""

    def __init__(self, folder: Path, url: str, port: int) -> None:
        folder.mkdir()
        self._command = [
            *(sys.executable, "-m", "grader", "serve", "--data", str(folder)),
            *("--database", url, "--solutions", str(ROOT / "solutions")),
        ]
        self.port = port
        self.start()

    def start(self) -> None:
        """Start it, again and again while the database is away."""
        while True:
            self.process = subprocess.Popen(
                [*self._command, "--port", str(self.port)],
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
                env={**os.environ, "PYTHONPATH": str(ROOT)},
            )
            out = self.process.stdout or sys.stdin
            found = re.search(r":(\d+)/enter#", out.readline())
            if found:
                self.port = int(found[1])
                return
            self.process.wait()

    def family(self, generation: int) -> list[psutil.Process]:
        """Return its grading process (1), the templates of that (2) or their workers (3)."""
        found = [psutil.Process(self.process.pid)]
        for _ in range(generation):
            found = [child for one in found for child in one.children()]
        return found


class Trial:
    """All of it: database, replicas, platform, students."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311 - no secret
        (folder / "pg").mkdir()
        self.cluster = Cluster(folder / "pg")
        self.book = GradeBook()
        url = self.cluster.new_database()
        self.database = open_database(url)
        migrate(self.database)
        self.tokens, self.link_id, self.link = prepare(
            self.database, self.book.url
        )
        self.replicas = [Replica(folder / name, url, 0) for name in ("a", "b")]
        self.clicks: dict[str, int] = {}
        self.killed: Counter[str] = Counter()
        self.over = False

    async def run(self, kills: int) -> None:
        """Hand in and kill, then wait until everything is graded and sent."""
        async with httpx.AsyncClient(timeout=20) as client:
            students = [
                asyncio.ensure_future(self._student(client, number))
                for number in range(STUDENTS)
            ]
            for _ in range(kills):
                await asyncio.sleep(self.chance.uniform(0.1, 2.5))
                await asyncio.to_thread(self._kill)
            self.over = True
            await asyncio.gather(*students)

    async def _student(self, client: httpx.AsyncClient, number: int) -> None:
        """Hand in, wait for the answer, go on; without one, send the same again."""
        while not self.over:
            click = secrets.token_hex(8)
            text = (SAMPLES / self.chance.choice(FILES)).read_text("utf-8")
            body = {"link": self.link, "text": f"{text}# {click}\n"}
            headers = {
                "Authorization": f"Bearer {self.tokens[number]}",
                "Idempotency-Key": click,
            }
            await self._send(client, body, headers)
            self.clicks[click] = number
            # Ten a minute are allowed.
            await asyncio.sleep(6)

    async def _send(
        self,
        client: httpx.AsyncClient,
        body: dict[str, str],
        headers: dict[str, str],
    ) -> None:
        """Send a click until somebody has taken it."""
        while True:
            port = self.chance.choice(self.replicas).port
            url = f"http://127.0.0.1:{port}/api/v1/submissions"
            with contextlib.suppress(httpx.TransportError):
                answer = await client.post(url, json=body, headers=headers)
                if answer.status_code in {200, 202}:
                    return
            await asyncio.sleep(0.3)

    def _kill(self) -> None:
        victim = self.chance.choice(VICTIMS)
        replica = self.chance.choice(self.replicas)
        if victim == "database":
            self._kill_database()
        elif victim == "web":
            replica.process.kill()
            replica.process.wait()
            replica.start()
        else:
            found = replica.family(GENERATIONS[victim])
            if not found:
                return
            with contextlib.suppress(psutil.Error):
                self.chance.choice(found).kill()
        self.killed[victim] += 1

    def _kill_database(self) -> None:
        pid = int(
            (self.cluster.folder / "data/postmaster.pid").read_text().split()[0]
        )
        server = psutil.Process(pid)
        everything = [server, *server.children(recursive=True)]
        for one in everything:
            with contextlib.suppress(psutil.Error):
                one.send_signal(signal.SIGKILL)
        psutil.wait_procs(everything)
        self.cluster.start()

    def settled(self) -> bool:
        """Whether everything is graded, and nothing is owed."""
        with self.database.read() as db:
            waits = sa.select(sa.func.count()).where(
                submission.c.state.in_(("received", "failed"))
            )
            owed = sa.select(sa.func.count()).where(score.c.state == "owed")
            return (
                not db.execute(waits).scalar() and not db.execute(owed).scalar()
            )

    def verdict(self) -> dict[str, int]:
        """Return how many of what must not be."""
        with self.database.read() as db:
            kept = Counter(db.execute(sa.select(submission.c.click)).scalars())
            graded = db.execute(
                sa.select(submission.c.person_id, result.c.score).join(
                    result, result.c.submission_id == submission.c.id
                )
            ).all()
            subs = {
                row.id: row.sub
                for row in db.execute(sa.select(person.c.id, person.c.sub))
            }
            results = Counter(
                db.execute(sa.select(result.c.submission_id)).scalars()
            )
            states = Counter(
                db.execute(sa.select(submission.c.state)).scalars()
            )
        best: dict[str, float] = {}
        for person_id, value in graded:
            sub = subs[person_id]
            best[sub] = max(best.get(sub, 0.0), value)
        there = {
            sub: sent["scoreGiven"] for sub, sent in self.book.book.items()
        }
        return {
            "clicks lost": len(self.clicks.keys() - kept.keys()),
            "clicks kept twice": sum(number > 1 for number in kept.values()),
            "graded twice": sum(number > 1 for number in results.values()),
            "not graded": sum(states[each] for each in ("received", "failed")),
            "scores that differ": sum(
                there.get(sub) != value for sub, value in best.items()
            ),
            "scores taken twice": sum(n > 1 for n in self.book.taken.values()),
        }

    def close(self) -> None:
        """End all of it."""
        for replica in self.replicas:
            replica.process.terminate()
            replica.process.wait()
        self.database.close()
        self.book.shutdown()
        self.book.server_close()
        self.cluster.stop()


def prepare(database: Database, url: str) -> tuple[list[str], int, str]:
    """Keep a platform, a course, an exercise and its students; return tokens, link id and key."""
    registered = platforms.Registered(
        name="School",
        issuer=url,
        client_id="c",
        kind="other",
        authorization_url=f"{url}/authorize",
        token_url=f"{url}/token",
        jwks_url=f"{url}/jwks",
    )
    with database.begin() as db:
        platform_id = platforms.add_platform(db, registered)
        context_id = people.ensure_context(db, platform_id, "course", "Course")
        link_id = people.ensure_link(
            db, context_id, "l", "convolution", "Convolution", 100.0
        )
        scope = "https://purl.imsglobal.org/spec/lti-ags/scope/"
        db.execute(
            sa.update(link).values(
                line_item_url=f"{url}/lineitem",
                scopes=[f"{scope}score", f"{scope}result.readonly"],
            )
        )
        tokens = []
        for number in range(STUDENTS):
            person_id = people.ensure_person(db, platform_id, f"s{number}")
            people.see_member(db, context_id, person_id, ["Learner"])
            holder = Holder(
                person_id=person_id, context_id=context_id, roles=("Learner",)
            )
            tokens.append(add_token(db, "page", holder))
        key = db.execute(
            sa.select(link.c.key).where(link.c.id == link_id)
        ).scalar_one()
    return tokens, link_id, str(key)


def main() -> int:
    """Kill, and say what was lost."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    options = parser.parse_args()
    print(f"seed {options.seed}")
    with tempfile.TemporaryDirectory(prefix="kills-") as folder:
        Path(folder).chmod(0o755)
        trial = Trial(Path(folder), options.seed)
        try:
            asyncio.run(trial.run(options.kills))
            until = time.monotonic() + SETTLED_S
            while not trial.settled() and time.monotonic() < until:
                time.sleep(0.5)
            found = trial.verdict()
        finally:
            trial.close()
    killed = ", ".join(
        f"{number} {what}" for what, number in trial.killed.items()
    )
    print(f"{len(trial.clicks)} clicks; killed: {killed}")
    print(", ".join(f"{what}: {number}" for what, number in found.items()))
    return 1 if any(found.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
