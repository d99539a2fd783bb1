"""Values of every kind cross the wire as what they are, and nothing else does."""

import collections
import enum
import math
import random
import re
import secrets
import struct
import tracemalloc
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from grader.confined import bounds, frames
from grader.confined.bounds import TooLargeError, Unsent
from grader.confined.calls import Calls
from grader.confined.packing import Packer
from grader.confined.unpacking import Unpacker
from grader.confined.values import (
    GENERATORS,
    canonical,
    generator_of,
    state_of,
)
from grader.execution import wire
from grader.model import Outcome, Random

DTYPES = st.sampled_from(sorted(frames.DTYPES)).map(np.dtype)
TEXTS = st.text(st.characters(), max_size=8)
NUMBERS = (
    st.booleans()
    | st.integers()
    | st.integers(-(1 << 80), 1 << 80)
    | st.floats()
    | st.complex_numbers()
)
SCALARS = DTYPES.flatmap(
    lambda dtype: hnp.arrays(dtype, ()).map(lambda array: array[()])
)
ARRAYS = DTYPES.flatmap(
    lambda dtype: hnp.arrays(
        dtype, hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3)
    )
)
PLAIN = st.none() | NUMBERS | TEXTS | st.binary(max_size=8)
KEYS = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | TEXTS
    | st.binary(max_size=4),
    lambda inner: st.lists(inner, max_size=3).map(tuple),
    max_leaves=4,
)
REGULAR = st.tuples(
    st.sampled_from(
        [
            *(st.floats(), st.integers(-9, 9), st.booleans()),
            *(st.complex_numbers(), TEXTS),
        ]
    ),
    st.integers(1, 3),
    st.integers(1, 3),
).flatmap(
    lambda each: st.lists(
        st.lists(each[0], min_size=each[1], max_size=each[1]),
        min_size=each[2],
        max_size=each[2],
    )
)
VALUES = st.recursive(
    PLAIN | SCALARS | ARRAYS | REGULAR,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(KEYS, inner, max_size=4)
    ),
    max_leaves=12,
)


def same(one: Any, other: Any) -> bool:
    """Say whether two values are the same, with their types and the bits of their numbers."""
    if type(one) is not type(other):
        return False
    if isinstance(one, list | tuple):
        pairs = zip(one, other, strict=False)
        return len(one) == len(other) and all(same(*pair) for pair in pairs)
    if isinstance(one, dict):
        keys = same(list(one), list(other))
        return keys and all(same(one[key], other[key]) for key in one)
    return bool(bits(one) == bits(other))


def bits(value: Any) -> Any:
    """Return what tells a number, an array or a text from all others of its type."""
    if isinstance(value, np.ndarray | np.generic):
        return value.dtype, value.shape, value.tobytes()
    if isinstance(value, float):
        return struct.pack("d", value)
    if isinstance(value, complex):
        return struct.pack("dd", value.real, value.imag)
    return value


@settings(deadline=None)
@given(VALUES)
def test_a_value_arrives_as_what_it_was(value: Any) -> None:
    """Types, order of keys, signs of zero, NaN payloads and lone surrogates survive."""
    assert same(canonical(value), value)


@settings(deadline=None)
@given(VALUES)
def test_a_value_is_written_in_one_way(value: Any) -> None:
    """What was read and is written again gives the same bytes: so changed arguments are found."""
    packed = Packer().pack(value)
    assert isinstance(packed, bytes)
    assert Packer().pack(Unpacker(packed).unpack()) == packed


class _Point(NamedTuple):
    x: float
    y: float


class _Colour(enum.IntEnum):
    RED = 1


class _Text(str):
    __slots__ = ()

    def encode(self, *_: object) -> bytes:
        """Lie."""
        return b"lie"

    def __len__(self) -> int:
        return 1 << 40

    def __str__(self) -> str:
        return "lie"


class _Float(float):
    def __float__(self) -> float:
        return 3.0

    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return 0


