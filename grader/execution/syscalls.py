"""Which system calls a worker may make: a seccomp program, built once on the trusted side.

The program lists what is allowed. A call that it does not name does not exist (ENOSYS), which is
what programs expect to hear from an old kernel. Calls that honest code may try (a socket, a
subprocess, removing a file) are refused with EPERM instead, so that Python raises PermissionError.
System calls of another architecture (32-bit, x32) end the process.

A process may signal itself (`abort` does), but its pid is not known when the program is built. So
the program compares with `OWN_PID`, and `confine.Filter` puts the real pid in its place. A 64-bit
argument is compared as two halves; the lower half is `OWN_PID`, alone in the constant of one
instruction.

Two calls are missing for reasons that are not obvious. `truncate` takes a path, and Landlock knows
it only from version 3 on: on an older kernel (Ubuntu 22.04 has one) a worker could empty every file
of the user whose path it knows. `fallocate` reserves gigabytes at once, before anybody has looked
at the scratch folder; without it libc writes zeros instead.
"""

import contextlib
import errno
import os
import sys
from typing import NamedTuple

from grader.execution import libseccomp
from grader.execution.libseccomp import Arg

OWN_PID = 0x5EC0DE1D

_ALLOWED = """
read write readv writev pread64 pwrite64 preadv pwritev lseek sendfile copy_file_range
close ftruncate umask dup dup2 dup3 pipe pipe2
access faccessat faccessat2 stat lstat fstat newfstatat statx
getcwd chdir fchdir getdents getdents64
select pselect6 poll ppoll epoll_create epoll_create1 epoll_ctl epoll_wait epoll_pwait epoll_pwait2
eventfd eventfd2 timerfd_create timerfd_settime timerfd_gettime
mmap munmap mremap mprotect brk membarrier
rt_sigaction rt_sigprocmask rt_sigreturn rt_sigpending rt_sigtimedwait rt_sigsuspend sigaltstack
restart_syscall pause alarm setitimer getitimer nanosleep gettimeofday time times
set_robust_list rseq set_tid_address exit exit_group wait4 waitid
getpid gettid getppid getpgrp
getuid geteuid getgid getegid getresuid getresgid getgroups
getrandom getrlimit getrusage uname getcpu
sched_yield sched_get_priority_max sched_get_priority_min
""".split()  # noqa: SIM905 - a hundred quotes would hide the words

_REFUSED = """
execve execveat fork vfork
socket connect bind listen accept accept4 sendmsg recvmsg sendmmsg recvmmsg
unlink unlinkat rename renameat renameat2 rmdir mkdir mkdirat
link linkat symlink symlinkat mknod mknodat
chmod fchmod fchmodat fchmodat2 chown fchown lchown fchownat
utime utimes utimensat futimesat
setxattr lsetxattr fsetxattr removexattr lremovexattr fremovexattr
tkill rt_sigqueueinfo rt_tgsigqueueinfo pidfd_send_signal pidfd_open pidfd_getfd
setpgid setsid setpriority setrlimit ioprio_set
sched_setaffinity sched_setparam sched_setscheduler sched_setattr
setuid setgid setreuid setregid setresuid setresgid setgroups setfsuid setfsgid capset personality
ptrace process_vm_readv process_vm_writev process_madvise kcmp perf_event_open bpf userfaultfd
mount umount2 pivot_root chroot unshare setns
fsopen fsmount open_tree move_mount mount_setattr swapon swapoff quotactl acct
keyctl add_key request_key
io_uring_setup io_uring_enter io_uring_register io_setup
memfd_create memfd_secret shmget shmat shmctl semget semop semctl
msgget msgsnd msgrcv msgctl mq_open mq_unlink
inotify_init inotify_init1 fanotify_init name_to_handle_at open_by_handle_at
reboot syslog sethostname setdomainname settimeofday clock_settime adjtimex clock_adjtime
init_module finit_module delete_module kexec_load kexec_file_load
mlock mlock2 mlockall mincore timer_create vhangup sync syncfs flock fadvise64
statfs fstatfs sysinfo
""".split()  # noqa: SIM905 - as above

_LINKS = ("readlink", "readlinkat")
"""Fail with EINVAL, as if nothing were a link: where a link leads may be a secret."""

_FLUSHES = ("fsync", "fdatasync", "msync")
"""Succeed and do nothing: scratch files need not survive, and a flush makes everybody wait."""

