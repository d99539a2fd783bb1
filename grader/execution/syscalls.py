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
close close_range creat ftruncate fsync fdatasync umask dup dup2 dup3 pipe pipe2
access faccessat faccessat2 stat lstat fstat newfstatat statx statfs fstatfs
readlink readlinkat getcwd chdir fchdir getdents getdents64
select pselect6 poll ppoll epoll_create epoll_create1 epoll_ctl epoll_wait epoll_pwait epoll_pwait2
eventfd eventfd2 timerfd_create timerfd_settime timerfd_gettime
mmap munmap mremap mprotect madvise msync brk membarrier
rt_sigaction rt_sigprocmask rt_sigreturn rt_sigpending rt_sigtimedwait rt_sigsuspend sigaltstack
restart_syscall pause alarm setitimer getitimer nanosleep clock_nanosleep
clock_gettime clock_getres gettimeofday time times
futex futex_waitv set_robust_list get_robust_list rseq set_tid_address
exit exit_group wait4 waitid
getpid gettid getppid getpgrp getpgid getsid
getuid geteuid getgid getegid getresuid getresgid getgroups
getrandom getrlimit getrusage sysinfo uname getcpu getpriority
sched_yield sched_getaffinity sched_getparam sched_getscheduler
sched_get_priority_max sched_get_priority_min
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
""".split()  # noqa: SIM905 - as above

_TMPFILE = 0o20000000
_CLONE_THREAD = 0x00010000
_AF_UNIX = 1
_FCNTL = (0, 1, 2, 3, 4, 1030, 1032)
"""F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_DUPFD_CLOEXEC, F_GETPIPE_SZ.

Not F_SETOWN and F_SETSIG, which send signals to others. Not locks, nor `flock`: one worker would
see what another has locked.
"""
_IOCTL = (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)
"""TCGETS, TIOCGWINSZ, FIONREAD, FIONBIO, FIONCLEX, FIOCLEX."""
_PRCTL = (15, 16)
"""PR_SET_NAME, PR_GET_NAME."""

_LOWER_HALF = 0xFFFFFFFF
_BINARY_TREE = 2
_LONGEST = 1 << 15


class Program(NamedTuple):
    """A seccomp program, and the number of the `seccomp` system call on this architecture."""

    code: bytes
    number: int


class Conditions(NamedTuple):
    """When a system call is allowed, and when refused with EPERM; otherwise it is ENOSYS."""

    allowed: tuple[Arg, ...] = ()
    refused: tuple[Arg, ...] = ()


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
    for name, conditions in _conditions().items():
        for argument in conditions.allowed:
            _add(rules, libseccomp.ALLOW, name, argument)
        for argument in conditions.refused:
            _add(rules, refused, name, argument)


def _add(rules: libseccomp.Filter, action: int, name: str, *arguments: Arg) -> None:
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


def _conditions() -> dict[str, Conditions]:
    """Return the system calls that depend on one argument."""
    equal, other, masked = libseccomp.EQ, libseccomp.NE, libseccomp.MASKED_EQ

    def only(number: int, value: int) -> Conditions:
        return Conditions((Arg(number, equal, value),), (Arg(number, other, value),))

    def flag(number: int, bit: int, *, wanted: bool) -> Conditions:
        is_set, is_clear = Arg(number, masked, bit, bit), Arg(number, masked, bit, 0)
        return (
            Conditions((is_set,), (is_clear,))
            if wanted
            else Conditions((is_clear,), (is_set,))
        )

    def one_of(number: int, values: tuple[int, ...]) -> Conditions:
        # The kernel reads 32 bits of these; the upper half is whatever was in the register.
        return Conditions(
            tuple(Arg(number, masked, _LOWER_HALF, value) for value in values)
        )

    return {
        "clone": flag(0, _CLONE_THREAD, wanted=True),
        # A file without a name would not be seen when the scratch folder is counted.
        "open": flag(1, _TMPFILE, wanted=False),
        "openat": flag(2, _TMPFILE, wanted=False),
        "kill": only(0, OWN_PID),
        "tgkill": only(0, OWN_PID),
        "prlimit64": only(2, 0),  # to read limits, not to set them
        "socketpair": only(0, _AF_UNIX),  # asyncio wakes itself with one
        "sendto": only(4, 0),  # without an address
        "recvfrom": only(4, 0),
        "prctl": one_of(0, _PRCTL),
        "ioctl": one_of(1, _IOCTL),
        "fcntl": one_of(1, _FCNTL),
    }