class _List(list):  # type: ignore[type-arg]
    def __iter__(self) -> Iterator[Any]:
        return iter(["lie"] * 3)

    def __len__(self) -> int:
        return 0

    def __getitem__(self, place: Any) -> Any:
        return "lie"


class _Tuple(tuple):  # type: ignore[type-arg]
    __slots__ = ()
    __iter__ = _List.__iter__
    __len__ = _List.__len__


class _Dict(dict):  # type: ignore[type-arg]
    def items(self) -> Any:
        return [("lie", 1)]

    def __len__(self) -> int:
        return 7

    def __iter__(self) -> Iterator[Any]:
        return iter("lie")


class _Bytes(bytes):
    def __getitem__(self, place: Any) -> Any:
        return b"lie"

    def __len__(self) -> int:
        return 1


class _Array(np.ndarray):
    def view(self, *_: Any, **__: Any) -> Any:
        return np.ones(9)

    def tobytes(self, *_: Any, **__: Any) -> bytes:
        return b"lie"


class _Claims:
    """Says that it is a list of one number."""

    __class__: Any = property(lambda _: list)

    def __len__(self) -> int:
        return 1

    def __iter__(self) -> Iterator[float]:
        return iter([1.0])

    def __array__(self, *_: Any, **__: Any) -> Any:
        return np.ones(1)


class _Meta(type):
    """A class whose classes are equal to any other."""

    def __eq__(cls, other: object) -> bool:
        return True

    def __hash__(cls) -> int:
        return hash(float)


class _Equal(metaclass=_Meta):
    def __float__(self) -> float:
        return 2.0

    def __len__(self) -> int:
        return 2


class _Key(str):
    """A text whose hash and whose equality are its own."""

    __slots__ = ()

    def __hash__(self) -> int:
        return id(self)

    def __eq__(self, other: object) -> bool:
        return self is other


@pytest.mark.parametrize(
    ("value", "sent"),
    [
        (_Point(1, 2.0), (1, 2.0)),
        (_Colour.RED, 1),
        (_Text("true"), "true"),
        (_Float(2.5), 2.5),
        (_List([1, "two"]), [1, "two"]),
        (_Tuple((1, "two")), (1, "two")),
        (_Dict(a=1), {"a": 1}),
        (_Bytes(b"true"), b"true"),
        (np.zeros(2).view(_Array), np.zeros(2)),
        ([_Float(2.5), 1.5], [2.5, 1.5]),
        (collections.OrderedDict(b=1, a=2), {"b": 1, "a": 2}),
        (collections.defaultdict(int, {1: 2}), {1: 2}),
        (collections.Counter("aab"), {"a": 2, "b": 1}),
        (np.str_("text"), "text"),
        (np.bytes_(b"text"), b"text"),
        ({np.str_("key"): 1, np.int64(2): 3}, {"key": 1, np.int64(2): 3}),
        ({(1, _Text("a")): 1}, {(1, "a"): 1}),
        ({_Key("a"): 1}, {"a": 1}),
        (np.longdouble(1.5), np.float64(1.5)),
        (np.clongdouble(1j), np.complex128(1j)),
        (np.ma.masked_array([1.0, 2.0], [True, False]), np.array([1.0, 2.0])),
        (np.ones(2, ">f4"), np.ones(2, "<f4")),
        (np.ones(2, ">c8"), np.ones(2, "<c8")),
        (np.ones(2, np.longdouble), np.ones(2)),
        (np.ones(2, np.clongdouble), np.ones(2, complex)),
        (np.ones((3, 2), order="F"), np.ones((3, 2))),
    ],
)
def test_a_subclass_is_sent_as_its_base_whatever_it_says(
    value: Any, sent: Any
) -> None:
    """No method of the object is asked: namedtuples are tuples, numbers of enums are ints."""
    assert same(canonical(value), sent)


