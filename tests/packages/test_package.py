"""What every artifact has and has not, whatever the platform."""

import base64
import hashlib
import io
import re
import shutil
import zipfile
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from grader.cases import DEFAULT_SECRET
from grader.errors import UsageError
from grader.exercise import load_exercise
from grader.packaging.artifacts import package
from grader.packaging.wheel import requirements, wheel
from grader.platforms import ARTIFACTS

Make = Callable[..., Path]
EXERCISE = Path(__file__).parents[2] / "exercises" / "convolution"
ROOT = Path(__file__).parents[2]
JUPYTERLITES_OWN = re.compile(r"(?:.*/)?(?:build|extensions|static)/")
HOSTS = re.compile(
    rb"pypi\.|docker\.io|ghcr\.io|quay\.io|registry\.|index-url|mcr\.|amazonaws",
    re.IGNORECASE,
)


def contents(path: Path) -> dict[str, bytes]:
    """Return every file of an artifact, also those in archives, but not those in the wheel."""
    if path.is_file():
        files = {path.name: path.read_bytes()}
    else:
        files = {
            file.relative_to(path).as_posix(): file.read_bytes()
            for file in path.rglob("*")
            if file.is_file()
        }
    for name, data in list(files.items()):
        if name.endswith("question.xml"):
            support = etree.fromstring(data).findtext(".//testcases/file")
            files |= {
                f"{name}/{inner}": text
                for inner, text in unzip(base64.b64decode(support)).items()
            }
            files[name] = data.replace(support.encode(), b"")
        if name.endswith(".zip"):
            files |= unzip(files.pop(name))
    return files


def unzip(data: bytes) -> dict[str, bytes]:
    """Return the files of an archive."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(params=ARTIFACTS)
def platform(request: pytest.FixtureRequest) -> str:
    """Return each platform in turn."""
    return str(request.param)


def test_every_artifact_has_the_exact_versions(
    platform: str, make: Make
) -> None:
    """Each artifact has the wheel of the running grader, and a pin for everything it needs."""
    files = contents(make(platform, "artifact"))
    carried = wheel()[1]
    wheels = {data for path, data in files.items() if path.endswith(".whl")}
    if platform == "jupyterlite":
        # It carries JupyterLite's own wheels too, and Pyodide brings the rest.
        assert carried in wheels
        return
    assert wheels == {carried}
    pins = {
        text
        for path, text in files.items()
        if path.endswith("requirements.txt")
    }
    assert pins == {requirements().encode()}


def test_the_secret_is_in_none_unless_given(platform: str, make: Make) -> None:
    """Without a secret none is written; with one it is in the hidden half alone."""
    assert not [
        path
        for path in contents(make(platform, "without"))
        if path.endswith("secret")
    ]
    found = [
        path
        for path, data in contents(
            make(platform, "with", secret=b"secret-of-these-tests")
        ).items()
        if b"secret-of-these-tests" in data
    ]
    assert all(Path(path).name == "secret" for path in found)
    assert bool(found) == (
        platform not in {"students", "nbgrader", "jupyterlite"}
    )


def test_no_artifact_reaches_back(platform: str, make: Make) -> None:
    """No file names a registry or a path of this machine, so the platform's own settings hold."""
    for path, data in contents(make(platform, "artifact")).items():
        if not path.endswith(".whl") and not JUPYTERLITES_OWN.match(path):
            assert not HOSTS.search(data), path
            assert str(Path(__file__).parents[2]).encode() not in data, path
            assert not re.search(rb"@[A-Z]{3,}@", data), path


def test_packages_of_the_exercise_are_installed_too(
    make: Make, tmp_path: Path
) -> None:
    """`packages` in exercise.toml are pinned beside what the grader needs."""
    exercise = tmp_path / "exercises" / "convolution"
    shutil.copytree(ROOT / "exercises" / "convolution", exercise)
    settings = exercise / "exercise.toml"
    text = settings.read_text("utf-8")
    settings.write_text(f'packages = ["Hypothesis"]\n{text}', "utf-8")
    folder = make("students", "download", exercise)
    pins = (folder / "requirements.txt").read_text()
    assert f"hypothesis=={metadata.version('hypothesis')}\n" in pins


