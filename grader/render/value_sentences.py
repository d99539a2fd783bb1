"""The sentences about a part of a result, and about values that are not arrays. Pure."""

from typing import Final

from grader.model import Details
from grader.render.numbers import size, two_numbers
from grader.render.words import NUMBERS
from grader.render.written import exact, quoted, written
from grader.untrusted import one_line
from grader.vocabulary import count

_KINDS: Final = {
    "bool": "True or False",
    "int": "a whole number",
    "float": "a number",
    "complex": "a complex number",
    "str": "text",
    "bytes": "bytes",
    "list": "a list",
    "tuple": "a tuple",
    "dict": "a dict",
    "ndarray": "a NumPy array",
    "NoneType": "None",
    "Random": "a random generator",
}
_LONG: Final = 60
_SPECIAL: Final = ("nan", "inf", "-inf")
_TRUTH: Final = ("bool", "bool_")
_WHOLE: Final = ("int", "uint")


def is_of_values(details: Details) -> bool:
    """Return whether this is about something other than an array that is the whole result."""
    return details.part is not None or details.expected_type is not None


def is_of_a_leaf(details: Details) -> bool:
    """Return whether this is about one number, one text or another thing without parts."""
    return details.expected_type not in (None, "list", "tuple", "dict")


def subject(details: Details, otherwise: str = "Your result") -> str:
    """Return what a sentence is about, as its first words."""
    if details.part is None:
        return otherwise
    part = one_line(details.part, 200)
    return part[:1].upper() + part[1:]


def a_kind(name: str | None) -> str:
    """Return a type in words."""
    shown = one_line(name or "unknown", 60)
    if shown in _KINDS:
        return _KINDS[shown]
    if shown in NUMBERS:
        return f"a single number ({shown})"
    return f"an object of type {shown}"


def wrong_kind(details: Details) -> str:
    """Return that a value has the wrong type."""
    actual, wanted = details.actual_type, details.expected_type or "ndarray"
    should = a_kind(wanted)
    if wanted == "ndarray" and details.expected_shape:
        should += f" of size {size(details.expected_shape)}"
    if wanted == "NoneType":
        should = "None: nothing is to be returned"
    if details.rung == "dtype":
        return _wrong_number(details)
    if details.part is not None:
        return f"{subject(details)} is {a_kind(actual)}, but it should be {should}."
    if actual == "NoneType":
        return f"Your function returns nothing (None), but it should return {should}."
    found = a_kind(actual)
    if actual == "set" and wanted in ("list", "tuple"):
        found += ", which has no order"
    return f"Your function returns {found}, but it should return {should}{_way_to(details)}."


def _way_to(details: Details) -> str:
    """Return how to make the right type, where that is all that it takes."""
    ways = {
        (
            "list",
            "tuple",
        ): ": return a, b makes a tuple of two",
        ("tuple", "list"): ": list(...) makes one of it",
        ("ndarray", "list"): ": .tolist() makes one of it",
    }
    return ways.get(
        (details.actual_type or "", details.expected_type or ""), ""
    )


def _wrong_number(details: Details) -> str:
    """Return that a number is of the wrong kind: a truth value, a fraction, complex."""
    wanted = details.expected_type or ""
    given = details.actual_dtype or ""
    it_is = f"{subject(details)} is "
    if details.actual is not None and not isinstance(details.actual, list):
        it_is += f"{written(details.actual, details.actual_type)}, which is "
    if wanted.startswith(_TRUTH):
        return f"{it_is}a number, but it should be True or False."
    if given.startswith("bool"):
        return f"{it_is}True or False, but it should be a number."
    if given.startswith("complex"):
        return f"{it_is}complex, but it should be a real number."
    return f"{it_is}of type {a_kind_of(given)}, but it should be a whole number (int)."


def a_kind_of(dtype: str) -> str:
    """Return a dtype as it is shown."""
    return one_line(dtype or "unknown", 40)