@pytest.mark.parametrize(
    ("value", "type_name", "dtype"),
    [
        ({1, 2}, "set", ""),
        pytest.param(iter([1]), "list_iterator", "", id="an iterator"),
        (_Claims(), "_Claims", ""),
        (_Equal(), "_Equal", ""),
        (_Meta, "type", ""),
        (range(3), "range", ""),
        (math.sin, "builtin_function_or_method", ""),
        (np.random.default_rng(1), "Generator", ""),
        (np.array(["a"]), "ndarray", "<U1"),
        (np.array([None]), "ndarray", "object"),
        (np.datetime64("2026-01-01"), "datetime64", "datetime64[D]"),
        ({frozenset(): 1}, "dict with a key of type frozenset", ""),
        ({(1, frozenset()): 1}, "dict with a key of type tuple", ""),
        ({1j: 1}, "dict with a key of type complex", ""),
        ({_Key("a"): 1, _Key("a"): 2}, "dict with equal keys", ""),
    ],
    ids=lambda value: str(value)[:30],
)
def test_what_is_no_value_is_named_and_not_sent(
    value: Any, type_name: str, dtype: str
) -> None:
    """At the root and inside; the trusted side's own values must not hold any."""
    assert Packer().pack(value) == Unsent(type_name, dtype)
    found = canonical([1.0, {"a": value}], Unsent)
    assert found == [1.0, {"a": Unsent(type_name, dtype)}]
    what = f"an array of {dtype}" if dtype else f"a value of type {type_name}"
    for one in (value, (value,)):
        with pytest.raises(ValueError, match="cannot be sent") as raised:
            canonical(one)
        assert str(raised.value) == f"{what} cannot be sent"


def _itself() -> list[Any]:
    found: list[Any] = []
    found.append(found)
    return found


def _deep(levels: int, *inner: Any) -> Any:
    found: Any = list(inner)
    for _ in range(levels - 1):
        found = [found]
    return found


def _branching() -> Any:
    found: Any = [1, "a"]
    for _ in range(30):
        found = [found, found]
    return found


