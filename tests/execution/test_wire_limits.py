"""The wire, limit by limit: what a reply may hold, and what makes it unreadable."""

import json
import struct
from typing import Any

import msgspec
import numpy as np
import pytest

from grader.confined import frames
from grader.execution import cleaning, wire
from grader.model import (
    Array,
    Exercise,
    Loading,
    Module,
    Outcome,
    Parameter,
    Raised,
    Skipped,
    Submission,
    Target,
    Unit,
    Variable,
)
from tests.execution.conftest import exercise_with, submission

TOKEN = "0123456789abcdef0123456789abcdef"
ERROR = {"type": "ValueError", "message": "no", "line": 3, "cell": 4}
RAISED = Raised(type="ValueError", message="no", line=3, cell=4)
SKIPPED = {"line": 1, "cell": 2, "raised": ERROR}

# A good reply of each kind: its fields, and the record that it decodes to.
REPLIES: dict[str, tuple[dict[str, Any], object]] = {
    "loaded": (
        {
            "state": "not_callable",
            "skipped": [SKIPPED],
            "functions": ["f", "g"],
            "type_name": "int",
            "required": ["a", "b"],
            "module": "scipy",
            "target": "f",
        },
        Loading(
            state="not_callable",
            skipped=(Skipped(line=1, cell=2, raised=RAISED),),
            functions=("f", "g"),
            type_name="int",
            required=("a", "b"),
            module="scipy",
            target="f",
        ),
    ),
    "raised": ({"error": ERROR}, Outcome(kind="raised", raised=RAISED)),
    "out_of_memory": ({}, Outcome(kind="out_of_memory", reason="MemoryError")),
    "too_large": (
        {"type_name": "ndarray", "shape": "(9, 9)"},
        Outcome(
            kind="invalid_output",
            type_name="ndarray",
            reason="the result is too large to send: shape (9, 9)",
        ),
    ),
    "ran": (
        {"skipped": [SKIPPED]},
        wire.Ran((Skipped(line=1, cell=2, raised=RAISED),)),
    ),
    "probed": (
        {"blocked": {"a": True, "b": False}},
        wire.Probed({"a": True, "b": False}),
    ),
    "returned": (
        {"type_name": "str", "dtype": None, "value": False},
        Outcome(kind="returned", type_name="str"),
    ),
}


def reply(op: str, arrays: tuple[Array, ...] = (), **changes: Any) -> bytes:
    """Make a reply of one kind as a worker writes it, with changes to its fields."""
    fields = {"op": op, "token": TOKEN, **REPLIES[op][0], **changes}
    return frames.pack_frame(fields, arrays)


def decode(data: bytes, arguments: int = 2) -> Any:
    """Decode a reply to the request with `TOKEN`."""
    return wire.decode(data, TOKEN, arguments)


def plain(record: object) -> dict[str, Any]:
    """Return the fields of a record, to compare it by value."""
    names: tuple[str, ...] = record.__struct_fields__  # type: ignore[attr-defined] # a Struct
    return {name: getattr(record, name) for name in names}


# ---- Each kind of reply


@pytest.mark.parametrize("op", REPLIES)
def test_each_kind_of_reply_arrives_whole(op: str) -> None:
    """Every field of every kind is where it belongs."""
    expected = REPLIES[op][1]
    record = decode(reply(op))
    assert type(record) is type(expected)
    assert plain(record) == plain(expected)


@pytest.mark.parametrize("op", sorted(set(REPLIES) - {"returned"}))
def test_only_a_result_carries_arrays(op: str) -> None:
    """Arrays in any other reply make it unreadable."""
    reason = "a message carries values that it should not"
    assert decode(reply(op, (np.eye(2),))) == wire.Unreadable(reason)


@pytest.mark.parametrize("op", REPLIES)
@pytest.mark.parametrize("token", ["", TOKEN[:-1], TOKEN.upper(), TOKEN[::-1]])
def test_only_the_answer_to_this_request_is_read(op: str, token: str) -> None:
    """A reply with another token answers another request."""
    reason = "a message does not answer the request"
    assert decode(reply(op, token=token)) == wire.Unreadable(reason)


