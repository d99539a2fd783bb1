"""The CodeRunner question, expanded and run as Moodle and Jobe do.

That is: as another user, in one folder, with limits and without network.
"""

import base64
import contextlib
import io
import json
import os
import socket
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from lxml import etree

from grader.platforms import schema

Make = Callable[..., Path]


def twig(template: str, answer: str) -> str:
    """Expand the variable as Twig does: `e('py')` escapes backslashes and double quotes."""
    marker = "{{ STUDENT_ANSWER | e('py') }}"
    assert (
        template.count("{{")
        == template.count("}}")
        == template.count(marker)
        == 1
    )
    assert "{%" not in template
    assert "{#" not in template
    return template.replace(
        marker, answer.replace("\\", "\\\\").replace('"', '\\"')
    )


def with_changes(bundle: bytes, changed: dict[str, str]) -> bytes:
    """Return an archive with the content of some files changed, by the stem of their name."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(bundle)) as old,
        zipfile.ZipFile(buffer, "w") as new,
    ):
        for name in old.namelist():
            text = changed.get(Path(name).stem)
            new.writestr(name, old.read(name) if text is None else text)
    return buffer.getvalue()


@contextlib.contextmanager
def system_log(folder: Path) -> Iterator[tuple[Path, Callable[[], str]]]:
    """Listen as a system log does; give the socket's path and a function that returns the log."""
    path = folder / "log"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(path))
        path.chmod(0o777)
        listening.setblocking(False)

        def received() -> str:
            lines = []
            with contextlib.suppress(BlockingIOError):
                while True:
                    lines.append(listening.recv(4096).decode())
            return "\n".join(lines)

        yield path, received
    path.unlink()


@pytest.fixture
def jobe(
    machine: Any,
    make: Make,
    open_folder: Path,
    pip_env: dict[str, str],
    place: Any,
) -> Any:
    """Install as jobe/install.sh does; return a function that runs one submission."""
    question = etree.parse(make("coderunner", "question.xml")).find("question")
    (support,) = question.findall("testcases/file")
    assert support.get("name") == "grader.zip"
    bundled = base64.b64decode(support.text)
    bundle = open_folder / "server"
    with zipfile.ZipFile(io.BytesIO(bundled)) as archive:
        archive.extractall(bundle)
    server = place(bundle, "/graders")
    done = machine.run(
        ["bash", server / "install.sh", machine.venv.path],
        server,
        env=pip_env,
        network=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr
    user = 64321 if os.geteuid() == 0 else None

    def run(answer: str, log: Path | None = None, **changed: str) -> Any:
        """Run one answer, with files of the bundle changed, and this socket as the system log."""
        work = open_folder / "work"
        work.mkdir(exist_ok=True)
        files = {"grader.zip": with_changes(bundled, changed)}
        (work / "prog.python3").write_text(
            twig(question.findtext("template"), answer), encoding="utf-8"
        )
        for name, data in files.items():
            (work / name).write_bytes(data)
        if user is not None:
            for path in (work, *work.iterdir()):
                os.chown(path, user, user)
        memory = int(question.findtext("memlimitmb"))
        processes = json.loads(question.findtext("sandboxparams"))["numprocs"]
        limits = (
            f"ulimit -v {memory * 1024} -u {processes} -f 409600 -c 0"
            if user is not None
            else ""
        )
        command = (
            ["python3", "-E", "prog.python3"]
            if user is None
            else ["bash", "-c", f"{limits}\nexec python3 -E prog.python3"]
        )
        return machine.run(
            command,
            cwd=str(work),
            user=user,
            env={
                "PATH": os.environ["PATH"],
                "HOME": str(work),
                "GRADER_LOG": str(log or open_folder / "no-log"),
            },
        )

    return run


def test_coderunner_grades(jobe: Any, submissions: dict[str, str]) -> None:
    """Each submission gets its fraction, as valid JSON and nothing else on either output."""
    fractions = {}
    for name, text in submissions.items():
        finished = jobe(text)
        assert (finished.returncode, finished.stderr) == (0, "")
        result = json.loads(finished.stdout)
        jsonschema.validate(result, json.loads(schema("coderunner")))
        fractions[name] = result["fraction"]
    assert fractions == {
        "right": 1.0,
        "wrong": 0.0,
        "broken": 0.0,
        "hostile": 0.0,
    }


def test_coderunner_keeps_every_character_of_an_answer(
    jobe: Any, submissions: dict[str, str]
) -> None:
    """Quotes, backslashes and braces survive Twig: a right answer full of them is right."""
    nasty = (
        submissions["right"]
        + '\nTEXT = """{{ x }} {% if %} \\n \\\\ \\" é"""\n'
        + "OTHER = '\\'\\\\'\n"
    )
    assert json.loads(jobe(nasty).stdout)["fraction"] == 1.0


def test_coderunner_tells_its_own_faults(
    jobe: Any, machine: Any, submissions: dict[str, str]
) -> None:
    """Without the grader on the server there is no mark and no penalty, and a line says why."""
    hidden = machine.venv.host.with_name("away")
    (machine.venv.host / "bin").rename(hidden)
    try:
        finished = jobe(submissions["right"])
    finally:
        hidden.rename(machine.venv.host / "bin")
    assert (finished.returncode, finished.stderr) == (0, "")
    result = json.loads(finished.stdout)
    assert "fraction" not in result
    assert "jobe/install.sh" in result["prologuehtml"]


def test_coderunner_logs_why_nothing_was_graded(
    jobe: Any, submissions: dict[str, str], open_folder: Path
) -> None:
    """The reason is in the Jobe server's system log; the student reads none of it."""
    broken = (
        "def convolve(image, kernel):\n    raise KeyError('of the operator')\n"
    )
    with system_log(open_folder) as (log, received):
        finished = jobe(submissions["right"], log, reference=broken)
        said = received()
    assert (finished.returncode, finished.stderr) == (0, "")
    assert "fraction" not in json.loads(finished.stdout)
    assert "operator" not in finished.stdout
    assert "<11>exercise-grader: grader: convolve.py: not graded: " in said
    assert "KeyError" in said


def test_coderunner_has_a_sample_answer_that_moodle_checks(
    jobe: Any, make: Make, machine: Any
) -> None:
    """Saving the question runs it: full marks here, and none on a server without the grader."""
    question = etree.parse(make("coderunner", "sample.xml")).find("question")
    assert question.findtext("validateonsave") == "1"
    answer = question.findtext("answer")
    assert json.loads(jobe(answer).stdout)["fraction"] == 1.0
    hidden = machine.venv.host.with_name("away")
    (machine.venv.host / "bin").rename(hidden)
    try:
        assert "fraction" not in json.loads(jobe(answer).stdout)
    finally:
        hidden.rename(machine.venv.host / "bin")


def test_coderunner_question_is_whole(make: Make) -> None:
    """The importer finds a combinator template grader, a test case, the stub and a file."""
    folder = make("coderunner", "folder")
    question = etree.parse(folder / "question.xml").find("question")
    assert question.get("type") == "coderunner"
    fields = {
        name: question.findtext(name)
        for name in (
            "coderunnertype",
            "grader",
            "iscombinatortemplate",
            "language",
        )
    }
    assert fields == {
        "coderunnertype": "python3",
        "grader": "TemplateGrader",
        "iscombinatortemplate": "1",
        "language": "python3",
    }
    assert len(question.findall("testcases/testcase")) == 1
    assert "def convolve" in question.findtext("answerpreload")
    assert (folder / "jobe" / "install.sh").is_file()