HUGE = 100 << 20


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (_itself(), "is nested more than 32 levels deep"),
        (_deep(33), "is nested more than 32 levels deep"),
        (_deep(33, 1.0), "is nested more than 32 levels deep"),
        (_deep(10_000, 1.0), "is nested more than 32 levels deep"),
        ({"a": _deep(32)}, "is nested more than 32 levels deep"),
        (_branching(), "has more than 262,144 parts"),
        ([0] * (bounds.PARTS + 1), "has more than 262,144 parts"),
        ([[0.5] * 512] * 513, "has more than 262,144 parts"),
        (
            dict.fromkeys(range(1_000_000)),
            "has more than 262,144 parts",
        ),
        (
            dict.fromkeys(range(bounds.KEYS + 1)),
            "has more than 4,096 keys that are not text",
        ),
        (
            [dict.fromkeys(range(bounds.KEYS // 2 + 1))] * 2,
            "has more than 4,096 keys that are not text",
        ),
        ("a" * HUGE, "is too large to send: more than 4 MB"),
        (b"a" * HUGE, "is too large to send: more than 4 MB"),
        ("\u20ac" * (2 << 20), "is too large to send: more than 4 MB"),
        (["a" * (1 << 20)] * 5, "is too large to send: more than 4 MB"),
        (1 << 4_000_000, "holds a whole number of more than 4,300 digits"),
        (-(1 << 14284), "holds a whole number of more than 4,300 digits"),
        (np.zeros((1024, 513)), "is too large to send: shape (1024, 513)"),
        (
            [np.zeros((512, 512))] * 3,
            "is too large to send: shape (512, 512)",
        ),
    ],
    ids=lambda value: value[:40] if type(value) is str else "",
)
def test_what_is_too_large_is_told_in_a_sentence(value: Any, why: str) -> None:
    """Whatever the object is, nothing of its size is copied before it is refused."""
    tracemalloc.start()
    with pytest.raises(TooLargeError) as raised:
        canonical(value)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert str(raised.value) == f"it {why}"
    assert peak < 64 << 20


@pytest.mark.parametrize(
    "value",
    [
        _deep(32),
        _deep(32, 1.0, 2.0),
        [0] * bounds.PARTS,
        [[0.5] * 511] * 512,
        {str(number): None for number in range(bounds.KEYS + 1)},
        dict.fromkeys(range(bounds.KEYS)),
        (1 << 14284) - 1,
        -(1 << 14284) + 1,
        "a" * (bounds.BYTES - 5),
        np.zeros((1024, 512)),
    ],
    ids=range(10),
)
def test_what_is_at_a_bound_is_sent(value: Any) -> None:
    """One less than too much is a value like any other."""
    assert same(canonical(value), value)


@pytest.mark.parametrize(
    ("number", "size"),
    [
        (0.5, 8),
        (7, 8),
        (True, 1),
        (1j, 16),
        (np.float32(0.5), 4),
        (np.bool_(True), 1),
        (np.complex64(1j), 8),
        (np.int8(1), 1),
    ],
)
def test_a_picture_as_nested_lists_is_written_at_once(
    number: Any, size: int
) -> None:
    """200 rows of 200 numbers of one type take what the numbers take, and a little more."""
    picture = [[number] * 200] * 200
    packed = Packer().pack(picture)
    assert isinstance(packed, bytes)
    assert len(packed) < size * 200 * 200 + 30
    assert same(Unpacker(packed).unpack(), picture)
    long = [[1, 2], [3, 1 << 64]]
    assert same(canonical(long), long)


@pytest.mark.parametrize(
    "words",
    [
        ["one", "", "two", "two"],
        (("a", "b"), ("c", "d")),
        [["\u00e9", "\U0001f600"], ["\ud800", "\udc00"], ["\udc00", "\ud800"]],
        ["a" * (bounds.BYTES - 20)],
    ],
    ids=range(4),
)
def test_words_are_written_at_once(words: Any) -> None:
    """Lists of text take a byte a text more than the text, and arrive as what they were."""
    packed = Packer().pack(words)
    assert isinstance(packed, bytes)
    assert packed.startswith(b"w")
    assert same(Unpacker(packed).unpack(), words)


@pytest.mark.parametrize("words", [["a", "b\0c"], ["\0"], [["", "\0\0"]]])
def test_words_with_the_separator_are_written_one_by_one(words: Any) -> None:
    """U+0000 stands between one text and the next: what holds it is told apart all the same."""
    assert same(canonical(words), words)
    keys = {word: [word] for word in words if isinstance(word, str)}
    assert same(canonical(keys), keys)


def test_keys_that_are_text_are_written_at_once() -> None:
    """Those of a dict with other keys, or of a subclass of `str`, are written one by one."""

    class Key(str):
        __slots__ = ()

    for keys, tag in (
        (["w", "b", ""], b"k"),
        (["w", b"b"], b"d"),
        (["w", Key("b")], b"d"),
        ([], b"d"),
    ):
        value = dict.fromkeys(keys, 0.5)
        packed = Packer().pack(value)
        assert isinstance(packed, bytes)
        assert packed.startswith(tag)
        assert list(Unpacker(packed).unpack()) == list(map(plain, keys))


def plain(key: Any) -> Any:
    """Return a key as the class that it is sent as."""
    return str.__str__(key) if isinstance(key, str) else key


def test_words_of_other_types_are_written_one_by_one() -> None:
    """A subclass of `str` may say any length of itself; it is sent as the text that it holds."""

    class Liar(str):
        __slots__ = ()

        def __len__(self) -> int:
            return 1

    assert same(canonical([Liar("word"), "a"]), ["word", "a"])
    assert same(canonical(["a", b"b", None]), ["a", b"b", None])


def test_the_longest_int_can_be_written_out() -> None:
    """Python refuses to write more than 4300 digits, and whoever shows a value must not fail."""
    assert len(str((1 << bounds.INT_BITS) - 1)) == 4300


# ---- The way back


def text(value: str) -> bytes:
    """Write text with its length before it."""
    return struct.pack("!I", len(value)) + value.encode()


REASONS = {
    "Python has no number of that dtype",
    "a key of a dict comes twice",
    "a key of a dict is of no kind that keys can be",
    "a level is neither a list nor a tuple",
    "a value has too many parts",
    "a value is cut short",
    "a value is nested too deep",
    "a value is of no known dtype",
    "a value is of no known kind",
    "an array is cut short",
    "an array's size is not what its header says",
    "an int is too long",
    "there are not as many texts as they say",
    "there are bytes after a value",
    "there is no list and no tuple",
}
"""All that can be said about bytes that are no value."""
NPY = frames.pack_array(np.eye(2))
MANY = struct.pack("!I", 0xFFFFFFFF)
ONE = struct.pack("!I", 1)
TWO = struct.pack("!I", 2)
NONE = struct.pack("!I", 0)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "an array is cut short"),
        (b"x", "of no known kind: b'x'"),
        (b"u" + text("set") + text(""), "of no known kind: b'u'"),
        (b"r" + text("PCG64") + text("{}"), "of no known kind: b'r'"),
        (b"e" + NONE, "of no known kind: b'e'"),
        (b"NN", "bytes after a value"),
        (b"f\0", "cut short"),
        (b"c" + bytes(15), "cut short"),
        (b"s" + MANY + b"a", "cut short"),
        (b"s" + ONE + b"\xff", "decode"),
        (b"b" + TWO + b"a", "cut short"),
        (b"i" + MANY, "an int is too long"),
        (b"i" + struct.pack("!I", 1787) + bytes(1787), "an int is too long"),
        (
            b"i" + struct.pack("!I", 1786) + bytes(1785) + b"\x7f",
            "an int is too long",
        ),
        (b"n" + b"\x0e" + bytes(8), "of no known dtype"),
        (b"n" + b"\x0b" + bytes(7), "cut short"),
        (b"a" + struct.pack("!I", len(NPY)) + NPY[:-1], "cut short"),
        (b"a" + struct.pack("!I", len(NPY) - 1) + NPY[:-1], "an array's size"),
        (b"l" + MANY, "too many parts"),
        (b"l" + struct.pack("!I", bounds.PARTS), "cut short"),
        (b"l" + struct.pack("!I", bounds.PARTS + 1), "too many parts"),
        (b"d" + struct.pack("!I", bounds.PARTS // 2 + 1), "too many parts"),
        ((b"l" + ONE) * 33 + b"N", "nested too deep"),
        ((b"t" + ONE) * 33 + b"N", "nested too deep"),
        ((b"d" + ONE + b"N") * 33 + b"N", "nested too deep"),
        (b"d" + TWO + b"s" + text("a") + b"Ns" + text("a") + b"N", "twice"),
        (b"d" + TWO + b"TNi" + ONE + b"\x01N", "twice"),
        (b"d" + ONE + b"l" + NONE + b"N", "of no kind that keys can be"),
        (b"d" + ONE + b"t" + ONE + b"l" + NONE + b"N", "of no kind that keys"),
        (
            b"d" + ONE + b"a" + struct.pack("!I", len(NPY)) + NPY + b"N",
            "of no kind that keys can be",
        ),
        (b"p" + b"\0" + b"\x0b", "there is no list and no tuple"),
        (b"p" + b"\1" + b"d" + ONE + b"\x0b" + bytes(8), "neither a list nor"),
        (b"p" + b"\1" + b"l" + NONE + b"\x0b", "neither a list nor a tuple"),
        (b"p" + b"\1" + b"l" + ONE + b"\x0b" + bytes(7), "cut short"),
        (b"p" + b"\1" + b"l" + ONE + b"\x0a" + bytes(4), "no number of that"),
        (b"q" + b"\1" + b"l" + ONE + b"\x0e" + bytes(4), "no known dtype"),
        (b"p" + b"\x21" + (b"l" + ONE) * 33 + b"\x0b" + bytes(8), "too deep"),
        (b"p" + b"\2" + (b"l" + MANY) * 2 + b"\x0b", "too many parts"),
        (
            b"p" + b"\2" + b"l" + struct.pack("!I", bounds.PARTS) + b"l" + ONE,
            "too many parts",
        ),
        (b"w" + b"\0" + text(""), "there is no list and no tuple"),
        (b"w" + b"\1" + b"l" + NONE + text(""), "neither a list nor a tuple"),
        (b"w" + b"\1" + b"l" + TWO + ONE, "cut short"),
        (b"w" + b"\1" + b"l" + ONE + b"\0\0", "cut short"),
        (b"w" + b"\1" + b"l" + ONE + MANY + b"a", "cut short"),
        (b"w" + b"\1" + b"l" + TWO + text("a"), "not as many texts as they"),
        (b"w" + b"\1" + b"l" + ONE + text("a\0b"), "not as many texts as"),
        (b"w" + b"\1" + b"l" + ONE + ONE + b"\xff", "decode"),
        (b"w" + b"\2" + (b"l" + MANY) * 2, "too many parts"),
        (b"w" + b"\x21" + (b"l" + ONE) * 33 + text("a"), "too deep"),
        (b"k" + MANY, "too many parts"),
        (b"k" + NONE + text(""), "not as many texts as they say"),
        (b"k" + TWO + text("a") + b"NN", "not as many texts as they say"),
        (b"k" + ONE + text("a\0b") + b"N", "not as many texts as they say"),
        (b"k" + TWO + text("a\0a") + b"NN", "twice"),
        (b"k" + TWO + text("a\0b") + b"N", "cut short"),
        (b"k" + ONE + ONE + b"\xffN", "decode"),
        ((b"k" + ONE + text("a")) * 33 + b"N", "nested too deep"),
    ],
)
def test_bytes_that_lie_are_refused_before_memory_is_taken(
    data: bytes, why: str
) -> None:
    """No count is believed: what is made is made of what was received."""
    tracemalloc.start()
    with pytest.raises(ValueError, match=re.escape(why)) as raised:
        Unpacker(data).unpack()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert str(raised.value).split(": b'")[0] in REASONS or why == "decode"
    assert peak < 4 << 20


