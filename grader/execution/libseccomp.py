"""The functions of libseccomp that build a filter, called with ctypes. Linux only.

The library is looked for under the name that every distribution gives it.
`ctypes.util.find_library`, which asks `ldconfig` and, where that fails, a compiler, is asked only
where that name is unknown.
"""

import ctypes
import functools
import os

_SONAME = "libseccomp.so.2"
_POINTER, _INT, _U32, _TEXT = (
    ctypes.c_void_p,
    ctypes.c_int,
    ctypes.c_uint32,
    ctypes.c_char_p,
)

KILL_PROCESS = 0x80000000
ALLOW = 0x7FFF0000
_ERRNO = 0x00050000
_NATIVE = 0

NE, EQ, MASKED_EQ = 1, 4, 7
"""How an argument is compared."""

BAD_ARCHITECTURE, OPTIMIZE = 2, 8
"""Attributes of a filter."""


class Arg(ctypes.Structure):
    """A comparison of one argument of a system call: its number, how, and one or two values."""

    _fields_ = (
        ("number", ctypes.c_uint),
        ("comparison", ctypes.c_int),
        ("value", ctypes.c_uint64),
        ("second_value", ctypes.c_uint64),
    )


def refuse_with(error: int) -> int:
    """Return the action that makes a system call fail with this error number."""
    return _ERRNO | error


def resolve(name: str) -> int:
    """Return a system call's number; negative where this library or architecture has none."""
    return int(_library().seccomp_syscall_resolve_name(name.encode()))


class Filter:
    """A filter under construction; every method but the last raises OSError where it fails."""

    def __init__(self, default_action: int) -> None:
        self._functions = _library()
        self._context = self._functions.seccomp_init(default_action)
        if self._context is None:
            raise OSError("no filter can be made")

    def set_attribute(self, attribute: int, value: int) -> None:
        """Set an attribute of the filter."""
        _check(
            self._functions.seccomp_attr_set(self._context, attribute, value)
        )

    def add_rule(self, action: int, name: str, *arguments: Arg) -> None:
        """Let a system call have this action where all its arguments compare as given."""
        _check(
            self._functions.seccomp_rule_add_array(
                self._context,
                action,
                resolve(name),
                len(arguments),
                (Arg * len(arguments))(*arguments),
            )
        )

    def export(self, descriptor: int) -> None:
        """Write the filter, as the kernel takes it, to a file."""
        _check(self._functions.seccomp_export_bpf(self._context, descriptor))

    def close(self) -> None:
        """Free the memory."""
        self._functions.seccomp_release(self._context)


def _check(result: int) -> None:
    if result < 0:
        raise OSError(-result, os.strerror(-result))


@functools.cache
def _library() -> ctypes.CDLL:
    """Load the library; OSError where there is none."""
    try:
        library = ctypes.CDLL(_SONAME)
    except OSError:
        from ctypes.util import find_library

        name = find_library("seccomp")
        if name is None:
            raise
        library = ctypes.CDLL(name)
    signatures = {
        "seccomp_init": (_POINTER, (_U32,)),
        "seccomp_release": (None, (_POINTER,)),
        "seccomp_attr_set": (_INT, (_POINTER, _INT, _U32)),
        "seccomp_syscall_resolve_name": (_INT, (_TEXT,)),
        "seccomp_rule_add_array": (
            _INT,
            (_POINTER, _U32, _INT, ctypes.c_uint, _POINTER),
        ),
        "seccomp_export_bpf": (_INT, (_POINTER, _INT)),
    }
    for name, (result, parameters) in signatures.items():
        function = getattr(library, name)
        function.restype, function.argtypes = result, parameters
    return library