@pytest.mark.parametrize("op", REPLIES)
def test_no_reply_has_another_field(op: str) -> None:
    """A field that the grader does not know makes a reply unreadable."""
    assert isinstance(decode(reply(op, more=1)), wire.Unreadable)


@pytest.mark.parametrize(
    ("op", "field"),
    [
        ("loaded", "state"),
        ("loaded", "skipped"),
        ("loaded", "functions"),
        ("raised", "error"),
        ("too_large", "type_name"),
        ("too_large", "shape"),
        ("ran", "skipped"),
        ("probed", "blocked"),
        ("returned", "type_name"),
        ("returned", "dtype"),
        ("returned", "value"),
    ],
)
def test_no_reply_lacks_a_field(op: str, field: str) -> None:
    """A reply without one of its fields is unreadable."""
    fields = {"op": op, "token": TOKEN, **REPLIES[op][0]}
    del fields[field]
    assert isinstance(decode(frames.pack_frame(fields)), wire.Unreadable)


@pytest.mark.parametrize("field", ["type_name", "required", "module"])
def test_what_loading_need_not_say_may_be_missing(field: str) -> None:
    """Three fields of a loading are optional."""
    fields = {"op": "loaded", "token": TOKEN, **REPLIES["loaded"][0]}
    del fields[field]
    record = decode(frames.pack_frame(fields))
    assert isinstance(record, Loading)
    assert getattr(record, field) in {None, ()}


@pytest.mark.parametrize("inner", ["error", "skipped"])
@pytest.mark.parametrize("change", [{"more": 1}, {"line": "1"}, {"line": 1.5}])
def test_what_is_inside_a_reply_is_read_as_strictly(
    inner: str, change: dict[str, Any]
) -> None:
    """Unknown fields and wrong types are refused inside exceptions and skipped statements too."""
    if inner == "error":
        data = reply("raised", error=ERROR | change)
    else:
        data = reply("ran", skipped=[SKIPPED | change])
    assert isinstance(decode(data), wire.Unreadable)


@pytest.mark.parametrize(
    "state",
    ["ready", "no_function", "not_callable", "bad_signature", "foreign"],
)
def test_a_worker_can_report_these_states(state: str) -> None:
    """Whether loading timed out or crashed is never for the worker to say."""
    assert decode(reply("loaded", state=state)).state == state
    for other in (
        f"{state}\n",
        f" {state}",
        f"x{state}",
        state[:-1],
        state.upper(),
    ):
        assert isinstance(decode(reply("loaded", state=other)), wire.Unreadable)


@pytest.mark.parametrize(
    "state", ["timed_out", "crashed", "grader_error", "passed"]
)
def test_a_worker_cannot_report_what_the_grader_finds(state: str) -> None:
    """A worker cannot blame the clock or the grader."""
    assert isinstance(decode(reply("loaded", state=state)), wire.Unreadable)


# ---- Arrays


A, B, C, D = (np.full((2, 2), float(number)) for number in range(4))


@pytest.mark.parametrize(
    ("value", "arrays", "result", "after"),
    [
        (False, (), None, None),
        (False, (A, B), None, (A, B)),
        (True, (A,), A, None),
        (True, (A, B, C), A, (B, C)),
    ],
)
def test_a_result_comes_before_the_changed_arguments(
    value: bool,
    arrays: tuple[Array, ...],
    result: Array | None,
    after: tuple[Array, ...] | None,
) -> None:
    """Either all arguments come back or none."""
    outcome = decode(
        reply(
            "returned",
            arrays,
            value=value,
            dtype="object",
            type_name="ndarray",
        )
    )
    assert outcome.kind == "returned"
    assert outcome.dtype == "object"
    assert (outcome.value is None) == (result is None)
    if result is not None:
        assert np.array_equal(outcome.value, result)
    assert (outcome.args_after is None) == (after is None)
    for got, wanted in zip(outcome.args_after or (), after or (), strict=True):
        assert np.array_equal(got, wanted)


@pytest.mark.parametrize(
    ("value", "arrays"),
    [
        (True, ()),
        (True, (A, B)),
        (True, (A, B, C, D)),
        (False, (A,)),
        (False, (A, B, C)),
    ],
)
def test_a_result_carries_all_arrays_or_it_is_unreadable(
    value: bool, arrays: tuple[Array, ...]
) -> None:
    """A missing result, a missing argument and one too many are refused."""
    reason = "a message does not carry the values that it should"
    assert decode(reply("returned", arrays, value=value)) == wire.Unreadable(
        reason
    )


