"""What a worker does to itself between the fork and the first line of a student's code. Linux only.

Theory of operation
-------------------
A worker starts as a copy of the template, which is an ordinary process of the user who runs the
grader. `Server._become_worker` then calls, in this order:

1. `drop`. From here on it dies when the template dies, gets no new privileges, and has given up all
   capabilities; root without capabilities is a user who owns root's files. After `undumpable` no
   other process of the user can read its memory.
2. `attach`. Standard input is /dev/null, standard output and error are the output pipe, and
   descriptor 3 is the socket. Every other descriptor of the template is closed.
3. `Ruleset.enforce`: Landlock. From here on the process can open the Python installation for
   reading, its scratch folder, and no other file. It can make no TCP connection, and signal nobody
   outside.
4. `rlimits.enforce`. This is only the second line: the grader's clock, and what it sees in the
   scratch folder, come first.
5. `Filter.load`: seccomp. From here on there is no fork, exec, socket, ptrace, chmod, unlink and so
   on; `execution.syscalls` has the list.

The template prepares all the arguments, because whatever a worker computes for itself costs it
copies of the template's memory. It prepares Landlock's rulesets once for each scratch folder:
adding some 300 rules takes 0.6 ms, enforcing them 0.2 ms. A scratch folder and its ruleset make a
slot, which one worker at a time uses.

Nothing here trusts a version number. A step that fails raises, and then the worker ends before it
has run anything.
"""

import contextlib
import ctypes
import errno
import os
import resource
import signal
import stat
import struct
from collections.abc import Iterable

_libc = ctypes.CDLL(None, use_errno=True)
# Looked up once, here: a worker that did so for itself would copy pages of the template for it.
_syscall = _libc.syscall
_prctl = _libc.prctl
_capset = _libc.capset

# Numbers of system calls, the same on every architecture.
_CLOSE_RANGE = 436
_LANDLOCK_CREATE = 444
_LANDLOCK_ADD = 445
_LANDLOCK_RESTRICT = 446

_VERSION = 1
_RULE_PATH = 1
# LANDLOCK_RESTRICT_SELF_LOG_SAME_EXEC_OFF: a student's attempts do not belong in the audit log.
_QUIET = 1

# Rights to files. What a ruleset handles and no rule allows is refused.
_EXECUTE = 1 << 0
_WRITE = 1 << 1
_READ_FILE = 1 << 2
_READ_DIR = 1 << 3
_MAKE_REG = 1 << 8
_LINK_ELSEWHERE = 1 << 13
_TRUNCATE = 1 << 14
_CONTROL_DEVICES = 1 << 15
_FIRST_ABI = _LINK_ELSEWHERE - 1
"""All rights that the first version of Landlock knows."""
_ADDED = {
    2: _LINK_ELSEWHERE,
    3: _TRUNCATE,
    5: _CONTROL_DEVICES,
}
"""Version of Landlock -> the right that it added."""

# Rights to the network and to other processes, and the versions of Landlock that added them.
_NETWORK_ABI = 4
_BIND_TCP = 1 << 0
_CONNECT_TCP = 1 << 1
_SCOPE_ABI = 6
_ABSTRACT_SOCKETS = 1 << 0
_SIGNALS = 1 << 1
_QUIET_ABI = 7

_SIGKILL = int(signal.SIGKILL)
_PR_SET_PDEATHSIG = 1
_PR_SET_DUMPABLE = 4
_PR_SET_CHILD_SUBREAPER = 36
_PR_SET_NO_NEW_PRIVS = 38
_SECCOMP_SET_MODE_FILTER = 1
_SECCOMP_ACTION_AVAILABLE = 2
_SECCOMP_KILL_PROCESS = 0x80000000
_SPEC_ALLOW = 4

_NUMBER = struct.Struct("=I")
_CAPABILITY_VERSION = 0x20080522
_CAPABILITIES = struct.pack("=Ii", _CAPABILITY_VERSION, 0)
_NO_CAPABILITY = bytes(24)


def _checked(result: int, what: str) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result


# ---------------------------------------------------------------------- Landlock


def landlock_abi() -> int:
    """Return the version of Landlock that this kernel offers; 0 if it offers none."""
    return max(0, int(_syscall(_LANDLOCK_CREATE, None, 0, _VERSION)))