def wrong_length(details: Details) -> str:
    """Return that a list or a tuple has too many items or too few, and where they first differ."""
    wanted = count(details.expected_length or 0, "item")
    given = details.actual_length or 0
    kind = "tuple" if details.expected_type == "tuple" else "list"
    who = subject(details, f"Your {kind}")
    said = f"{who} has {count(given, 'item')}, but it should have {wanted}."
    place = (details.first or (0,))[0]
    yours, right = _item(details.actual, place), _item(details.expected, place)
    if yours is None and right is None:
        return said
    if yours is None:
        return f"{said} It ends before item {place}, which should be {right}."
    if right is None:
        return f"{said} Item {place}, {yours}, is one too many."
    return f"{said} The first that differs is item {place}: yours is {yours}, expected {right}."


def _item(value: object, place: int) -> str | None:
    """Return an item of a list as text; None where it has none, or none that is short."""
    if not isinstance(value, list) or not 0 <= place < len(value):
        return None
    said = written(value[place])
    return said if len(said) <= _LONG and said != "..." else None


def wrong_keys(details: Details) -> str:
    """Return which keys a dict lacks, and which it should not have."""
    who = subject(details, "Your dict")
    parts = []
    if details.missing:
        parts.append(f"lacks {_keys(details.missing)}")
    if details.unexpected:
        parts.append(
            f"has {_keys(details.unexpected)}, which should not be there"
        )
    return f"{who} {' and '.join(parts) or 'has other keys than it should'}."


def _keys(keys: tuple[str, ...]) -> str:
    shown = [f"`{one_line(key, _LONG)}`" for key in keys[:4]]
    more = len(keys) - len(shown)
    rest = f" and {more} more" if more else ""
    noun = "the key" if len(keys) == 1 else "the keys"
    return f"{noun} {', '.join(shown)}{rest}"


def wrong_value(details: Details) -> str:
    """Return that a number or a text is another than expected."""
    if details.expected_type == "str" and isinstance(
        details.expected_value, str
    ):
        return _wrong_text(details)
    yours, right = _two(details)
    return f"{subject(details)}{_is(details)} {yours}, expected {right}."


def _is(details: Details) -> str:
    """Return the verb: a part with a name of its own has a value, it is not one."""
    named = details.part is not None and details.part.startswith("`")
    return ": yours is" if named else " is"


def _two(details: Details) -> tuple[str, str]:
    """Return both values as text, with as many digits as it takes to tell them apart."""
    given, wanted = details.actual_value, details.expected_value
    if given is None and wanted is None:
        given, wanted = details.actual, details.expected
        kinds = details.actual_type, details.expected_type
        return written(given, kinds[0]), written(wanted, kinds[1])
    plain = (
        isinstance(one, bool | int) or one is None for one in (given, wanted)
    )
    if all(plain):
        return _plain(given), _plain(wanted)
    yours, right = two_numbers(given, wanted)
    if isinstance(given, bool | int):
        yours = _plain(given)
    if isinstance(wanted, bool | int):
        right = _plain(wanted)
    return yours, right


def _plain(value: object) -> str:
    is_whole = isinstance(value, int) and not isinstance(value, bool)
    return exact(value) if is_whole else str(value)  # type: ignore[arg-type] # just asked


def _wrong_text(details: Details) -> str:
    yours = str(details.actual_value or "")
    right = str(details.expected_value or "")
    place = (details.first or (0,))[0]
    said = f"{subject(details)}{_is(details)} {quoted(yours)}, expected {quoted(right)}."
    is_short = len(yours) + len(right) <= _LONG
    if is_short and not yours.endswith("...") and not right.endswith("..."):
        return said
    return (
        f"{subject(details)} differs from character {place} on: "
        f"yours has {quoted(yours)} there, expected {quoted(right)}."
    )


def of_check(details: Details) -> str:
    """Return what the exercise's own check says, and about what."""
    said = one_line(details.sentence or "", 500)
    if details.part is None:
        return said
    return f"{subject(details)}: {said[:1].lower()}{said[1:]}"
