"""Which system calls a worker may make, as a seccomp program that the trusted side builds once with libseccomp.

It is a list of what is allowed. A call that it does not name does not exist (ENOSYS), which is what
programs are prepared to hear from an old kernel. Those that a student's honest code may try (a
socket, a subprocess, removing a file) are refused with EPERM instead, so that Python says
PermissionError. System calls of another architecture (32-bit, x32) end the process.

A process may signal itself (`abort` does), but its pid is not known when the program is built: the
comparison is made with `OWN_PID`, and `confine.Filter` puts the real one in. 64-bit arguments are
compared as two halves, of which the lower holds the placeholder and stands alone in the constant of
one instruction.

Two calls are missing for reasons that do not show. `truncate` takes a path, and Landlock knows of
it only from version 3 on: with an older kernel (Ubuntu 22.04 has one) a worker could cut to nothing
every file of the user whose path it knows. `fallocate` reserves gigabytes in no time, before
anybody has looked at the scratch folder; libc then writes instead.
"""

import contextlib
import errno
import importlib
import sys
import tempfile
from types import ModuleType
from typing import NamedTuple

OWN_PID = 0x5EC0DE1D

_ALLOWED = """
read write readv writev pread64 pwrite64 preadv pwritev close close_range lseek creat access
faccessat faccessat2 stat lstat fstat newfstatat statx statfs fstatfs readlink readlinkat getcwd chdir fchdir
getdents getdents64 ftruncate fsync fdatasync sendfile copy_file_range umask dup
dup2 dup3 pipe pipe2 select pselect6 poll ppoll epoll_create epoll_create1 epoll_ctl epoll_wait epoll_pwait
epoll_pwait2 eventfd eventfd2 timerfd_create timerfd_settime timerfd_gettime mmap munmap mremap mprotect madvise
msync brk membarrier rt_sigaction rt_sigprocmask rt_sigreturn rt_sigpending rt_sigtimedwait rt_sigsuspend
sigaltstack restart_syscall pause alarm setitimer getitimer nanosleep clock_nanosleep clock_gettime clock_getres
gettimeofday time times futex futex_waitv set_robust_list get_robust_list rseq set_tid_address exit exit_group wait4
waitid getpid gettid getppid getpgrp getpgid getsid getuid geteuid getgid getegid getresuid getresgid getgroups
getrandom getrlimit getrusage sysinfo uname getcpu getpriority sched_yield sched_getaffinity sched_getparam
sched_getscheduler sched_get_priority_max sched_get_priority_min
""".split()  # noqa: SIM905 - a hundred quotes would hide the words

_REFUSED = """
execve execveat fork vfork socket connect bind listen accept accept4 sendmsg recvmsg sendmmsg recvmmsg unlink
unlinkat rename renameat renameat2 rmdir mkdir mkdirat link linkat symlink symlinkat mknod mknodat chmod fchmod
fchmodat fchmodat2 chown fchown lchown fchownat utime utimes utimensat futimesat setxattr lsetxattr fsetxattr
removexattr lremovexattr fremovexattr tkill rt_sigqueueinfo rt_tgsigqueueinfo pidfd_send_signal pidfd_open
pidfd_getfd setpgid setsid setpriority setrlimit sched_setaffinity sched_setparam sched_setscheduler sched_setattr
ioprio_set setuid setgid setreuid setregid setresuid setresgid setgroups setfsuid setfsgid capset personality ptrace
process_vm_readv process_vm_writev process_madvise kcmp perf_event_open bpf userfaultfd mount umount2 pivot_root
chroot unshare setns fsopen fsmount open_tree move_mount mount_setattr swapon swapoff keyctl add_key request_key
io_uring_setup io_uring_enter io_uring_register io_setup memfd_create memfd_secret shmget shmat shmctl semget semop
semctl msgget msgsnd msgrcv msgctl mq_open mq_unlink inotify_init inotify_init1 fanotify_init name_to_handle_at
open_by_handle_at acct quotactl reboot syslog sethostname setdomainname settimeofday clock_settime adjtimex
clock_adjtime init_module finit_module delete_module kexec_load kexec_file_load mlock mlock2 mlockall timer_create
vhangup sync syncfs flock fadvise64 mincore
""".split()  # noqa: SIM905 - a hundred quotes would hide the words

