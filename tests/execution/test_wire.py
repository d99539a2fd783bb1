"""The wire: what is sent arrives, and whatever bytes arrive, there is a record and no exception."""

import random
import resource
import struct
import sys
import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from grader.confined import bounds, frames
from grader.confined.packing import Packer, packed_unsent
from grader.confined.values import state_of
from grader.confined.worker import Connection
from grader.execution import cleaning, wire
from grader.model import Call, Earlier, Loading, Outcome, Random, Still, Unsent
from tests.confined.test_values import same
from tests.execution.conftest import exercise_with, submission

TOKEN = "ab" * wire.TOKEN_BYTES
RECORDS = (Loading, Outcome, wire.Ran, wire.Probed, Still, wire.Unreadable)
FUZZED = 1_000_000

dtypes = st.sampled_from(
    [
        np.dtype(name)
        for name in (
            "?",
            "i1",
            "u1",
            "<i2",
            "<i8",
            "<u4",
            "<f2",
            "<f4",
            "<f8",
            "<c16",
        )
    ]
)
arrays = dtypes.flatmap(
    lambda dtype: hnp.arrays(
        dtype, hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=5)
    )
)
texts = st.text(max_size=60)


def returned(
    result: np.ndarray | None, arguments: list[np.ndarray], **changed: object
) -> bytes:
    """Make a reply as a worker writes it."""
    header = {
        "op": "returned",
        "token": TOKEN,
        "type_name": "ndarray",
        "dtype": None,
        "value": result is not None,
    }
    return frames.pack_frame(
        {**header, **changed},
        [*([] if result is None else [result]), *arguments],
    )


@settings(deadline=None)
@given(arrays)
def test_an_array_arrives_as_it_was_sent(array: np.ndarray) -> None:
    """Values, dtype, shape and NaN payloads survive; the copy is writable and owns its memory."""
    copy = frames.unpack_array(frames.pack_array(array))
    assert copy.dtype == array.dtype
    assert copy.shape == array.shape
    assert copy.tobytes() == array.tobytes()
    assert copy.flags.owndata
    assert copy.flags.writeable


@settings(deadline=None)
@given(hnp.arrays(np.float64, (3, 4)))
def test_layout_does_not_matter(array: np.ndarray) -> None:
    """Fortran order, reversed and strided views arrive with the same values."""
    for view in (np.asfortranarray(array), array[::-1], array[:, ::2], array.T):
        assert (
            frames.unpack_array(frames.pack_array(view)).tobytes()
            == np.ascontiguousarray(view).tobytes()
        )


def test_numpy_reads_what_is_written() -> None:
    """A payload is a real .npy file, and a real .npy file in either order is a payload."""
    import io

    array = np.arange(12.0).reshape(3, 4)
    assert (
        np.load(io.BytesIO(frames.pack_array(array)), allow_pickle=False)
        == array
    ).all()
    for source in (array, np.asfortranarray(array)):
        file = io.BytesIO()
        np.save(file, source)
        assert (frames.unpack_array(file.getvalue()) == array).all()


@settings(deadline=None)
@given(st.none() | arrays, st.lists(arrays, max_size=3))
def test_an_outcome_arrives(
    value: np.ndarray | None, arguments: list[np.ndarray]
) -> None:
    """The result and the arguments that a call has changed are where they belong."""
    outcome = wire.decode(returned(value, arguments), TOKEN, len(arguments))
    assert isinstance(outcome, Outcome)
    assert outcome.kind == "returned"
    assert (outcome.value is None) == (value is None)
    assert [one.tobytes() for one in outcome.args_after or ()] == [
        one.tobytes() for one in arguments
    ]


@settings(deadline=None)
@given(texts, texts, st.none() | st.integers(1, 1000))
def test_an_exception_arrives(
    kind: str, message: str, line: int | None
) -> None:
    """Any text a worker can send in JSON is accepted, and none of it can control a terminal."""
    error = {"type": kind, "message": message, "line": line, "cell": None}
    data = frames.pack_frame({"op": "raised", "token": TOKEN, "error": error})
    outcome = wire.decode(data, TOKEN, 2)
    if isinstance(outcome, wire.Unreadable):
        assert any("\ud800" <= letter <= "\udfff" for letter in kind + message)
        return
    assert isinstance(outcome, Outcome)
    assert outcome.raised is not None
    assert outcome.raised.line == line
    assert (
        outcome.raised.message.isprintable()
        or max(outcome.raised.message) >= "\u00a0"
    )
    assert "\x1b" not in outcome.raised.message