def test_the_same_exercise_gives_the_same_bytes(
    platform: str, make: Make
) -> None:
    """Two builds are equal, so that a diff of two artifacts shows what changed."""
    assert contents(make(platform, "one")) == contents(make(platform, "two"))


def test_the_wheel_is_whole() -> None:
    """RECORD lists every file with its hash; the public exercise is inside, nothing hidden is."""
    name, data = wheel()
    files = unzip(data)
    info = name.removesuffix("-py3-none-any.whl") + ".dist-info"
    rows = [
        row.split(",") for row in files[f"{info}/RECORD"].decode().splitlines()
    ]
    assert {row[0] for row in rows} == set(files)
    for path, digest, size in rows:
        if digest:
            expected = (
                base64.urlsafe_b64encode(hashlib.sha256(files[path]).digest())
                .rstrip(b"=")
                .decode()
            )
            assert (digest, int(size)) == (
                f"sha256={expected}",
                len(files[path]),
            )
    assert {
        "grader/cli/__init__.py",
        "grader/exercises/convolution/exercise.toml",
        f"{info}/METADATA",
        f"{info}/WHEEL",
    } <= set(files)
    assert not [
        path
        for path in files
        if path.startswith(("solutions/", "tests/")) or "__pycache__" in path
    ]
    assert {
        "grader/platforms/junit/junit-10.xsd",
        "grader/packaging/install.sh",
    } <= set(files)
    assert b"pytest11" in files[f"{info}/entry_points.txt"]


def test_requirements_are_what_is_installed_here() -> None:
    """Each line is an exact version, the one that this process runs with."""
    pins = dict(line.split("==") for line in requirements().splitlines())
    assert {
        "numpy",
        "msgspec",
        "nbclient",
        "ipykernel",
        "click",
        "jupyter-client",
    } <= set(pins)
    assert all(
        metadata.version(name) == version for name, version in pins.items()
    )
    assert not {"pytest", "ruff", "exercise-grader"} & set(pins)


def test_an_installed_grader_packages_itself(
    machine: Any, open_folder: Path, place: Any
) -> None:
    """Without a checkout, an artifact is made from the installation and has the same files."""
    solutions = place(Path(__file__).parents[2] / "solutions", "/graders")
    out = place(open_folder, "/autograder")
    program = (
        "import sys; from grader.cli import main; sys.exit(main(sys.argv[1:]))"
    )
    command = [
        f"{machine.venv.path}/bin/python",
        "-I",
        "-c",
        program,
        "package",
        "gradescope",
    ]
    exercises = place(EXERCISE.parent, "/grade")
    named = [
        "--exercise",
        exercises / EXERCISE.name,
        "--solutions",
        solutions.path,
    ]
    done = machine.run(
        [*command, *named, "--output", out / "a.zip"], exercises, solutions, out
    )
    assert done.returncode == 0, done.stderr
    files = contents(open_folder / "a.zip")
    (inner,) = [
        unzip(data) for path, data in files.items() if path.endswith(".whl")
    ]
    assert set(inner) == set(unzip(wheel()[1]))


def test_what_is_in_the_way_is_said_in_one_line(
    make: Make, tmp_path: Path
) -> None:
    """An unknown platform, a path in the way and a missing hidden half each get one clear line."""
    exercise = load_exercise(EXERCISE)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "x").write_text("x")
    for platform, solutions, output, said in (
        ("moodle", None, tmp_path / "a", "choose one of gradescope"),
        ("students", None, tmp_path / "full", "is not empty"),
        ("students", None, tmp_path / "full" / "x", "is a file"),
        (
            "gradescope",
            tmp_path / "nowhere",
            tmp_path / "a.zip",
            "no such folder",
        ),
    ):
        with pytest.raises(UsageError, match=said):
            package(platform, exercise, solutions, output)
    with pytest.raises(
        UsageError, match="github has no grading image; prairielearn"
    ):
        make("github", "x", image="registry.example.org/x")
    with pytest.raises(UsageError, match="no secret to include"):
        make("gradescope", "x.zip", secret=DEFAULT_SECRET)
    assert make("gradescope", "plain").name == "plain.zip"
    assert zipfile.is_zipfile(make("students", "download.zip"))