# ---- Lengths


@pytest.mark.parametrize(
    ("header", "payload", "readable"),
    [
        (262_144, 8_388_608, True),
        (262_145, 0, False),
        (0, 8_388_609, False),
        (0, 0, True),
    ],
)
def test_a_frame_has_at_most_256_kib_of_header_and_8_mib_of_arrays(
    header: int, payload: int, readable: bool
) -> None:
    """The twelve bytes of the prefix decide; the length is that of the whole frame."""
    found = wire.length(struct.pack("!4sII", b"GRD1", header, payload))
    if readable:
        assert found == 12 + header + payload <= wire.FRAME_CAP == 8_650_764
    else:
        assert found == wire.Unreadable("a message is too large")


def test_why_an_answer_is_invalid() -> None:
    """An unreadable one says why itself; any other record answers another question."""
    assert wire.why_invalid(wire.Unreadable("because")) == "because"
    for record in (wire.Ran(()), Outcome(kind="raised"), None):
        reason = "a message does not answer the request"
        assert wire.why_invalid(record) == reason


def test_a_prefix_is_read_whole() -> None:
    """Eleven bytes are cut short, twelve are enough, and more do not matter."""
    prefix = struct.pack("!4sII", b"GRD1", 1, 2)
    assert wire.length(prefix[:-1]) == wire.Unreadable("a message is cut short")
    assert wire.length(prefix) == wire.length(bytearray(prefix + b"more")) == 15


def test_other_bytes_than_a_frame_are_named() -> None:
    """A student's code may have found the socket and written to it."""
    data = b"GRD2" + bytes(8)
    reason = "something else than a message was written to the grader's socket"
    assert wire.length(data) == decode(data) == wire.Unreadable(reason)


@pytest.mark.parametrize("change", [-1, 1])
def test_a_frame_is_as_long_as_it_says(change: int) -> None:
    """Neither a byte less nor a byte more is accepted."""
    data = reply("out_of_memory")
    data = data[:-1] if change < 0 else data + b" "
    assert decode(data) == wire.Unreadable(
        "a message is not as long as it says"
    )


@pytest.mark.parametrize(
    ("op", "field", "make"),
    [
        ("loaded", "functions", lambda n: ["f"] * n),
        ("loaded", "required", lambda n: ["f"] * n),
        ("loaded", "skipped", lambda n: [SKIPPED] * n),
        ("ran", "skipped", lambda n: [SKIPPED] * n),
        (
            "probed",
            "blocked",
            lambda n: {str(number): True for number in range(n)},
        ),
    ],
)
def test_a_list_has_at_most_64_members(op: str, field: str, make: Any) -> None:
    """A longer list makes a reply unreadable."""
    assert not isinstance(
        decode(reply(op, **{field: make(64)})), wire.Unreadable
    )
    assert isinstance(decode(reply(op, **{field: make(65)})), wire.Unreadable)


def test_a_reply_has_at_most_64_arrays() -> None:
    """One more makes it unreadable, whatever the number of arguments."""
    arrays = (np.zeros(()),) * 65
    assert (
        decode(reply("returned", arrays[:64]), arguments=64).kind == "returned"
    )
    assert isinstance(decode(reply("returned", arrays), 65), wire.Unreadable)


@pytest.mark.parametrize(
    ("op", "fields"),
    [
        ("loaded", ("functions", 0)),
        ("loaded", ("required", 0)),
        ("loaded", ("type_name",)),
        ("loaded", ("module",)),
        ("too_large", ("type_name",)),
        ("too_large", ("shape",)),
        ("returned", ("type_name",)),
        ("returned", ("dtype",)),
        ("raised", ("error", "type")),
        ("raised", ("error", "message")),
        ("ran", ("skipped", 0, "raised", "message")),
    ],
)
def test_a_text_has_at_most_1000_characters(
    op: str, fields: tuple[Any, ...]
) -> None:
    """A longer text makes a reply unreadable."""
    for length, readable in ((1000, True), (1001, False)):
        changed = json.loads(json.dumps(REPLIES[op][0]))
        place = changed
        for field in fields[:-1]:
            place = place[field]
        place[fields[-1]] = "x" * length
        record = decode(reply(op, **changed))
        assert isinstance(record, wire.Unreadable) != readable