_CREATE = 0o100
_UNNAMED = 0o20000000
_OTHERS_RIGHTS = 0o6000
"""S_ISUID and S_ISGID: whoever runs such a file acts as its owner."""
_CLONE_THREAD = 0x00010000
_THREAD = 0x003D0F00
"""The flags of a new thread: it shares memory, descriptors, signals and everything else."""
_DETACHED = 0x00400000
"""Set by musl, and ignored by the kernel."""
_UNSHARE = 2
_OUT_OF_BAND = 1
_AF_UNIX = 1
_OTHERS_CLOCKS = 0x80000000
"""Set in the number of the clock that counts another process's processor time."""
_FUTEX_PRIVATE = 128
_FUTEX_WAKE = 1
_FUTEX_WAITS = (0, 9, 256, 256 + 9)
"""FUTEX_WAIT and FUTEX_WAIT_BITSET, on either clock."""
_FCNTL = (0, 1, 2, 3, 4, 1030, 1032)
"""F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_DUPFD_CLOEXEC, F_GETPIPE_SZ.

Not F_SETPIPE_SZ, which makes pipes large. Not F_SETOWN and F_SETSIG, which send signals to others.
Not locks, nor `flock`: one worker would see what another has locked.
"""
_IOCTL = (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)
"""TCGETS, TIOCGWINSZ, FIONREAD, FIONBIO, FIONCLEX, FIOCLEX."""
_PRCTL = (15, 16)
"""PR_SET_NAME, PR_GET_NAME."""
_MADVISE = (0, 1, 2, 3, 4, 8, 14, 15, 16, 17)
"""About this process's own pages. Not MADV_MERGEABLE and MADV_PAGEOUT: others notice them."""

_LOWER_HALF = 0xFFFFFFFF
_BINARY_TREE = 2
_LONGEST = 1 << 15


class Program(NamedTuple):
    """A seccomp program, and the number of the `seccomp` system call on this architecture."""

    code: bytes
    number: int


class Rule(NamedTuple):
    """What happens to a system call whose arguments compare as given."""

    action: int
    arguments: tuple[Arg, ...]


def build() -> Program | str:
    """Build the seccomp program for a worker, or return one line that says why there is none."""
    if not sys.platform.startswith("linux"):
        return "seccomp exists on Linux only"
    try:
        rules = libseccomp.Filter(libseccomp.refuse_with(errno.ENOSYS))
    except OSError as error:
        return f"libseccomp cannot be used ({error}): install the system's libseccomp2"
    try:
        _fill(rules)
        return Program(_exported(rules), libseccomp.resolve("seccomp"))
    except OSError as error:
        return f"libseccomp could not build the filter: {error}"
    finally:
        rules.close()


def _fill(rules: libseccomp.Filter) -> None:
    rules.set_attribute(libseccomp.BAD_ARCHITECTURE, libseccomp.KILL_PROCESS)
    # An older libseccomp has no such attribute: its filter is the same, and a little slower.
    with contextlib.suppress(OSError):
        rules.set_attribute(libseccomp.OPTIMIZE, _BINARY_TREE)
    for name in _ALLOWED:
        _add(rules, libseccomp.ALLOW, name)
    refused = libseccomp.refuse_with(errno.EPERM)
    for name in _REFUSED:
        _add(rules, refused, name)
    not_a_link = libseccomp.refuse_with(errno.EINVAL)
    done = libseccomp.refuse_with(0)
    for name in _LINKS:
        _add(rules, not_a_link, name)
    for name in _FLUSHES:
        _add(rules, done, name)
    for name, several in _conditional().items():
        for rule in several:
            _add(rules, rule.action, name, *rule.arguments)


def _add(
    rules: libseccomp.Filter,
    action: int,
    name: str,
    *arguments: Arg,
) -> None:
    # A name that this libseccomp or this architecture does not have stays ENOSYS.
    with contextlib.suppress(OSError):
        rules.add_rule(action, name, *arguments)


def _exported(rules: libseccomp.Filter) -> bytes:
    # A program has at most 4096 instructions of 8 bytes, for which any pipe has room.
    reading, writing = os.pipe()
    try:
        rules.export(writing)
        return os.read(reading, _LONGEST)
    finally:
        os.close(reading)
        os.close(writing)


def _equals(number: int, value: int) -> Arg:
    # The kernel reads 32 bits; the upper half is whatever was in the register.
    return Arg(number, libseccomp.MASKED_EQ, _LOWER_HALF, value)