def test_keys_that_are_slow_to_look_up_are_few() -> None:
    """All of these have one hash; with a million of them a dict would take a day."""
    colliding = (number * ((1 << 61) - 1) for number in range(bounds.KEYS + 1))
    pairs = b"".join(
        b"i" + struct.pack("!I", 10) + key.to_bytes(10, "little") + b"N"
        for key in colliding
    )
    most = struct.pack("!I", bounds.KEYS)
    more = struct.pack("!I", bounds.KEYS + 1)
    assert len(Unpacker(b"d" + most + pairs[: 16 * bounds.KEYS]).unpack()) > 0
    why = r"^there are too many keys that are not text$"
    with pytest.raises(ValueError, match=why):
        Unpacker(b"d" + more + pairs).unpack()


def seeds() -> list[bytes]:
    """Return one value of each kind, as bytes."""
    values: list[Any] = [
        [None, True, 7, 2.5, 1j, "text", b"bytes", np.float32(1)],
        {"w": np.eye(2), 2: (1, "a"), (3, None): [], 2.5: {}},
        {"w": np.eye(2), "b": 0.5, "": [{"loss": 1 << 70}]},
        [[1.0, 2.0], [3.0, 4.0]],
        ((1, 2), (3, 4)),
        [np.int8(1), np.int8(2)],
        [[[["deep"]]], np.zeros((0, 3))],
        [("one", "two"), ("\u00e9", "")],
    ]
    packed = [Packer().pack(value) for value in values]
    assert all(isinstance(each, bytes) for each in packed)
    return packed  # type: ignore[return-value]


