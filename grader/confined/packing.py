"""Values to bytes, as both sides of the wire write arguments and results.

An array is one `.npy` file (`frames`). Any other value is a tag and what belongs to it; lengths,
counts, sizes and places have four bytes, big-endian, and numbers are little-endian:

    N T F                       None, True, False
    i length bytes              an int, signed
    f bytes, c bytes            a float, a complex number: 8 and 16 bytes
    s length bytes              text, in UTF-8
    b length bytes              bytes
    n dtype bytes               a NumPy scalar; `dtype` is its place in `bounds.CODES`, one byte
    a length bytes              an array inside another value, as a `.npy` file
    l count value...            a list
    t count value...            a tuple
    d count (key value)...      a dict
    k count length bytes value...
                                a dict whose keys are text, with U+0000 between one and the next
    p levels (tag size)... dtype bytes
                                a regular list or tuple of Python numbers of one type, nested in
                                `levels` levels (one byte), each a list or a tuple of one size
    q the same                  of NumPy scalars of one type
    w levels (tag size)... length bytes
                                the same of text, with U+0000 between one and the next
    u text text                 in a result: what no value can be, by its type and its dtype or ""
    r text text                 in a request: a random generator, by its kind and its state
    e place                     in a request: the result of an earlier call

Objects lie: about their type, length, items, equality and hash. So a value is walked by its real
type, with the methods of the class that it is sent as: a namedtuple is sent as a tuple, an
OrderedDict as a dict, a number of an enum as an int. `unpacking` is the way back.
"""

from collections.abc import Callable, Iterable
from itertools import chain, repeat
from operator import is_
from typing import Any, ClassVar

import numpy as np

from grader.confined import frames
from grader.confined.bounded_text import bounded
from grader.confined.bounds import (
    BYTES,
    CODE_OF,
    COUNT,
    DEPTH,
    KEYS,
    PARTS,
    TooLargeError,
    Unsent,
    Value,
    is_key,
    sendable,
)
from grader.confined.inert import needs
from grader.confined.leaves import (
    MANY,
    ONE,
    packed_leaves,
    packed_text,
    packed_texts,
)
from grader.confined.unpacking import Unpacker

_SHAPE_CAP = 100
_ALL = slice(None)
_NO_KEY = object()

# The getters of the base classes: an attribute of a student's class cannot take their place.
name_of = type.__dict__["__name__"].__get__
bases_of = type.__dict__["__mro__"].__get__
_dtype_of = np.generic.__dict__["dtype"].__get__

_LISTS = {id(list): b"l", id(tuple): b"t"}
_TEXT = frozenset((id(str),))
_REGULAR = MANY.union(_LISTS)
_PLAIN_KEYS = frozenset(map(id, (str, bytes, int, float, bool, type(None))))
_TEXT_KEYS = frozenset(map(id, (str, bytes)))