class Ruleset:
    """A Landlock ruleset: what a worker may open. It binds the process that calls `enforce`."""

    def __init__(self, readable: Iterable[str], scratch: str) -> None:
        self._abi = landlock_abi()
        self._files = _FIRST_ABI
        for abi, bit in _ADDED.items():
            if self._abi >= abi:
                self._files |= bit
        words = [self._files]
        if self._abi >= _NETWORK_ABI:
            words.append(_BIND_TCP | _CONNECT_TCP)
        if self._abi >= _SCOPE_ABI:
            words.append(_ABSTRACT_SOCKETS | _SIGNALS)
        attributes = struct.pack(f"={len(words)}Q", *words)
        made = _syscall(_LANDLOCK_CREATE, attributes, len(attributes), 0)
        self._fd = _checked(made, "landlock ruleset")
        for path in readable:
            self._add(path, _READ_FILE | _READ_DIR)
        self._add("/dev/null", _READ_FILE | _WRITE | _TRUNCATE)
        # No removing, no folders, no links. So everything that was written stays where it is
        # counted, and cleaning up is one flat listing.
        self._add(
            scratch, _READ_FILE | _READ_DIR | _WRITE | _TRUNCATE | _MAKE_REG
        )

    def _add(self, path: str, rights: int) -> None:
        try:
            fd = os.open(path, os.O_PATH | os.O_CLOEXEC)
        except OSError:
            return  # a path that does not exist needs no rule
        try:
            if not stat.S_ISDIR(os.fstat(fd).st_mode):
                rights &= _READ_FILE | _WRITE | _TRUNCATE | _EXECUTE
            rule = struct.pack("=Qi", rights & self._files, fd)
            added = _syscall(_LANDLOCK_ADD, self._fd, _RULE_PATH, rule, 0)
            _checked(added, f"landlock rule for {path}")
        finally:
            os.close(fd)

    def fileno(self) -> int:
        """Return the descriptor of the ruleset."""
        return self._fd

    def enforce(self, fd: int) -> None:
        """Bind this process, and all that it starts, by the rules, for good.

        `fd` is the descriptor to which `attach` has moved the ruleset; it is closed.
        """
        flags = _QUIET if self._abi >= _QUIET_ABI else 0
        _checked(_syscall(_LANDLOCK_RESTRICT, fd, flags), "landlock")
        os.close(fd)


# ---------------------------------------------------------------------- seccomp


def filters_work(number: int) -> bool:
    """Whether this kernel lets a process filter its own system calls; it is asked, not tried."""
    action = struct.pack("=I", _SECCOMP_KILL_PROCESS)
    return int(_syscall(number, _SECCOMP_ACTION_AVAILABLE, 0, action)) == 0


class Filter:
    """A seccomp program as libseccomp exported it.

    A worker may signal itself. So `load` writes its own pid where the program has `placeholder`.
    """

    def __init__(
        self,
        program: bytes,
        number: int,
        placeholder: int,
    ) -> None:
        # An instruction is u16 code, u8 jt, u8 jf, u32 k; k is the constant of a comparison.
        own = _NUMBER.pack(placeholder)
        places = range(4, len(program), 8)
        self._own = [at for at in places if program[at : at + 4] == own]
        self._code = ctypes.create_string_buffer(program, len(program))
        self._head = struct.pack(
            "@HP", len(program) // 8, ctypes.addressof(self._code)
        )
        self._seccomp = ctypes.c_long(number)

    def load(self) -> None:
        """Enforce the filter on this process, which has only one thread."""
        pid = os.getpid()
        for at in self._own:
            _NUMBER.pack_into(self._code, at, pid)
        result = _syscall(
            self._seccomp, _SECCOMP_SET_MODE_FILTER, _SPEC_ALLOW, self._head
        )
        _checked(result if result <= 0 else -1, "seccomp")


# ---------------------------------------------------------------------- the rest


def attach(
    socket: int,
    output: int,
    null: int,
    kept: int | None = None,
) -> None:
    """Make descriptors 0 to 3 /dev/null, the output pipe twice, and the socket; close all others.

    If one more is `kept`, it becomes number 4. This must come before Landlock: where Linux has no
    `close_range`, libc looks in /proc for what is open, and aborts if it may not.
    """
    sources = [null, output, output, socket]
    if kept is not None:
        sources.append(kept)
    first = len(sources)
    # First out of the way, beyond all of them: one may stand where another one has to go.
    above = max(first, *sources) + 1
    for place, fd in enumerate(sources):
        os.dup2(fd, above + place)
    for target in range(first):
        os.dup2(above + target, target)
    # Not os.closerange: a Python built for an old libc closes a million numbers one by one.
    if _syscall(_CLOSE_RANGE, first, 0x7FFFFFFF, 0) < 0:
        most = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
        os.closerange(first, most + above + first)


def drop(parent: int) -> None:
    """Give up every privilege for good, and die when the template, `parent`, dies."""
    _checked(_prctl(_PR_SET_PDEATHSIG, _SIGKILL, 0, 0, 0), "death signal")
    if os.getppid() != parent:
        os._exit(0)  # the template died before the line above
    _checked(_prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no new privileges")
    _checked(_capset(_CAPABILITIES, _NO_CAPABILITY), "capabilities")


def adopt_orphans() -> None:
    """Become the parent of descendants that lose theirs."""
    _prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def undumpable() -> None:
    """Keep other processes of the same user from reading this one's memory."""
    _prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def explain(error: BaseException) -> str:
    """Return one line about an error."""
    if isinstance(error, OSError) and error.errno == errno.EMFILE:
        return "no file descriptor is left"
    return f"{type(error).__name__}: {error}"


def kill_quietly(pid: int) -> None:
    """Send SIGKILL to a child that may be gone."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, signal.SIGKILL)
