"""A submission is parsed once, whatever else is read in between, and by one thread alone."""

import concurrent.futures

from grader.model import Unit
from grader.submission.program import Program, read_program
from grader.submission.source import ORDINARY


def units(source: str) -> tuple[Unit, ...]:
    """Return the units of a file."""
    return (Unit(source),)


def elsewhere(source: str) -> Program:
    """Read a program in another thread."""
    with concurrent.futures.ThreadPoolExecutor(1) as thread:
        return thread.submit(read_program, units(source)).result()


def test_another_thread_does_not_make_a_thread_parse_again() -> None:
    """What another thread reads in between leaves a thread its own program."""
    own = read_program(units("x = 1\n"))
    elsewhere("y = 2\n")
    assert read_program(units("x = 1\n")) is own


def test_no_thread_gets_the_program_of_another() -> None:
    """The same text is another program in another thread: a program notes what it was asked for."""
    own = read_program(units("x = 1\n"))
    assert elsewhere("x = 1\n") is not own


def test_all_threads_together_keep_no_more_than_one_file() -> None:
    """A large program of another thread takes the place of a thread's own."""
    own = read_program(units("x = 1\n"))
    elsewhere("#" * ORDINARY)
    assert read_program(units("x = 1\n")) is not own