def _bits(
    number: int,
    mask: int,
    value: int,
) -> Arg:
    return Arg(number, libseccomp.MASKED_EQ, mask, value)


def _allow(*arguments: Arg) -> Rule:
    return Rule(libseccomp.ALLOW, arguments)


def _refuse(*arguments: Arg) -> Rule:
    return Rule(libseccomp.refuse_with(errno.EPERM), arguments)


def _one_of(number: int, values: tuple[int, ...]) -> tuple[Rule, ...]:
    return tuple(_allow(_equals(number, value)) for value in values)


def _only(number: int, value: int) -> tuple[Rule, Rule]:
    """Allow one value of a 64-bit argument, and refuse all others."""
    is_it = Arg(number, libseccomp.EQ, value)
    is_not = Arg(number, libseccomp.NE, value)
    return _allow(is_it), _refuse(is_not)


def _conditional() -> dict[str, tuple[Rule, ...]]:
    """Return the rules for system calls that depend on their arguments.

    Where none of the rules for a call fits, it is ENOSYS.
    """
    own = _one_of(0, (0, OWN_PID))
    own_clock = (_allow(_bits(0, _OTHERS_CLOCKS, 0)),)
    no_address = (
        _allow(Arg(4, libseccomp.EQ, 0), _bits(3, _OUT_OF_BAND, 0)),
        _refuse(Arg(4, libseccomp.NE, 0)),
    )
    thread = _LOWER_HALF & ~_DETACHED
    return {
        # A process of its own is refused. A thread with descriptors of its own does not exist: it
        # would have as many of them again, each with kernel memory behind it.
        "clone": (
            _allow(_bits(0, thread, _THREAD)),
            _refuse(_bits(0, _CLONE_THREAD, 0)),
        ),
        "close_range": (_allow(_bits(2, _UNSHARE, 0)),),
        "creat": (_allow(_bits(1, _OTHERS_RIGHTS, 0)),),
        "open": _opening(1),
        "openat": _opening(2),
        "kill": _only(0, OWN_PID),
        "tgkill": _only(0, OWN_PID),
        "prlimit64": (  # to read its own limits, not to set them
            _allow(_equals(0, 0), Arg(2, libseccomp.EQ, 0)),
            _allow(_equals(0, OWN_PID), Arg(2, libseccomp.EQ, 0)),
            _refuse(Arg(2, libseccomp.NE, 0)),
        ),
        "socketpair": _only(0, _AF_UNIX),  # asyncio wakes itself with one
        "sendto": no_address,
        "recvfrom": no_address,
        "prctl": _one_of(0, _PRCTL),
        "ioctl": _one_of(1, _IOCTL),
        "fcntl": _one_of(1, _FCNTL),
        "madvise": _one_of(2, _MADVISE),
        "futex": _futex(),
        "clock_gettime": own_clock,
        "clock_getres": own_clock,
        "clock_nanosleep": own_clock,
        "sched_getaffinity": own,
        "sched_getparam": own,
        "sched_getscheduler": own,
        "getpgid": own,
        "getsid": own,
        "getpriority": (_allow(_equals(0, 0), _equals(1, 0)),),
    }


def _opening(flags: int) -> tuple[Rule, ...]:
    """Return the rules for opening a file; the mode, after the flags, counts if it is created.

    A file without a name would not be seen when the scratch folder is counted.
    """
    either = _CREATE | _UNNAMED
    return (
        _allow(_bits(flags, either, 0)),
        _allow(
            _bits(flags, either, _CREATE), _bits(flags + 1, _OTHERS_RIGHTS, 0)
        ),
        _refuse(_bits(flags, _UNNAMED, _UNNAMED)),
    )


def _futex() -> tuple[Rule, ...]:
    """Return the rules that let threads of this process wait for each other, and nobody else.

    A futex that is not private may lie in a file that all workers have mapped, such as Python
    itself. So waiting there returns at once, as if the value had changed. Programs expect that, and
    try again: the C library waits so for the end of a thread.
    """
    waits = [
        Rule(libseccomp.refuse_with(errno.EAGAIN), (_equals(1, operation),))
        for operation in _FUTEX_WAITS
    ]
    return (
        _allow(_bits(1, _FUTEX_PRIVATE, _FUTEX_PRIVATE)),
        _allow(_equals(1, _FUTEX_WAKE)),
        *waits,
    )