def test_any_bytes_give_a_value_or_a_reason() -> None:
    """Whatever is changed in good bytes, there is a value that can be sent, or a ValueError."""
    numbers, good = random.Random(3), seeds()  # noqa: S311 - it must be the same each time
    read = 0
    for _ in range(20_000):
        data = bytearray(numbers.choice(good))
        for _ in range(numbers.randrange(1, 4)):
            at = numbers.randrange(len(data) + 1)
            match numbers.randrange(4):
                case 0:
                    data[at : at + 1] = bytes((numbers.randrange(256),))
                case 1:
                    del data[at : at + numbers.randrange(6)]
                case 2:
                    data[at:at] = data[at : at + numbers.randrange(20)]
                case _:
                    data[at : at + 1] = numbers.choice(
                        b"NTFifcsbnaltdkpqw"
                    ).to_bytes()
        try:
            value = Unpacker(bytes(data)).unpack()
        except ValueError:
            continue
        read += 1
        assert same(canonical(value), value)
    assert read > 1000


@settings(deadline=None)
@given(st.binary(max_size=100))
def test_noise_gives_a_value_or_a_reason(data: bytes) -> None:
    """Raw bytes too, and after the tag of each kind."""
    tags = (b"l" + ONE, b"d" + ONE, b"k" + ONE, b"p\1l" + TWO, b"i" + TWO)
    for tag in (b"", *tags, b"n"):
        try:
            value = Unpacker(tag + data).unpack()
        except ValueError:
            continue
        assert same(canonical(value), value)


