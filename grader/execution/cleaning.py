"""Text of a student's process, made harmless and the same each time."""

import functools
import re

from grader import untrusted

_TEXT_CAP = 500

_ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|[@-_])")
_MODULE_FILE = re.compile(r" \((?:/|[A-Za-z]:\\)[^()]*\.(?:py|so|pyd)\)")
"""Where an ImportError found the module that does not have the name."""
_SCRATCH = re.compile(
    r"(?:/[^\s'\"(/]{1,64}){0,8}"
    r"/grader-[0-9a-z_]{8}(?:/(?:[0-9]{1,9}|tmp[0-9a-z_]{8}))?(?![0-9A-Za-z_])"
)
_ADDRESS = re.compile(r"0x[0-9a-fA-F]{6,}")


@functools.lru_cache  # the names of types come again with every answer
def clean(text: str) -> str:
    """Return a student's text for a report: one line, at most 500 characters, the same each time.

    Colours are left out. Memory addresses and scratch folders are replaced, because they differ
    from run to run and a report must not.
    """
    plain = _ANSI.sub("", text[: 2 * _TEXT_CAP])
    return untrusted.one_line(_same_each_time(plain), _TEXT_CAP)


def clean_lines(text: str) -> str:
    """Return what a student's code printed as lines for a report, the same each time."""
    return untrusted.visible(
        _same_each_time(_ANSI.sub("", text)).replace("\t", "    ")
    )


def _same_each_time(text: str) -> str:
    text = _MODULE_FILE.sub("", text)
    return _SCRATCH.sub("(scratch)", _ADDRESS.sub("0x...", text))
