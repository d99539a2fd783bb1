"""Both databases, and the service as a process of its own."""

import contextlib
import os
import pwd
import re
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from grader.service.data import Database, open_database, people
from grader.service.data.migrate import migrate
from grader.service.data.tokens import Role
from grader.service.graders.exercises import Exercises
from grader.service.graders.grading import Graders
from grader.service.graders.slots import Slots
from grader.service.web.standalone import prepare_local
from grader.service.work.caretaker import Caretaker
from grader.service.work.handing_in import Desk
from tests.service.people import Student, someone

SOLUTIONS = Path(__file__).parents[2] / "solutions"
# Where Debian puts what only the owner of a cluster needs.
_DEBIAN = sorted(Path("/usr/lib/postgresql").glob("*/bin"))


def postgres_program(name: str) -> str:
    """Return the path of one of PostgreSQL's programs."""
    for folder in _DEBIAN[::-1]:
        if (folder / name).is_file():
            return str(folder / name)
    found = shutil.which(name)
    assert found is not None, f"{name}: run .ci/system-packages"
    return found


def _unprivileged() -> dict[str, Any]:
    """Return who runs a cluster: PostgreSQL refuses to be root."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


class Cluster:
    """A PostgreSQL cluster of the tests' own, reached through a socket file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._who = _unprivileged()
        if self._who:
            os.chown(folder, self._who["user"], self._who["group"])
        self._run(
            "initdb",
            "--username=tests",
            "--auth=trust",
            "--no-sync",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--pgdata",
            f"{folder}/data",
        )
        self.start()

    def start(self) -> None:
        """Start the server, and wait until it answers."""
        options = (
            f"-c listen_addresses='' -c unix_socket_directories='{self.folder}' "
            "-c max_connections=200"
        )
        self._ctl("start", "--options", options, "--log", f"{self.folder}/log")

    def stop(self) -> None:
        """End the server at once, as a crash would."""
        self._ctl("stop", "--mode", "immediate")

    def new_database(self) -> str:
        """Make an empty database, and return its URL."""
        name = f"tests_{secrets.token_hex(6)}"
        with psycopg.connect(
            host=str(self.folder),
            user="tests",
            dbname="postgres",
            autocommit=True,
        ) as connection:
            connection.execute(f'CREATE DATABASE "{name}"')
        return f"postgresql+psycopg://tests@/{name}?host={self.folder}"

    def _ctl(self, *arguments: str) -> None:
        self._run(
            "pg_ctl",
            "--wait",
            "--silent",
            "--timeout",
            "300",
            "--pgdata",
            f"{self.folder}/data",
            *arguments,
        )

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [postgres_program(program), *arguments],
            check=False,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            cwd=self.folder,
            **self._who,
        )
        assert done.returncode == 0, done.stderr


@pytest.fixture
def own_cluster() -> Iterator[Cluster]:
    """Run a cluster that a test may stop."""
    with tempfile.TemporaryDirectory(prefix="pg-") as folder:
        running = Cluster(Path(folder))
        yield running
        running.stop()


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """Run a cluster while the tests run."""
    # Not tmp_path: the path of a socket file may have some hundred characters only.
    with tempfile.TemporaryDirectory(prefix="pg-") as folder:
        running = Cluster(Path(folder))
        try:
            yield running
        finally:
            running.stop()


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the URL of an empty database, of each kind in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/service.sqlite"
    url: str = request.getfixturevalue("cluster").new_database()
    return url


@pytest.fixture
def database(empty_url: str) -> Iterator[Database]:
    """Return a database with all tables, of each kind in turn."""
    with contextlib.closing(open_database(empty_url)) as opened:
        migrate(opened)
        yield opened


@pytest.fixture(scope="session")
def graders() -> Iterator[Graders]:
    """Return warm graders for all exercises."""
    with contextlib.closing(
        Graders(Exercises(SOLUTIONS), b"a secret of the tests", "full")
    ) as opened:
        yield opened


class Place:
    """A desk with one slot, and clocks that stand still until a test moves them."""

    def __init__(self, database: Database, graders: Graders) -> None:
        self.database = database
        self.graders = graders
        self.now = 1_700_000_000.0
        self.seconds = 0.0
        """The clock of the slots."""
        self.slots = Slots(1, clock=lambda: self.seconds)
        self.desk = Desk(database, graders, self.slots, lambda: self.now)
        self.caretaker = Caretaker(database, graders, self.slots, self.desk)
        with database.begin() as db:
            self.context_id = prepare_local(
                db, [("convolution", "Convolution", 4.0), ("softmax", "S", 1.0)]
            )
            self.links = {
                each.exercise: each
                for each in people.links_of(db, self.context_id)
            }

    @contextlib.contextmanager
    def busy(self) -> Iterator[None]:
        """Keep the one slot busy, so that whatever comes has to wait."""
        gate, begun = threading.Event(), threading.Event()

        def run() -> None:
            begun.set()
            gate.wait()

        self.slots.submit("somebody", "else", run)
        begun.wait()
        try:
            yield
        finally:
            gate.set()

    def pass_time(self, seconds: float) -> None:
        """Let time pass for the slots."""
        self.seconds += seconds

    def wait_for_slot(self) -> None:
        """Wait until what was handed in has the slot: nothing can take its place any more."""
        while self.slots.waiting:
            time.sleep(0.01)

    def close(self) -> None:
        """End the threads."""
        self.slots.close()