VARIABLE = {
    "name": "image",
    "type": "ndarray",
    "text": None,
    "number": None,
    "shape": [8, 8],
    "dtype": "float64",
}


def variables(several: list[Any]) -> object:
    """Decode a reply about an exception at whose line these variables were."""
    return decode(reply("raised", error=ERROR | {"variables": several}))


def test_what_a_line_knew_arrives() -> None:
    """Names arrive with their numbers and shapes; what acts in their texts does not."""
    number = {"name": "i\x1b[31m", "type": "int", "text": "-1", "number": -1}
    outcome = variables([VARIABLE, number])
    assert isinstance(outcome, Outcome)
    assert outcome.raised is not None
    assert outcome.raised.variables == (
        Variable(name="image", type="ndarray", shape=(8, 8), dtype="float64"),
        Variable(name="i", type="int", text="-1", number=-1),
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": 1},
        {"name": "x" * 101},
        {"type": None},
        {"text": "x" * 101},
        {"number": 2**31},
        {"number": -(2**31) - 1},
        {"number": True},
        {"number": 1.5},
        {"shape": [-1]},
        {"shape": [1] * 9},
        {"shape": "8"},
        {"dtype": "x" * 101},
        {"value": 1},
    ],
)
def test_a_variable_is_nothing_else(wrong: dict[str, object]) -> None:
    """Anything but short texts, numbers and shapes makes a reply unreadable."""
    assert isinstance(variables([VARIABLE | wrong]), wire.Unreadable)
    assert isinstance(variables([VARIABLE] * 13), wire.Unreadable)


@pytest.mark.parametrize("field", ["line", "cell"])
def test_a_line_is_a_number_from_0_to_2_to_the_31(field: str) -> None:
    """Lines and cells are whole numbers that fit into 31 bits, or null."""
    for number in (0, 2_147_483_647, None):
        outcome = decode(reply("raised", error=ERROR | {field: number}))
        assert getattr(outcome.raised, field) == number


@pytest.mark.parametrize("field", ["line", "cell"])
@pytest.mark.parametrize("wrong", [-1, 2_147_483_648, 1.5, "1", True, []])
def test_a_line_is_nothing_else(field: str, wrong: object) -> None:
    """Anything but such a number makes a reply unreadable."""
    data = reply("raised", error=ERROR | {field: wrong})
    assert isinstance(decode(data), wire.Unreadable)


@pytest.mark.parametrize("wrong", [-1, 8_388_609, 1.5, "1", None])
def test_a_length_in_the_header_is_one_of_the_payload(wrong: object) -> None:
    """A reply that lies about the lengths of its arrays is unreadable."""
    header = json.dumps(
        {"op": "out_of_memory", "token": TOKEN, "frames": [wrong]}
    ).encode()
    data = frames.PREFIX.pack(b"GRD1", len(header), 0) + header
    assert isinstance(decode(data), wire.Unreadable)


def test_an_array_without_bytes_is_no_array() -> None:
    """A length of 0 may stand in a header, and nothing can be read from it."""
    fields = {
        "op": "returned",
        "token": TOKEN,
        **REPLIES["returned"][0],
        "frames": [0],
    }
    text = json.dumps(fields).encode()
    record = decode(frames.PREFIX.pack(b"GRD1", len(text), 0) + text)
    reason = "a message cannot be read: an array is cut short"
    assert record == wire.Unreadable(reason)


# ---- Text


@pytest.mark.parametrize(
    ("op", "field", "record_field"),
    [
        ("loaded", "type_name", "type_name"),
        ("loaded", "module", "module"),
        ("too_large", "type_name", "type_name"),
        ("too_large", "shape", "reason"),
        ("returned", "type_name", "type_name"),
        ("returned", "dtype", "dtype"),
    ],
)
def test_every_text_is_cleaned(op: str, field: str, record_field: str) -> None:
    """No text of a worker reaches a record as it was sent."""
    change: dict[str, Any] = {field: "\x1b[31mred\x1b[0m\nat 0x7f0012345678"}
    record = decode(reply(op, **change))
    assert getattr(record, record_field).endswith("red at 0x...")


