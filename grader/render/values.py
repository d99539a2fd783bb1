"""What is shown of a case besides arrays: numbers, text, lists, the calls that were made. Pure."""

import itertools
from collections.abc import Iterator
from typing import Any, Final

import msgspec

from grader.model import Details, Verdict
from grader.render.planes import stack_of
from grader.render.written import quoted, written
from grader.untrusted import one_line

_MOST_VALUES: Final = 12
_MOST_LINES: Final = 40
_LINE: Final = 200
_SPLIT: Final = 6
"""Parts of a dict or a tuple that are shown each by itself."""
_BEFORE: Final = 30
_AFTER: Final = 40


class ShownValue(msgspec.Struct, frozen=True, kw_only=True):
    """One value on a line; `marked` is what differs in a text, between `before` and `after`."""

    title: str
    before: str
    marked: str = ""
    after: str = ""

    @property
    def text(self) -> str:
        """The whole line."""
        return self.before + self.marked + self.after


def told_values(details: Details, verdict: Verdict) -> tuple[ShownValue, ...]:
    """Return the values of a case that are not drawn as arrays, the inputs first."""
    if verdict is Verdict.PASSED:
        return ()
    found = itertools.chain(_inputs(details), _results(details))
    return tuple(itertools.islice(found, _MOST_VALUES))


def script_lines(details: Details) -> tuple[str, ...]:
    """Return the calls that were made, as lines of Python."""
    lines = details.script[:_MOST_LINES]
    return tuple(one_line(line, _LINE) for line in lines)


def _inputs(details: Details) -> Iterator[ShownValue]:
    script = " ".join(details.script)
    for name, value in (details.inputs or {}).items():
        if value is None or stack_of(value) is not None:
            continue
        title = one_line(name, 40)
        for part, inner in _parts(title, value):
            is_drawn = stack_of(inner) is not None or inner is None
            if not is_drawn and not _stands_in(part, inner, script):
                yield ShownValue(title=part, before=written(inner))


def _stands_in(title: str, value: Any, script: str) -> bool:  # noqa: ANN401 - JSON
    """Return whether the script has a value as it is, so that it need not be shown again."""
    return f"{title}={written(value)}" in script


def _parts(title: str, value: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - JSON
    """Yield the parts of what is not drawn in one piece, if some of them are."""
    pairs: list[tuple[str, Any]] = []
    if isinstance(value, dict):
        pairs = [(quoted(key, 40), item) for key, item in value.items()]
    elif isinstance(value, list):
        pairs = [(str(place), item) for place, item in enumerate(value)]
    has_arrays = any(isinstance(item, list) for _, item in pairs)
    if not has_arrays or len(pairs) > _SPLIT:
        yield title, value
        return
    for key, item in pairs:
        yield f"{title}[{key}]", item


def _results(details: Details) -> Iterator[ShownValue]:
    """Yield what was expected and what came back, unless an array was expected."""
    if details.expected_type is None:
        return
    expected, actual = details.expected, details.actual
    kinds = details.expected_type, details.actual_type
    if kinds == ("str", "str") and isinstance(expected, str):
        first = (details.first or (0,))[0]
        yield from _texts(expected, str(actual), first)
        return
    if details.sentence is not None:
        yield from _told("one right answer", expected, kinds[0])
    else:
        yield from _told("expected", expected, kinds[0])
    if details.actual_type is not None:
        yield from _told("yours", actual, kinds[1])


def _told(title: str, value: Any, kind: str | None) -> Iterator[ShownValue]:  # noqa: ANN401 - JSON
    if stack_of(value) is not None:
        return
    for part, inner in _parts(title, value):
        if stack_of(inner) is None:
            whole = kind if inner is value else None
            yield ShownValue(title=part, before=written(inner, whole))


def _texts(expected: str, actual: str, first: int) -> Iterator[ShownValue]:
    """Yield two texts with a mark at the first place where they differ."""
    start = max(0, min(first, len(expected), len(actual)) - _BEFORE)
    for title, text in (("expected", expected), ("yours", actual)):
        before = quoted(text[start:first])[:-1]
        if start:
            before = f"...{before}"
        marked = quoted(text[first : first + 1])[1:-1]
        rest = text[first + 1 : first + _AFTER]
        after = quoted(rest)[1:]
        if len(text) > first + _AFTER:
            after += "..."
        yield ShownValue(title=title, before=before, marked=marked, after=after)