def test_a_connection_carries_requests() -> None:
    """A worker reads what the trusted side writes, however it is cut."""
    import os

    reading, writing = os.pipe()
    os.write(
        writing,
        wire.call_request(TOKEN, (np.eye(3), np.ones((2, 2), np.int64))),
    )
    request = wire.load_request(
        TOKEN, exercise_with(), submission("a = 1"), definitions_only=False
    )
    os.write(writing, request)
    os.close(writing)
    connection = Connection(reading, -1)
    first, second, third = (
        connection.receive(),
        connection.receive(),
        connection.receive(),
    )
    os.close(reading)
    assert first is not None
    assert second is not None
    assert third is None
    assert [
        array.dtype.kind
        for array in frames.split_payload(first[0]["frames"], first[1])
    ] == ["f", "i"]
    assert second[0]["units"] == [["a = 1", None]]


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("a\r\nb\tc", "a b c"),
        ("null\0 bell\7", "null\\x00 bell\\x07"),
        ("<object at 0x7f3a12345678>", "<object at 0x...>"),
        ("\u202eright to left", "\\u202eright to left"),
        ("\ud800", "\\ud800"),
        ("x" * 10_000, "x" * 497 + "..."),
    ],
)
def test_text_is_made_harmless(text: str, clean: str) -> None:
    """No control character, escape sequence, direction mark, surrogate or address gets through."""
    assert cleaning.clean(text) == clean


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"GRD1",
        b"XXXX" + bytes(100),
        frames.PREFIX.pack(frames.MAGIC, 1 << 31, 0),
        frames.PREFIX.pack(frames.MAGIC, 2, 1 << 31) + b"{}",
        frames.PREFIX.pack(frames.MAGIC, 2, 0) + b"{}",
        frames.PREFIX.pack(frames.MAGIC, 20000, 0) + b"[" * 20000,
        frames.PREFIX.pack(frames.MAGIC, 20000, 0) + b"9" * 20000,
        frames.PREFIX.pack(frames.MAGIC, 2, 0) + b"\xff\xfe",
        returned(np.eye(2), [], token="cd" * wire.TOKEN_BYTES),
        returned(np.eye(2), []) + b"more",
        returned(np.eye(2), [np.eye(2)]),
        returned(None, [], extra=1),
        returned(None, [], value="yes"),
        returned(None, [], type_name="x" * 100_000),
        frames.pack_frame(
            {"op": "raised", "token": TOKEN, "error": {}}, [np.eye(2)]
        ),
        frames.pack_frame(
            {
                "op": "loaded",
                "token": TOKEN,
                "state": "passed",
                "skipped": [],
                "functions": [],
            }
        ),
    ],
)
def test_what_is_not_a_message_is_unreadable(data: bytes) -> None:
    """Each of these gives a reason in words."""
    record = wire.decode(data, TOKEN, 0)
    assert isinstance(record, wire.Unreadable)
    assert record.reason.isprintable()