# ---- Random generators


@pytest.mark.parametrize("kind", GENERATORS)
def test_a_random_generator_travels_as_its_state(kind: str) -> None:
    """It goes on where it was, halves of numbers that were drawn included."""
    first = np.random.Generator(getattr(np.random, kind)(3))
    first.random(5)
    first.integers(9, dtype=np.uint32)
    second = generator_of(*state_of(first))
    assert first.random(9).tolist() == second.random(9).tolist()
    assert first.integers(99, dtype=np.uint32) == second.integers(
        99, dtype=np.uint32
    )


def test_a_worker_calls_with_the_generator_that_it_was_sent() -> None:
    """A call draws the numbers that it draws on the trusted side."""
    sent = Random(*state_of(np.random.default_rng(3)))
    request = wire.call_request("t", (sent,))
    calls = Calls({"draw": lambda made: made.random(4)}, "draw", {})
    reply = calls.answer(*frames.unpack_frame(request))
    outcome = wire.decode(reply, "t", 1)
    assert isinstance(outcome, Outcome)
    assert isinstance(outcome.value, np.ndarray)
    drawn = np.random.default_rng(3).random(4)
    assert outcome.value.tolist() == drawn.tolist()


def test_only_the_generators_of_numpy_travel() -> None:
    """A bit generator of another kind is refused in words, on both sides."""

    class Own(np.random.PCG64):
        pass

    Own.__name__ = "PCG64"
    with pytest.raises(
        ValueError, match=r"^a random generator of kind PCG64 cannot be sent$"
    ):
        state_of(np.random.Generator(Own(1)))
    with pytest.raises(
        ValueError, match=r"^there is no random generator of kind os$"
    ):
        generator_of("os", "{}")


def test_making_a_generator_draws_no_seed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What a student's own generators give does not depend on how many came as arguments."""
    kind, state = state_of(np.random.default_rng(1))
    drawn: list[int] = []
    monkeypatch.setattr(secrets, "randbits", drawn.append)
    generator_of(kind, state)
    assert drawn == []
