"""Calls on `student`, recorded one by one and cut into trials.

A trial holds the calls since the last one, and all earlier calls on the objects that these use. So
each trial starts afresh, whatever became of the one before.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import msgspec

from grader.model import Call, Earlier, Parameter, Target, Trial, Value
from grader.recording.arguments import copied, parameter_names
from grader.recording.node import Node, RecordingError, close_to

MOST_CALLS: Final = 1000
"""The most calls of one case."""


class Student:
    """What cases.py calls: it has the functions and the classes that the stub asks for."""

    __slots__ = ("_recorder",)

    def __init__(
        self,
        recorder: "Recorder",
    ) -> None:
        self._recorder = recorder

    def __getattr__(
        self,
        name: str,
    ) -> "_Function":
        """Return a function or a class of the stub; `RecordingError` for another name."""
        if name.startswith("__"):
            raise AttributeError(name)
        targets = self._recorder.targets
        if name not in targets:
            asked = ", ".join(targets)
            raise RecordingError(
                f"the stub asks for no {name}{close_to(name, list(targets))} (it asks for {asked})"
            )
        return _Function(self._recorder, targets[name])


class _Function:
    """A function or a class of the stub."""

    __slots__ = ("_recorder", "_target")

    def __init__(
        self,
        recorder: "Recorder",
        target: Target,
    ) -> None:
        self._recorder = recorder
        self._target = target

    def __call__(self, *args: Any, **kwargs: Any) -> Node:  # noqa: ANN401 - checked when recorded
        return self._recorder.call(self._target, args, kwargs)


class Recorder:
    """The calls of one case; `student` records them."""

    def __init__(
        self,
        targets: Sequence[Target],
    ) -> None:
        self.targets = {target.name: target for target in targets}
        self.student = Student(self)
        self._calls: list[Call] = []
        self._objects: set[int] = set()
        """The places of the calls that made an object."""
        self._begin = 0

    # ------------------------------------------------------------------ recording

    def call(
        self,
        target: Target,
        args: Sequence[Any],
        kwargs: dict[str, Any],
    ) -> Node:
        """Record the call of a function or of a class."""
        made_by = target if target.is_class else None
        if made_by is not None:
            self._objects.add(len(self._calls))
        call = self._recorded(
            target.name,
            target.parameters,
            args,
            kwargs,
        )
        return self._added(call, target.name, made_by)

    def method(
        self,
        on: Node,
        name: str,
        args: Sequence[Any],
        kwargs: dict[str, Any],
    ) -> Node:
        """Record the call of a method."""
        target = on._made_by  # noqa: SLF001 - a node is the recorder's own
        parameters = next(
            each.parameters
            for each in (() if target is None else target.methods)
            if each.name == name
        )
        call = self._recorded(
            name,
            parameters,
            args,
            kwargs,
        )
        call = msgspec.structs.replace(call, on=self._place(on).index)
        return self._added(call, name)

    def attribute(
        self,
        on: Node,
        name: str,
    ) -> Node:
        """Record that an attribute is read."""
        call = Call(name=name, on=self._place(on).index, is_attribute=True)
        return self._added(call, name)

    def _recorded(
        self,
        name: str,
        parameters: Sequence[Parameter],
        args: Sequence[Any],
        kwargs: dict[str, Any],
    ) -> Call:
        names = parameter_names(
            name,
            parameters,
            args,
            kwargs,
        )
        return Call(
            name=name,
            args=tuple(copied(value, self._place) for value in args),
            kwargs={
                key: copied(value, self._place) for key, value in kwargs.items()
            },
            names=names,
        )

    def _added(
        self,
        call: Call,
        said: str,
        made_by: Target | None = None,
    ) -> Node:
        if len(self._calls) >= MOST_CALLS:
            raise RecordingError(f"more than {MOST_CALLS} calls in one case")
        self._calls.append(call)
        return Node(
            self,
            len(self._calls) - 1,
            said,
            made_by,
        )

    def _place(
        self,
        node: Node,
    ) -> Earlier:
        if node._book is not self:  # noqa: SLF001 - a node is the recorder's own
            raise RecordingError("a result of another case is used")
        return Earlier(node._index)  # noqa: SLF001 - as above

    # ------------------------------------------------------------------ cutting

    def trial(
        self,
        case: str,
        name: str,
        result: object,
    ) -> Trial:
        """Return a trial of the calls since the last one, with what is to be compared."""
        template = copied(result, self._place)
        if not set(_earlier(template)):
            raise RecordingError(
                "what is yielded has no result of student in it, so nothing is asked"
            )
        kept = sorted(self._needed(template))
        self._begin = len(self._calls)
        return trial_of(
            case,
            name,
            [(n, self._calls[n]) for n in kept],
            template,
        )

    def _needed(
        self,
        template: Value,
    ) -> set[int]:
        """Return the places of all calls that a trial needs."""
        wanted = [*range(self._begin, len(self._calls)), *_earlier(template)]
        needed: set[int] = set()
        while wanted:
            index = wanted.pop()
            if index in needed:
                continue
            needed.add(index)
            wanted += _used_by(self._calls[index])
            if index in self._objects:
                wanted += self._calls_on(index)
        return needed

    def _calls_on(
        self,
        made: int,
    ) -> Iterator[int]:
        """Yield the places of the calls that may have changed an object: not where it is read."""
        for index in range(made + 1, self._begin):
            call = self._calls[index]
            if not call.is_attribute and made in _used_by(call):
                yield index


def trial_of(
    case: str,
    name: str,
    calls: Sequence[tuple[int, Call]],
    result: Value,
) -> Trial:
    """Return a trial of these calls, each with its place in the record, counted from 0 in it."""
    places = {old: new for new, (old, _) in enumerate(calls)}
    used = {index for _, call in calls for index in _used_by(call)}
    sent = set(_earlier(result))
    renumbered = tuple(
        msgspec.structs.replace(
            call,
            on=None if call.on is None else places[call.on],
            args=tuple(_moved(value, places) for value in call.args),
            kwargs={
                key: _moved(value, places) for key, value in call.kwargs.items()
            },
            is_kept=old in used,
            is_sent=old in sent,
        )
        for old, call in calls
    )
    return Trial(
        case=case,
        name=name,
        args=tuple(
            value
            for call in renumbered
            for value in (*call.args, *call.kwargs.values())
        ),
        names=tuple(shown_names(renumbered)),
        calls=renumbered,
        result=_moved(result, places),
    )


def shown_names(calls: Iterable[Call]) -> list[str]:
    """Return a name for each argument of several calls, each only once: `x`, or `forward.x`."""
    pairs = [(call.name, name) for call in calls for name in call.names]
    alone = Counter(name for _, name in pairs)
    seen: Counter[str] = Counter()
    names = []
    for of, name in pairs:
        shown = name if alone[name] == 1 else f"{of}.{name}"
        seen[shown] += 1
        names.append(shown if seen[shown] == 1 else f"{shown} {seen[shown]}")
    return names


def _used_by(call: Call) -> list[int]:
    used = [] if call.on is None else [call.on]
    for value in (*call.args, *call.kwargs.values()):
        used += _earlier(value)
    return used


def _earlier(value: Value) -> Iterator[int]:
    """Yield the places of the results in a template."""
    if isinstance(value, Earlier):
        yield value.index
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _earlier(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from _earlier(item)


def _moved(
    value: Value,
    places: dict[int, int],
) -> Value:
    """Return a template with the places of its results renumbered."""
    if isinstance(value, Earlier):
        return Earlier(places[value.index])
    if isinstance(value, list | tuple):
        return type(value)(_moved(item, places) for item in value)
    if isinstance(value, dict):
        return {key: _moved(item, places) for key, item in value.items()}
    return value