class Packer:
    """Writes one value; a new one for each."""

    _room = BYTES
    _parts = 0
    _keys = 0

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def pack(self, thing: object) -> bytes | Unsent:
        """Return a value as bytes, or what it is where no value can be that.

        Raises TooLargeError where it is beyond a bound, and what a missing library raises where
        one of its objects is in it.
        """
        unsent = self._add(thing, DEPTH)
        if unsent is not None:
            return unsent
        if self._pieces[0][:1] == b"a":
            return self._pieces[1]
        return b"".join(self._pieces)

    def special(self, thing: object) -> bytes | None:
        """Return the bytes of what only one of the two sides sends; here, nothing is."""
        del thing
        return None

    def _add(
        self,
        thing: object,
        depth: int,
    ) -> Unsent | None:
        kind = type(thing)
        add = self._adders.get(id(kind))
        if add is None:
            add = next(
                filter(None, map(self._adders.get, map(id, bases_of(kind))))
            )
        return add(self, thing, depth)

    def _add_parts(
        self,
        parts: Iterable[object],
        depth: int,
    ) -> None:
        append = self._pieces.append
        for part in parts:
            write = ONE.get(id(type(part)))
            if write is None:
                self._add_inner(part, depth)
                continue
            # As `_write` does: to call it for each of them would double the time.
            piece = write(part, self._room)
            self._room -= len(piece)
            if self._room < 0:
                raise TooLargeError("bytes")
            append(piece)

    def _add_inner(
        self,
        thing: object,
        depth: int,
    ) -> None:
        unsent = self._add(thing, depth)
        if unsent is not None:
            self._write(packed_unsent(unsent))

    def _write(self, piece: bytes) -> None:
        self._room -= len(piece)
        if self._room < 0:
            raise TooLargeError("bytes")
        self._pieces.append(piece)

    def _inside(
        self,
        depth: int,
        parts: int,
    ) -> None:
        """Go one level down, where there are so many parts."""
        if not depth:
            raise TooLargeError("depth")
        self._parts += parts
        if self._parts > PARTS:
            raise TooLargeError("parts")

    def _leaf(
        self,
        thing: object,
        _: int,
    ) -> None:
        for base in bases_of(type(thing)):
            write = ONE.get(id(base))
            if write is not None:
                self._write(write(thing, self._room))
                return

    def _scalar(
        self,
        thing: Value,
        _: int,
    ) -> Unsent | None:
        dtype = _dtype_of(thing)
        kind = sendable(dtype)
        if kind is None:
            return Unsent(bounded(name_of(type(thing))), bounded(dtype))
        data = np.generic.tobytes(thing)
        if kind is not dtype:
            data = np.ndarray((), dtype, data).astype(kind).tobytes()
        self._write(b"n" + CODE_OF[kind.str] + data)
        return None

    def _array(
        self,
        thing: Value,
        _: int,
    ) -> Unsent | None:
        plain: frames.Array = thing
        if type(thing) is not np.ndarray:
            plain = np.ndarray.view(thing, np.ndarray)
        kind = sendable(plain.dtype)
        if kind is None:
            return Unsent("ndarray", bounded(plain.dtype))
        if plain.size * kind.itemsize > self._room:
            raise TooLargeError("shape", bounded(plain.shape, _SHAPE_CAP))
        if kind is not plain.dtype:
            plain = plain.astype(kind)
        data = frames.pack_array(plain)
        self._pieces += (b"a" + COUNT.pack(len(data)), data)
        self._room -= len(data)
        return None

    def _list(
        self,
        thing: Value,
        depth: int,
    ) -> None:
        self._inside(depth, list.__len__(thing))
        self._sequence(list.__getitem__(thing, _ALL), b"l", depth)

    def _tuple(
        self,
        thing: Value,
        depth: int,
    ) -> None:
        self._inside(depth, tuple.__len__(thing))
        self._sequence(tuple.__getitem__(thing, _ALL), b"t", depth)

    def _sequence(
        self,
        items: Value,
        tag: bytes,
        depth: int,
    ) -> None:
        if items and id(type(items[0])) in _REGULAR:
            regular = self._regular(items, tag, depth)
            if regular is not None:
                self._write(regular)
                return
        self._write(tag + COUNT.pack(len(items)))
        self._add_parts(items, depth - 1)

    def _regular(
        self,
        items: Value,
        tag: bytes,
        depth: int,
    ) -> bytes | None:
        """Return regular nested lists of text, or of numbers of one type; None where they are not.

        They are looked at level by level and not one by one: a picture as nested lists takes a
        tenth of the time.
        """
        levels = tag + COUNT.pack(len(items))
        count, deep, parts = len(items), 1, 0
        while items and deep <= depth:
            kind = type(items[0])
            # By identity: the class of a type may lie about equality.
            if not all(map(is_, map(type, items), repeat(kind))):
                return None
            if kind is not list and kind is not tuple:
                break
            size = len(items[0])
            if not all(map(size.__eq__, map(len, items))):
                return None
            count, deep = count * size, deep + 1
            parts += count
            if self._parts + parts > PARTS:
                raise TooLargeError("parts")
            levels += _LISTS[id(kind)] + COUNT.pack(size)
            items = list(chain.from_iterable(items))
        is_whole = count and len(items) == count and deep <= depth
        packed = packed_leaves(items, self._room) if is_whole else None
        if packed is None:
            return None
        self._parts += parts
        leaf, data = packed
        return leaf + bytes((deep,)) + levels + data

    def _dict(
        self,
        thing: Value,
        depth: int,
    ) -> Unsent | None:
        self._inside(depth, 2 * dict.__len__(thing))
        keys = list(dict.keys(thing))
        values = list(dict.values(thing))
        if _TEXT.issuperset(map(id, map(type, keys))):
            texts = packed_texts(keys, self._room)
            if texts is not None:
                self._write(b"k" + COUNT.pack(len(keys)) + texts)
                self._add_parts(values, depth - 1)
                return None
        why = self._why_no_keys(keys)
        if why:
            return Unsent(f"dict with {why}")
        self._write(b"d" + COUNT.pack(len(keys)))
        pairs = zip(keys, values, strict=True)
        self._add_parts(chain.from_iterable(pairs), depth - 1)
        return None

    def _why_no_keys(self, keys: list[Any]) -> str:
        """Return why these cannot be the keys of a dict; nothing where they can."""
        kinds = list(map(id, map(type, keys)))
        self._keys += sum(kind not in _TEXT_KEYS for kind in kinds)
        if self._keys > KEYS:
            raise TooLargeError("keys")
        if _PLAIN_KEYS.issuperset(kinds):
            return ""
        plain = {}
        for key in keys:
            sent = _as_key(key)
            if sent is _NO_KEY:
                return f"a key of type {bounded(name_of(type(key)))}"
            plain[sent] = key
        return "" if len(plain) == len(keys) else "equal keys"

    def _other(
        self,
        thing: object,
        _: int,
    ) -> Unsent | None:
        data = self.special(thing)
        if data is None:
            needs(thing)
            return Unsent(bounded(name_of(type(thing))))
        self._write(data)
        return None

    _adders: ClassVar[dict[int, Callable[[Any, Any, int], Unsent | None]]] = {
        **dict.fromkeys(ONE, _leaf),
        id(list): _list,
        id(tuple): _tuple,
        id(dict): _dict,
        id(np.generic): _scalar,
        id(np.ndarray): _array,
        id(object): _other,
    }
    """How each class is written; the first of a type's bases that is here decides."""


def _as_key(key: object) -> Value:
    """Return a key as it arrives when sent; `_NO_KEY` where it cannot be sent as a key."""
    packed = Packer().pack(key)
    if isinstance(packed, Unsent):
        return _NO_KEY
    try:
        sent = Unpacker(packed).unpack()
    except ValueError:
        return _NO_KEY  # something in it is not a value
    return sent if is_key(sent) else _NO_KEY


def packed_unsent(what: Unsent) -> bytes:
    """Return what no value can be, as it is sent in its place."""
    return b"u" + packed_text(what.type_name) + packed_text(what.dtype)