def test_every_text_in_a_list_is_cleaned() -> None:
    """Names, exceptions and attempts are cleaned one by one."""
    text = "a\x1b[1mb\n"
    loading = decode(reply("loaded", functions=[text], required=[text]))
    assert (loading.functions, loading.required) == (("ab",), ("ab",))
    assert decode(reply("probed", blocked={text: True})).blocked == {"ab": True}
    error = ERROR | {"type": text, "message": text}
    for raised in (
        decode(reply("raised", error=error)).raised,
        decode(reply("ran", skipped=[SKIPPED | {"raised": error}]))
        .skipped[0]
        .raised,
    ):
        assert (raised.type, raised.message) == ("ab", "ab")


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("0x7f001", "0x7f001"),
        ("0x7f0012", "0x..."),
        ("0xABCDEF", "0x..."),
        ("/run/grader-abcd1234/7/a.py", "(scratch)/a.py"),
        ("/run/grader-abcd1234", "(scratch)"),
        ("/run/grader-abcd1234/tmpabcd1234", "(scratch)"),
        ("/run/grader-abcd123", "/run/grader-abcd123"),
        ("/run/grader-abcd12345", "/run/grader-abcd12345"),
        ("in '/var/tmp/x/grader-abcd1234/12'", "in '(scratch)'"),
        ("\x1bMup", "up"),
        ("no name f (/usr/lib/a/b.py)", "no name f"),
        ("no name f (C:\\a\\b.pyd)", "no name f"),
        ("no name f (b.py)", "no name f (b.py)"),
        ("\x1b[0;1;38:5mcolour\x1b[m", "colour"),
    ],
)
def test_what_differs_from_run_to_run_is_replaced(
    text: str, clean: str
) -> None:
    """Addresses and scratch folders are hidden, and nothing that only looks like one."""
    assert cleaning.clean(text) == clean
    assert cleaning.clean_lines(f"1\n{text}\n") == f"1\n{clean}\n"


def test_lines_are_kept_and_tabs_become_blanks() -> None:
    """Printed lines stay lines; in a single line everything becomes one blank."""
    assert cleaning.clean_lines("a\tb\nc\x07") == "a    b\nc\\x07"
    assert cleaning.clean("a\tb\nc\x07") == "a b c\\x07"


def test_only_the_beginning_of_a_long_text_is_cleaned() -> None:
    """A text of a megabyte costs no more than one of a thousand characters."""
    assert cleaning.clean("\x1b[1m" * 250 + "seen") == ""
    assert cleaning.clean("\x1b[1m" * 249 + "seen" + "unseen") == "seen"


# ---- Requests


def header(data: bytes) -> dict[str, Any]:
    """Read the header of a request."""
    _, length, _ = frames.PREFIX.unpack_from(data)
    found: dict[str, Any] = json.loads(data[12 : 12 + length])
    return found


def test_a_token_is_new_each_time() -> None:
    """A token has 32 hexadecimal digits that nobody can guess."""
    tokens = {wire.new_token() for _ in range(100)}
    assert len(tokens) == 100
    assert all(len(token) == 32 and int(token, 16) >= 0 for token in tokens)
    reason = "a message does not answer the request"
    data = reply("out_of_memory")
    assert wire.decode(data, tokens.pop(), 2) == wire.Unreadable(reason)


def test_a_request_says_all_that_a_worker_needs() -> None:
    """Each request has its token, and the fields that the worker reads, by these names."""
    handed_in = Submission(
        name="s.py",
        kind="python",
        digest="",
        units=(Unit("a = 1"), Unit("b", 7)),
    )
    exercise = exercise_with()
    load = wire.load_request(TOKEN, exercise, handed_in, definitions_only=True)
    assert header(load) == {
        "op": "load",
        "token": TOKEN,
        "units": [["a = 1", None], ["b", 7]],
        "function": "convolve",
        "arguments": 2,
        "forbidden": ["scipy", "cv2"],
        "definitions_only": True,
        "real": [],
        "frames": [],
    }
    assert header(wire.cell_request(TOKEN, "a = 1", 3)) == {
        "op": "cell",
        "token": TOKEN,
        "source": "a = 1",
        "cell": 3,
        "definitions_only": False,
        "frames": [],
    }
    assert header(wire.probe_request(TOKEN, path="/a")) == {
        "op": "probe",
        "token": TOKEN,
        "path": "/a",
        "frames": [],
    }
    call = header(wire.call_request(TOKEN, (A,)))
    assert (call["op"], call["token"], len(call["frames"])) == (
        "call",
        TOKEN,
        1,
    )


