"""What student code finds: its scratch folder, the Python installation, and nothing else."""

import ast
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.confined import readable_paths
from grader.execution import Runner, open_runner, syscalls
from grader.execution.launch import environment
from tests.execution.conftest import cases, exercise_with, submission

pytestmark = pytest.mark.skipif(
    not hasattr(os, "fork"), reason="only Linux confines"
)
REFUSED = {"PermissionError", "FileNotFoundError", "OSError"}


@pytest.mark.parametrize(
    "body",
    [
        "open('/etc/passwd')",
        "open('/proc/self/status')",
        "open('/proc/self/maps')",
        "os.listdir('/')",
        "os.listdir('/tmp')",
        "os.listdir('..')",
        "open('/etc/hostname')",
        "open('/dev/shm/x', 'w')",
        "open('/tmp/x', 'w')",
        "open('../x', 'w')",
        "os.mkdir('folder')",
        "os.symlink('/etc/passwd', 'link')",
        "os.link(__file__, 'link')",
        "os.mkfifo('pipe')",
        "os.mknod('node')",
        "os.chmod('.', 0o777)",
        "os.chown('.', 1, 1)",
        "os.utime('.')",
        "os.setxattr('.', 'user.x', b'x')",
        "open('x', 'w').close()\nos.remove('x')",
        "open('x', 'w').close()\nos.rename('x', 'y')",
        "os.rmdir('.')",
        "os.open('.', os.O_TMPFILE | os.O_RDWR)",
        "os.memfd_create('x')",
        "os.truncate('/etc/passwd', 0)",
        "socket.socket()",
        "socket.socket(socket.AF_UNIX)",
        "socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)",
        "socket.create_connection(('127.0.0.1', 1))",
        "os.fork()",
        "os.forkpty()",
        "os.posix_spawn('/bin/true', ['true'], {})",
        "os.execv('/bin/true', ['true'])",
        "if os.system('true'): raise PermissionError",
        "import subprocess\nsubprocess.run(['true'])",
        "os.kill(os.getppid(), 0)",
        "os.kill(1, 0)",
        "os.kill(-1, 9)",
        "os.killpg(0, 9)",
        "os.setsid()",
        "os.setpgid(0, 0)",
        "os.nice(5)",
        "os.sched_setaffinity(0, {0})",
        "os.setuid(0)",
        "os.chroot('.')",
        "os.unshare(0x10000000)",
        "os.pidfd_open(os.getppid())",
        "import resource\nresource.prlimit(0, resource.RLIMIT_NOFILE, (10, 10))",
        "import resource\nresource.prlimit(os.getppid(), resource.RLIMIT_CPU, (1, 1))",
        "import fcntl\nfcntl.fcntl(0, fcntl.F_SETOWN, os.getppid())",
        "import fcntl, termios\nfcntl.ioctl(0, termios.TIOCSTI, b'x')",
        "import signal\nsignal.pidfd_send_signal(0, 9)",
        "import multiprocessing\nmultiprocessing.Process(target=print).start()",
        "open(np.__file__, 'a')",
    ],
)
def test_it_is_refused(call: Callable[[str], str], body: str) -> None:
    """Each attempt raises an ordinary OSError in the student's function; nothing else happens."""
    if "unshare" in body and not hasattr(os, "unshare"):
        body = by_libc("unshare(0x10000000)")
    assert call(body) in REFUSED


def by_libc(expression: str) -> str:
    """Return a body that calls libc, and raises PermissionError where that failed."""
    return f"import ctypes\nif ctypes.CDLL(None).{expression}: raise PermissionError"


@pytest.mark.parametrize(
    "expression",
    [
        pytest.param("ptrace(16, os.getppid(), 0, 0)", id="ptrace"),
        pytest.param(
            "syscall(310, os.getppid(), 0, 0, 0, 0, 0) < 0",
            id="process_vm_readv",
        ),
        pytest.param("prctl(1, 0)", id="death signal"),
        pytest.param("personality(0x40000)", id="personality"),
        pytest.param("shmget(0, 4096, 0o1600) < 0", id="shared memory"),
        pytest.param("syscall(425, 8, 0) < 0", id="io_uring"),
    ],
)
def test_it_is_refused_to_c_as_well(
    call: Callable[[str], str], expression: str
) -> None:
    """Calling libc does not help: the filter is the kernel's."""
    assert call(by_libc(expression)) == "PermissionError"


@pytest.mark.parametrize(
    "flags",
    ["0x40000000 | 39", "39"] if os.uname().machine == "x86_64" else ["172"],
)
def test_another_abi_ends_the_process(runner: Runner, flags: str) -> None:
    """A system call of the x32 ABI kills; the ordinary one of the same number is allowed."""
    source = (
        "import ctypes\n"
        f"def convolve(i, k): return i * (ctypes.CDLL(None).syscall({flags}) > 0)"
    )
    outcome = runner.run(submission(source), cases(1)).outcomes[0]
    assert (outcome.kind, outcome.signal) == (
        ("crashed", 31) if "|" in flags else ("returned", None)
    )