@pytest.fixture
def place(database: Database, graders: Graders) -> Iterator[Place]:
    """Return a desk on each kind of database."""
    with contextlib.closing(Place(database, graders)) as made:
        yield made


class Served:
    """`grader serve` as a process of its own."""

    def __init__(
        self,
        data: Path,
        *options: str,
        script: Sequence[str] = ("-m", "grader"),
        **environment: str,
    ) -> None:
        self.data = data
        self.database_url = f"sqlite:///{data}/service.sqlite"
        if "--database" in options:
            self.database_url = options[options.index("--database") + 1]
        self.process = subprocess.Popen(
            [
                sys.executable,
                *script,
                "serve",
                "--data",
                str(data),
                "--port",
                "0",
                "--solutions",
                str(SOLUTIONS),
                *options,
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, **environment},
        )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        found = re.search(r"(https?://\S+)/enter#(\S+)", line)
        if found is None:
            self.process.kill()
            _, said = self.process.communicate()
            raise AssertionError(f"no link: {line}{said}")
        self.url, self.key = found[1], found[2]
        self.client = httpx.Client(base_url=self.url, timeout=120)

    def open(self) -> Database:
        """Return its database, opened beside it."""
        return open_database(self.database_url)

    def enter(self) -> dict[str, Any]:
        """Enter as the owner; from then on `client` shows the token."""
        answer = self.client.post("/session/enter", json={"key": self.key})
        assert answer.status_code == 200, answer.text
        session: dict[str, Any] = answer.json()
        self.client.headers["Authorization"] = f"Bearer {session['token']}"
        return session

    def end(self, with_signal: signal.Signals = signal.SIGTERM) -> str:
        """End the process, and return what it logged."""
        self.client.close()
        self.process.send_signal(with_signal)
        _, said = self.process.communicate(timeout=180)
        return said


@pytest.fixture
def serving(tmp_path: Path) -> Iterator[Any]:
    """Return what starts the service; what is left of it is ended."""
    started: list[Served] = []

    def start(*options: str, data: Path | None = None, **more: Any) -> Served:
        served = Served(data or tmp_path / "data", *options, **more)
        started.append(served)
        return served

    yield start
    for served in started:
        if served.process.poll() is None:
            served.end(signal.SIGKILL)
        served.client.close()
        for pipe in (served.process.stdout, served.process.stderr):
            if pipe is not None:
                pipe.close()


class Running:
    """A service that the tests of a module share, each with people of its own."""

    def __init__(self, served: Served) -> None:
        self.served = served
        self.students: list[Student] = []
        self.database = served.open()
        with self.database.begin() as db:
            self.context_id = people.ensure_context(
                db, None, people.LOCAL, "Exercises"
            )

    def student(self, *roles: Role, name: str = "Ada") -> Student:
        """Return somebody new."""
        _, token = someone(self.database, self.context_id, *roles, name=name)
        return self.with_token(token)

    def with_token(self, token: str) -> Student:
        """Return whoever a token stands for."""
        student = Student(self.served.url, token)
        self.students.append(student)
        return student


@pytest.fixture
def open_running() -> Iterator[Any]:
    """Return what makes people of a service; they are forgotten after the test."""
    made: list[Running] = []

    def use(served: Served) -> Running:
        made.append(Running(served))
        return made[-1]

    yield use
    for each in made:
        for student in each.students:
            student.client.close()
        each.database.close()


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def shared_service(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Running]:
    """Return a service of each kind of database."""
    options = []
    if request.param == "postgresql":
        url = request.getfixturevalue("cluster").new_database()
        options = ["--database", url]
    served = Served(tmp_path_factory.mktemp("service") / "data", *options)
    made = Running(served)
    yield made
    made.database.close()
    assert served.end() == ""


@pytest.fixture
def running(shared_service: Running) -> Iterator[Running]:
    """Return a service, and forget the people of a test after it."""
    yield shared_service
    for student in shared_service.students:
        student.client.close()
    shared_service.students.clear()
