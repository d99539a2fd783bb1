"""What goes to standard error is for people: no line of it is a command, and nothing in it acts."""

import io
import logging
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.errors import UsageError
from grader.log import (
    GuardedStream,
    guard_standard_error,
    log_fault,
    reason_of,
    write_to_log,
)
from grader.untrusted import visible

PIECES = st.lists(
    st.sampled_from(
        [
            *(
                "::",
                ":",
                "\n",
                " ",
                "\t",
                "\r",
                "##",
                "#",
                "[",
                "error",
                "x",
                "é",
                "\u2028",
            ),
            *(
                "::error::x",
                "##[group]",
                "##vso[task]",
                "\x1b[31m",
                "\u202e",
                "std::cout",
            ),
        ]
    )
    | st.text(max_size=4),
    max_size=20,
)


def written(pieces: list[str]) -> str:
    """Return what arrives behind a guarded stream that is given these pieces."""
    behind = io.StringIO()
    stream = GuardedStream(behind)
    for piece in pieces:
        stream.write(piece)
    stream.flush()
    return behind.getvalue()


@given(PIECES)
def test_no_line_is_a_command_however_it_is_written(pieces: list[str]) -> None:
    """A command that is written in pieces is none either: a line goes out whole."""
    log = written(pieces)
    assert visible(log) == log
    for line in log.splitlines():
        assert not line.strip().startswith("::")
        assert "##[" not in line
        assert "##vso[" not in line


@given(PIECES)
def test_where_it_is_cut_makes_no_difference(pieces: list[str]) -> None:
    """The same text gives the same log, in one piece or in many."""
    assert written(pieces) == written(["".join(pieces)])


def test_plain_text_passes_as_it_is() -> None:
    """What speaks to people alone is not touched."""
    text = (
        "grader: Müller's convolve.py: a::b is no name\n  indented\n\nlast line"
    )
    assert written([text]) == text


def test_a_line_that_has_only_begun_is_written_at_a_flush() -> None:
    """A question or a progress without a line end does not wait for one."""
    behind = io.StringIO()
    stream = GuardedStream(behind)
    stream.write("working")
    assert behind.getvalue() == ""
    stream.flush()
    assert behind.getvalue() == "working"
    stream.write(" on\n")
    assert behind.getvalue() == "working on\n"


def test_the_guard_is_a_stream_like_the_one_behind() -> None:
    """Whoever looks at it finds the encoding, and no way around it to the bytes."""
    behind = io.TextIOWrapper(
        io.BytesIO(), encoding="latin-1", errors="replace"
    )
    stream = GuardedStream(behind)
    assert (stream.encoding, stream.errors) == ("latin-1", "replace")
    assert stream.writable()
    assert stream.isatty() is False
    assert not hasattr(stream, "buffer")


@pytest.mark.parametrize(
    "name", ["x\n::error::y.py", "\x1b[2J.py", "##[error].py", "\udcff.py"]
)
def test_a_fault_of_ours_is_one_line_that_names_the_file(
    name: str, caplog: pytest.LogCaptureFixture
) -> None:
    """The operator's log holds the reason of what we raise on purpose, without a traceback."""
    log_fault(name, UsageError("solutions/reference.py: it raised\n::error::x"))
    [record] = caplog.records
    assert (record.name, record.levelno) == ("grader", logging.ERROR)
    line = record.getMessage()
    assert line.startswith("grader: ")
    assert line.endswith(
        "not graded: solutions/reference.py: it raised ::error::x"
    )
    assert len(line.splitlines()) == 1
    assert visible(line) == line


def test_a_fault_that_nobody_foresaw_has_its_traceback(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Whoever mends it needs the place; what the exception quotes is still no command."""
    with pytest.raises(KeyError) as caught:
        dict[str, str]()["a\n::add-mask::b"]
    log_fault("s.py", caught.value)
    assert reason_of(caught.value).startswith("KeyError: ")
    [record] = caplog.records
    first, *rest = record.getMessage().splitlines()
    assert first.startswith("grader: s.py: not graded: KeyError")
    assert any("test_log.py" in line for line in rest)
    assert not any(line.strip().startswith("::") for line in rest)


# ---- Standard error


class Terminal(io.StringIO):
    """A stream that says that it is a terminal."""

    def isatty(self) -> bool:
        """Return True."""
        return True


def closed() -> io.StringIO:
    """Return a stream that is closed."""
    stream = io.StringIO()
    stream.close()
    return stream


def test_standard_error_is_guarded_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What is written after the call is no command; a second call changes nothing."""
    behind = io.StringIO()
    monkeypatch.setattr(sys, "stderr", behind)
    guard_standard_error()
    guarded = sys.stderr
    guard_standard_error()
    assert sys.stderr is guarded
    write_to_log("::error::x")
    assert "error" in behind.getvalue()
    assert not behind.getvalue().lstrip().startswith("::")


@pytest.mark.parametrize("stream", [Terminal(), None, closed()])
def test_what_no_runner_reads_is_left_alone(
    stream: io.StringIO | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A terminal keeps its colours; where there is no standard error, there is nothing to guard."""
    monkeypatch.setattr(sys, "stderr", stream)
    guard_standard_error()
    assert sys.stderr is stream


@pytest.mark.parametrize("stream", [None, closed()])
def test_without_standard_error_nothing_fails(
    stream: io.StringIO | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A grade does not depend on whether its log can be written."""
    monkeypatch.setattr(sys, "stderr", stream)
    write_to_log("grader: a line")


def test_a_line_of_the_log_is_written_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whoever follows the log sees a line when it is written, and not when the command ends."""
    behind = io.BytesIO()
    monkeypatch.setattr(sys, "stderr", io.TextIOWrapper(behind))
    write_to_log("a line")
    assert behind.getvalue() == b"a line\n"