def test_nothing_of_the_grader_is_in_reach(runner: Runner) -> None:
    """No variable, descriptor, module, path, frame or object of the trusted side is there."""
    source = """
import gc, os, sys
def convolve(image, kernel):
    print("variables", sorted(name for name in os.environ if name not in {"LD_LIBRARY_PATH"}))
    open_ones = []
    for number in range(64):
        try:
            os.fstat(number)
            open_ones.append(number)
        except OSError:
            pass
    print("descriptors", open_ones)
    usual = {"__name__", "__doc__", "__package__", "__loader__", "__spec__"}
    unusual = sys.modules["__main__"].__dict__.keys() - usual
    print("modules", [name for name in sys.modules if "grader" in name], unusual)
    print("argv", sys.argv)
    for path in sys.path:
        print("path", os.path.basename(path))
    secrets = [one for one in gc.get_objects() if isinstance(one, dict) and "hidden" in one]
    print("configuration", secrets)
    try:
        import grader.model
    except ImportError:
        print("no grader")
    return image
"""
    output = runner.run(submission(source), cases(1)[:1]).output
    assert "descriptors [0, 1, 2, 3]\n" in output
    assert "modules [] set()\n" in output
    assert "argv ['submission.py']\n" in output
    assert "no grader\n" in output
    assert "configuration []\n" in output
    assert set(
        ast.literal_eval(output.partition("\n")[0].removeprefix("variables "))
    ) == set(environment())


def test_forbidden_libraries_cannot_be_read_either(runner: Runner) -> None:
    """Without the import hook, the files of the library are still out of reach."""
    pytest.importorskip("scipy")
    source = (
        "import sys\nsys.meta_path.pop(0)\nimport scipy\n"
        "def convolve(image, kernel): return image"
    )
    skipped = runner.run(submission(source), cases(1)).loading.skipped
    assert [one.line for one in skipped] == [3]


def test_workers_do_not_see_each_other(solutions: Path) -> None:
    """Two workers at once: neither can read the other's folder, nor signal it."""
    source = """
import ast
import os
import shutil
import sys
open("mine", "w").write("x")
def convolve(image, kernel):
    seen = []
    for number in range(9):
        try:
            seen += os.listdir(f"../{number}")
        except OSError:
            pass
    print(seen)
    return image
"""
    from concurrent.futures import ThreadPoolExecutor

    with (
        open_runner(exercise_with(), solutions=solutions) as runner,
        ThreadPoolExecutor(4) as pool,
    ):
        hand_in = submission(source)
        executions = list(
            pool.map(lambda _: runner.run(hand_in, cases(1)), range(8))
        )
    assert {one.output for one in executions} == {"['mine']\n" * 4}


def test_what_is_readable_leaves_out_what_is_hidden(tmp_path: Path) -> None:
    """A folder that holds something hidden is not named; its other entries are, one by one."""
    packages = tmp_path / "lib" / "site-packages"
    for name in (
        "numpy",
        "numpy-2.dist-info",
        "scipy",
        "scipy.libs",
        "scipyx",
        "grader",
        "deep/inner/secret",
    ):
        (packages / name).mkdir(parents=True)
    (packages / "scipy.py").touch()
    found = readable_paths.paths(
        [str(packages)],
        ["scipy"],
        [str(packages / "grader"), str(packages / "deep/inner/secret")],
    )
    inside = {
        str(Path(path).relative_to(packages))
        for path in found
        if path.startswith(str(tmp_path))
    }
    assert inside == {"numpy", "scipyx"}
    for name in ("scipy", "grader"):
        shutil.rmtree(packages / name)
    whole = readable_paths.paths([str(packages)], ["torch"], [])
    assert str(packages) in whole


def test_packages_that_are_not_searched_are_not_readable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of the Python that a virtual environment was made with, only the standard library is."""
    library = tmp_path / "lib" / "python3"
    for name in ("json", "site-packages/scipyish"):
        (library / name).mkdir(parents=True)
    monkeypatch.setattr(readable_paths, "_installation", lambda: [str(library)])
    found = readable_paths.paths([], ["scipy"], [])
    assert [path for path in found if path.startswith(str(tmp_path))] == [
        str(library / "json")
    ]
    assert str(library) in readable_paths.paths(
        [str(library / "site-packages")], ["scipy"], []
    )


def test_the_filter_names_each_call_once() -> None:
    """No call is in two lists, and the program has the placeholder to fill in."""
    inside = vars(syscalls)
    named = [*inside["_conditional"]()]
    for name in ("_ALLOWED", "_REFUSED", "_LINKS", "_FLUSHES"):
        named += inside[name]
    assert len(named) == len(set(named))
    program = syscalls.build()
    assert not isinstance(program, str)
    assert len(program.code) % 8 == 0
    assert syscalls.OWN_PID.to_bytes(4, sys.byteorder) in program.code