def asking(*targets: Target, **changes: Any) -> Exercise:
    """Make an exercise that asks for these."""
    return msgspec.structs.replace(exercise_with(), targets=targets, **changes)


IMAGE, KERNEL = (Parameter(name=name) for name in ("image", "kernel"))
PLAIN = Target(name="convolve", parameters=(IMAGE, KERNEL))
FULL = Target(
    name="convolve",
    parameters=(
        IMAGE,
        Parameter(name="stride", optional=True, default="1"),
        Parameter(name="mode", by_name_only=True),
        Parameter(name="axis", by_name_only=True, optional=True),
    ),
)
LAYER = Target(name="Layer", is_class=True, parameters=(IMAGE,))


def test_a_request_says_what_is_asked_for() -> None:
    """How many arguments by position, which by name, and whether it may be a class."""
    for exercise, wanted in (
        (asking(), [("convolve", 2, [], False)]),
        (asking(PLAIN), [("convolve", 2, [], False)]),
        (asking(FULL), [("convolve", 1, ["mode"], False)]),
        (
            asking(PLAIN, LAYER),
            [("convolve", 2, [], False), ("Layer", 1, [], True)],
        ),
    ):
        assert wire.wanted(exercise) == wanted
        request = header(
            wire.load_request(
                TOKEN, exercise, submission("a"), definitions_only=False
            )
        )
        if wanted == [("convolve", 2, [], False)]:
            assert "targets" not in request
        else:
            assert request["targets"] == [list(each) for each in wanted]
        assert "given" not in request
        assert "modules" not in request


def test_a_request_has_what_was_handed_in_beside() -> None:
    """Each module with its path and its source, in the requests that run anything first."""
    modules = (Module("utils.py", "a = 1"), Module("b/c.py", ""))
    handed_in = msgspec.structs.replace(submission("a"), modules=modules)
    sent = [["utils.py", "a = 1"], ["b/c.py", ""]]
    load = wire.load_request(
        TOKEN, exercise_with(), handed_in, definitions_only=False
    )
    assert header(load)["modules"] == sent
    cell = wire.cell_request(TOKEN, "a", 1, modules=modules)
    assert header(cell)["modules"] == sent


def test_a_request_has_what_is_given() -> None:
    """The text is sent as it is, where there is one."""
    load = wire.load_request(
        TOKEN,
        asking(PLAIN, given="x = 1\n"),
        submission("a"),
        definitions_only=False,
    )
    assert header(load)["given"] == "x = 1\n"


def test_source_is_sent_whole_however_long() -> None:
    """What the grader itself sends may be longer than a reply: it is read before it is sent."""
    source = "x" * 300_000
    load = wire.load_request(
        TOKEN, exercise_with(), submission(source), definitions_only=False
    )
    assert header(load)["units"] == [[source, None]]
    assert header(wire.cell_request(TOKEN, source, 1))["source"] == source
    with pytest.raises(ValueError, match="large"):
        wire.probe_request(TOKEN, path=source)


def test_a_longer_token_is_not_even_compared() -> None:
    """A token has 32 characters, and a reply with a longer one is unreadable as a whole."""
    record = decode(reply("ran", token=TOKEN + "0"))
    assert record.reason.startswith("a message cannot be read")


@pytest.mark.parametrize(
    "record", [wire.Unreadable("a"), wire.Probed({}), wire.Ran(())], ids=repr
)
def test_what_was_decoded_cannot_be_changed(record: Any) -> None:
    """The records that leave the wire are frozen."""
    (field,) = record.__struct_fields__
    with pytest.raises(AttributeError, match="immutable"):
        setattr(record, field, None)