_TMPFILE = 0o20000000
_CLONE_THREAD = 0x00010000
_AF_UNIX = 1
_FCNTL = (0, 1, 2, 3, 4, 1030, 1032)
"""No F_SETOWN, F_SETSIG: they send signals to others. No locks, as no flock: what one worker locks another one sees."""
_IOCTL = (
    0x5401,
    0x5413,
    0x541B,
    0x5421,
    0x5450,
    0x5451,
)  # TCGETS, TIOCGWINSZ, FIONREAD, FIONBIO, FIONCLEX, FIOCLEX
_PRCTL = (15, 16)  # PR_SET_NAME, PR_GET_NAME

_LOWER_HALF = 0xFFFFFFFF
_ACT_BADARCH, _OPTIMIZE = 2, 8
_BINARY_TREE = 2


class Program(NamedTuple):
    """A seccomp program, and the number of the `seccomp` system call on this architecture."""

    code: bytes
    number: int


def build() -> Program | str:
    """Build the seccomp program for a worker, or one line that says why there is none on this machine."""
    if not sys.platform.startswith("linux"):
        return "seccomp exists on Linux only"
    try:
        # Finding the library is part of the import, and raises RuntimeError.
        seccomp = importlib.import_module("pyseccomp")
    except (ImportError, RuntimeError, OSError) as error:
        return f"libseccomp cannot be used ({error}): install pyseccomp and the system's libseccomp2"
    try:
        return _build(seccomp)
    except OSError as error:
        return f"libseccomp could not build the filter: {error}"


def _build(seccomp: ModuleType) -> Program:
    rules = seccomp.SyscallFilter(seccomp.ERRNO(errno.ENOSYS))

    def add(action: int, name: str, *arguments: object) -> None:
        # A name that this libseccomp or this architecture has not is unknown to the kernel's filter
        # too: ENOSYS.
        with contextlib.suppress(OSError, ValueError):
            rules.add_rule(action, name, *arguments)

    rules.set_attr(_ACT_BADARCH, seccomp.KILL_PROCESS)
    with contextlib.suppress(
        OSError, ValueError
    ):  # an older libseccomp: the same filter, a little slower
        rules.set_attr(_OPTIMIZE, _BINARY_TREE)
    refuse = seccomp.ERRNO(errno.EPERM)
    for name in _ALLOWED:
        add(seccomp.ALLOW, name)
    for name in _REFUSED:
        add(refuse, name)
    for name, (good, bad) in _conditions(seccomp).items():
        for argument in good:
            add(seccomp.ALLOW, name, argument)
        for argument in bad:
            add(refuse, name, argument)
    with tempfile.TemporaryFile() as file:
        rules.export_bpf(file)
        file.seek(0)
        return Program(
            file.read(), seccomp.resolve_syscall(seccomp.system_arch(), "seccomp")
        )


def _conditions(seccomp: ModuleType) -> dict[str, tuple[list[object], list[object]]]:
    """Give the calls that depend on one argument: what is neither allowed nor refused with EPERM is ENOSYS."""
    arg, equal, other, masked = seccomp.Arg, seccomp.EQ, seccomp.NE, seccomp.MASKED_EQ
    return {
        "clone": (
            [arg(0, masked, _CLONE_THREAD, _CLONE_THREAD)],
            [arg(0, masked, _CLONE_THREAD, 0)],
        ),
        # A file without a name would not be seen when the scratch folder is counted.
        "open": ([arg(1, masked, _TMPFILE, 0)], [arg(1, masked, _TMPFILE, _TMPFILE)]),
        "openat": ([arg(2, masked, _TMPFILE, 0)], [arg(2, masked, _TMPFILE, _TMPFILE)]),
        "kill": ([arg(0, equal, OWN_PID)], [arg(0, other, OWN_PID)]),
        "tgkill": ([arg(0, equal, OWN_PID)], [arg(0, other, OWN_PID)]),
        "prlimit64": ([arg(2, equal, 0)], [arg(2, other, 0)]),  # to read, not to set
        "socketpair": (
            [arg(0, equal, _AF_UNIX)],
            [arg(0, other, _AF_UNIX)],
        ),  # asyncio wakes itself with one
        "sendto": ([arg(4, equal, 0)], [arg(4, other, 0)]),  # without an address
        "recvfrom": ([arg(4, equal, 0)], [arg(4, other, 0)]),
        # The kernel reads 32 bits of these; the upper half is whatever was in the register.
        "prctl": ([arg(0, masked, _LOWER_HALF, option) for option in _PRCTL], []),
        "ioctl": ([arg(1, masked, _LOWER_HALF, request) for request in _IOCTL], []),
        "fcntl": ([arg(1, masked, _LOWER_HALF, command) for command in _FCNTL], []),
    }