@pytest.mark.parametrize(
    "header",
    [
        b"{'descr': '|O', 'fortran_order': False, 'shape': (3,), }",
        b"{'descr': '<f8', 'fortran_order': False, 'shape': (9999999999, 9999999999), }",
        b"{'descr': '<f8', 'fortran_order': False, 'shape': (9999999999,), }",
        b"{'descr': '<f8', 'fortran_order': False, 'shape': (0, 9999999999, 9999999999), }",
        b"{'descr': '<f8', 'fortran_order': False, 'shape': (-1,), }",
        b"{'descr': '<f8', 'fortran_order': False, 'shape': ("
        + b"1, " * 33
        + b"1), }",
        b"{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (3,), }",
        b"{'descr': '<f8', 'fortran_order': __import__('os'), 'shape': (3,), }",
        b"{'descr': '>f8', 'fortran_order': False, 'shape': (3,), }",
        b"{'descr': '<U9', 'fortran_order': False, 'shape': (3,), }",
        b"{'descr': '<f9', 'fortran_order': False, 'shape': (3,), }",
        b"[" * 200,
    ],
)
def test_an_array_that_lies_is_refused_before_memory_is_taken(
    header: bytes,
) -> None:
    """Nothing that a header claims is evaluated, or allocated beyond the message's size."""
    text = header + b"\n"
    data = (
        struct.pack("<8sH", b"\x93NUMPY\x01\x00", len(text)) + text + bytes(24)
    )
    tracemalloc.start()
    with pytest.raises(ValueError, match=r"array|dimension"):
        frames.unpack_array(data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1 << 20


def test_a_frame_is_never_longer_than_the_cap() -> None:
    """The length is decided from twelve bytes, before the rest is received."""
    for header in (0, frames.HEADER_CAP, frames.HEADER_CAP + 1, (1 << 32) - 1):
        for payload in (
            0,
            frames.PAYLOAD_CAP,
            frames.PAYLOAD_CAP + 1,
            (1 << 32) - 1,
        ):
            length = wire.length(
                frames.PREFIX.pack(frames.MAGIC, header, payload)
            )
            assert (
                isinstance(length, wire.Unreadable) or length <= wire.FRAME_CAP
            )


@settings(deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_decode(data: bytes) -> None:
    """Raw bytes give a record, also as the header or the payload of a well-formed frame."""
    framed = frames.PREFIX.pack(frames.MAGIC, len(data), 0) + data
    good = returned(np.eye(2), [])
    payload = (
        good[: frames.PREFIX.size + frames.PREFIX.unpack_from(good)[1]] + data
    )
    for one in (data, framed, payload):
        assert isinstance(wire.decode(one, TOKEN, 2), RECORDS)


VALUES: list[Any] = [
    2.5,
    [None, True, 7, 1j, "text", b"bytes", np.float32(1), {1, 2}],
    {"w": np.eye(2), 2: (1, "a"), (3, None): []},
    [[1.0, 2.0], [3.0, 4.0]],
    [np.int8(1), np.int8(2)],
]


def returned_value(value: object, token: str = TOKEN) -> bytes:
    """Make a reply with a value of any kind, as a worker writes it."""
    packed = Packer().pack(value)
    assert isinstance(packed, bytes)
    return frames.pack_returned(token, type(value).__name__, packed, [])


@pytest.mark.parametrize("value", VALUES, ids=str)
def test_a_value_of_any_kind_arrives(value: Any) -> None:
    """Numbers are numbers, lists are lists, and a set has its type alone."""
    outcome = wire.decode(returned_value(value), TOKEN, 0)
    assert isinstance(outcome, Outcome)
    assert outcome.type_name == type(value).__name__
    if isinstance(value, list) and {1, 2} in value:
        assert outcome.value == [*value[:-1], Unsent("set")]
    else:
        assert same(outcome.value, value)


def test_what_no_value_is_has_a_type_of_one_line() -> None:
    """The type of an object inside a result is cleaned, and one that is too long is refused."""
    for name, record in (
        ("\x1b[31mred\x1b[0m\n", Unsent("red", "a b")),
        ("x" * 1000, Unsent("x" * 497 + "...", "a b")),
        ("x" * 1001, None),
    ):
        what = packed_unsent(bounds.Unsent(name, "a\nb"))
        value = b"t" + bounds.COUNT.pack(1) + what
        data = frames.pack_returned(TOKEN, "tuple", value, [])
        outcome = wire.decode(data, TOKEN, 0)
        if record is None:
            reason = "a message cannot be read: the name of a type is too long"
            assert outcome == wire.Unreadable(reason)
        else:
            assert isinstance(outcome, Outcome)
            assert outcome.value == (record,)


def test_a_result_that_is_no_value_is_not_among_the_values() -> None:
    """A worker says it in the header, and an argument that is no value any more in the payload."""
    what = packed_unsent(bounds.Unsent("set"))
    data = frames.pack_returned(TOKEN, "set", what, [])
    reason = "a result claims to be a value, and is not one"
    assert wire.decode(data, TOKEN, 0) == wire.Unreadable(reason)
    data = frames.pack_returned(TOKEN, "NoneType", b"N", [what, b"T"])
    outcome = wire.decode(data, TOKEN, 2)
    assert isinstance(outcome, Outcome)
    assert outcome.args_after == (Unsent("set"), True)


def test_an_array_is_an_array_by_name() -> None:
    """An array of no values and many rows is never made into a list of that many."""
    array = frames.pack_array(np.zeros((9_999_999_999, 0)))
    data = frames.pack_returned(TOKEN, "list", array, [])
    reason = "an array claims to be something else"
    assert wire.decode(data, TOKEN, 0) == wire.Unreadable(reason)
    # A class of that name may be a list, and is sent as one.
    data = frames.pack_returned(TOKEN, "ndarray", b"l\0\0\0\0", [])
    outcome = wire.decode(data, TOKEN, 0)
    assert isinstance(outcome, Outcome)
    assert outcome.value == []


@pytest.mark.parametrize("tag", [b"r", b"e"])
def test_a_reply_holds_no_generator_and_no_earlier_result(tag: bytes) -> None:
    """Only requests do: a worker cannot make the grader look anything up."""
    value = tag + bounds.COUNT.pack(1) + b"a" + bounds.COUNT.pack(1) + b"b"
    data = frames.pack_returned(TOKEN, "list", value, [])
    outcome = wire.decode(data, TOKEN, 0)
    assert isinstance(outcome, wire.Unreadable)
    assert (
        outcome.reason
        == f"a message cannot be read: a value is of no known kind: {tag!r}"
    )


@pytest.mark.parametrize(
    "value",
    [
        Unsent("set"),
        [Unsent("set")],
        {1, 2},
        [{1, 2}],
        np.datetime64("2026-01-01"),
        {frozenset(): 1},
        np.array([None]),
        Path(),
    ],
    ids=str,
)
def test_an_argument_that_is_no_value_is_an_error_of_ours(value: Any) -> None:
    """It raises before anything is sent, with a sentence."""
    with pytest.raises(ValueError, match=r"not sent|cannot be sent"):
        wire.call_request(TOKEN, (value,))


def test_arguments_travel_with_generators_and_earlier_results() -> None:
    """A request has the name, the object and the place of a call, and its arguments in order."""
    generator = Random(*state_of(np.random.default_rng(1)))
    call = Call(
        name="forward",
        on=2,
        args=(np.eye(2), [Earlier(0), 1]),
        kwargs={"rng": generator, "p": 0.5},
        is_kept=True,
        is_sent=False,
    )
    header, payload = frames.unpack_frame(wire.trial_request(TOKEN, call, 3))
    pieces = frames.split(header.pop("frames"), payload)
    assert header == {
        "op": "call",
        "token": TOKEN,
        "name": "forward",
        "on": 2,
        "attribute": False,
        "keywords": ["rng", "p"],
        "place": 3,
        "keep": True,
        "send": False,
    }
    assert [piece[:1] for piece in pieces] == [b"\x93", b"l", b"r", b"f"]
    assert b"PCG64" in pieces[2]


def seeds() -> list[bytes]:
    """Return one good frame of each kind."""
    error = {"type": "ValueError", "message": "no", "line": 3, "cell": None}
    array = {"name": "a", "type": "ndarray", "shape": [2, 3], "dtype": "int8"}
    number = {"name": "i", "type": "int", "text": "7", "number": 7}
    skipped = [{"line": 1, "cell": 2, "raised": error}]
    return [
        returned(np.eye(2), [np.eye(3), np.arange(3)]),
        returned(None, [np.zeros((0, 4)), np.ones((2, 2), np.float32)]),
        *map(returned_value, VALUES),
        frames.pack_frame({"op": "raised", "token": TOKEN, "error": error}),
        frames.pack_frame(
            {
                "op": "raised",
                "token": TOKEN,
                "error": {**error, "variables": [array, number]},
            }
        ),
        frames.pack_frame(
            {"op": "still", "token": TOKEN, "lines": [3, 4], "cell": None}
        ),
        frames.pack_frame({"op": "out_of_memory", "token": TOKEN}),
        frames.pack_frame(
            {
                "op": "too_large",
                "token": TOKEN,
                "type_name": "ndarray",
                "shape": "(9, 9)",
            }
        ),
        frames.pack_frame(
            {
                "op": "loaded",
                "token": TOKEN,
                "state": "ready",
                "skipped": skipped,
                "functions": ["f"],
            }
        ),
        frames.pack_frame({"op": "ran", "token": TOKEN, "skipped": skipped}),
        frames.pack_frame(
            {"op": "probed", "token": TOKEN, "blocked": {"x": True}}
        ),
    ]


def mutated(numbers: random.Random, good: list[bytes]) -> bytes:
    """Return a frame with some bytes changed, cut, doubled or exchanged.

    Its lengths are mended more often than not.
    """
    data = bytearray(numbers.choice(good))
    for _ in range(numbers.randrange(1, 4)):
        at = numbers.randrange(len(data) + 1)
        match numbers.randrange(6):
            case 0:
                data[at : at + 1] = bytes((numbers.randrange(256),))
            case 1:
                del data[at : at + numbers.randrange(40)]
            case 2:
                data[at:at] = data[at : at + numbers.randrange(40)]
            case 3:
                data[at : at + 1] = numbers.choice(
                    (b'"', b"{", b"[", b"\\", b"\xff", b"9", b"-", b"\0")
                )
            case 4:
                other = numbers.choice(good)
                data[at:] = other[numbers.randrange(len(other)) :]
            case _:
                data[at:at] = numbers.choice(
                    (
                        b"null",
                        b"1e999",
                        b"99999999999999999999",
                        b'"\\ud800"',
                        b"[" * 30,
                    )
                )
    if numbers.random() < 0.8 and len(data) >= frames.PREFIX.size:
        header = min(
            frames.PREFIX.unpack_from(data)[1], len(data) - frames.PREFIX.size
        )
        data[: frames.PREFIX.size] = frames.PREFIX.pack(
            frames.MAGIC, header, len(data) - frames.PREFIX.size - header
        )
    return bytes(data)


def test_a_million_byte_strings_decode() -> None:
    """A million mutated frames raise nothing, take no memory, and give every kind of answer."""
    numbers, good = random.Random(20), seeds()  # noqa: S311 - it must be the same each time
    assert not [
        one
        for one in good
        if isinstance(wire.decode(one, TOKEN, 2), wire.Unreadable)
    ]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    kinds: dict[type, int] = {}
    for _ in range(FUZZED):
        kind = type(wire.decode(mutated(numbers, good), TOKEN, 2))
        kinds[kind] = kinds.get(kind, 0) + 1
    assert set(kinds) == set(RECORDS)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert (
        grown * (1 if sys.platform == "darwin" else 1024) < 2 * wire.FRAME_CAP
    )


def test_last_words_answer_no_request() -> None:
    """They have no token, and anything else than a place is nothing."""
    words = {"op": "still", "token": "", "lines": [3, 4], "cell": None}
    assert wire.last_words(frames.pack_frame(words)) == Still(lines=(3, 4))
    assert wire.last_words(frames.pack_frame({**words, "cell": 2})) == Still(
        lines=(3, 4), cell=2
    )
    out = {"op": "out_of_memory", "token": ""}
    for other in ({**words, "token": TOKEN}, {**words, "token": "XX"}, out):
        assert wire.last_words(frames.pack_frame(other)) is None
    assert wire.last_words(b"") is None


@pytest.mark.parametrize(
    ("count", "read"), [(0, False), (1, True), (64, True), (65, False)]
)
def test_last_words_name_1_to_64_lines(count: int, read: bool) -> None:
    """No line at all is no place, and more than 64 are more than any loop is looked for in."""
    lines = list(range(count))
    words = {"op": "still", "token": "", "lines": lines, "cell": None}
    found = wire.last_words(frames.pack_frame(words))
    assert found == (Still(lines=tuple(lines)) if read else None)


@pytest.mark.parametrize(
    ("number", "read"),
    [
        (0, True),
        (2**31 - 1, True),
        (-(2**31), True),
        (2**31, False),
        (-(2**31) - 1, False),
    ],
)
def test_the_numbers_of_a_moment_are_bounded(number: int, read: bool) -> None:
    """A variable's number has 32 bits with its sign; a larger one makes the reply unreadable."""
    variable = {"name": "i", "type": "int", "text": "7", "number": number}
    error = {"type": "E", "message": "", "line": 3, "cell": None}
    frame = frames.pack_frame(
        {
            "op": "raised",
            "token": TOKEN,
            "error": {**error, "variables": [variable]},
        }
    )
    record = wire.decode(frame, TOKEN, 0)
    assert isinstance(record, Outcome) is read
