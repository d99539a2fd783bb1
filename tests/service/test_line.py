"""Who is next: fair by person, one at a time, newest first of those who wait for the same."""

import functools
import math
import threading
from collections import Counter

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
)

from grader.service.graders.line import Line, Place
from grader.service.graders.slots import (
    ClosedError,
    Slots,
    SupersededError,
)

PEOPLE = st.sampled_from(["ada", "bob", "eve", "zoe"])
THINGS = st.sampled_from(["convolution", "softmax"])


class LineMachine(RuleBasedStateMachine):
    """Any order of arrivals, starts and ends, against a plain list that says what is right."""

    def __init__(self) -> None:
        super().__init__()
        self.line: Line[int] = Line()
        self.waiting: list[tuple[Place, int]] = []
        self.turns: dict[Place, tuple[int, int]] = {}
        self.places = 0
        self.running: list[Place] = []
        self.gone: Counter[str] = Counter()
        self.last = 0

    @rule(person=PEOPLE, what=THINGS, lets_pass=st.sampled_from([0, 3]))
    def arrive(self, person: str, what: str, lets_pass: int) -> None:
        """Let a job arrive: it takes the turn of an older one for the same."""
        self.last += 1
        place = Place(person, what)
        found = [at for at, each in enumerate(self.waiting) if each[0] == place]
        superseded = self.line.arrive(place, self.last, lets_pass)
        if found:
            assert superseded == self.waiting[found[0]][1]
            self.waiting[found[0]] = (place, self.last)
        else:
            assert superseded is None
            self.waiting.append((place, self.last))
            self.places += 1
            self.turns[place] = (self.places + lets_pass, lets_pass)

    @rule()
    def start(self) -> None:
        """Start the first whose person has none running: who could start lets only so many pass."""
        busy = {place.person for place in self.running}
        free = [each for each in self.waiting if each[0].person not in busy]
        free.sort(key=lambda each: self.turns[each[0]])
        started = self.line.start()
        assert started == (free[0] if free else None)
        if started is not None:
            self.waiting.remove(started)
            self.running.append(started[0])

    @precondition(lambda self: self.running)
    @rule(data=st.data())
    def end(self, data: st.DataObject) -> None:
        """Jobs end in any order."""
        place = data.draw(st.sampled_from(self.running))
        self.running.remove(place)
        self.line.end(place)

    @rule()
    def empty(self) -> None:
        """When the service ends, everything that waits is given back, and nothing else."""
        assert self.line.empty() == [job for _, job in self.waiting]
        self.waiting = []

    @invariant()
    def counts(self) -> None:
        """Nothing is lost, and one person never has two running."""
        assert self.line.waiting == len(self.waiting)
        assert self.line.running == len(self.running)
        people = [place.person for place in self.running]
        assert len(people) == len(set(people))


TestLine = LineMachine.TestCase


def test_what_takes_long_lets_only_so_many_pass() -> None:
    """Of nine who come after a notebook that lets three pass, three go first, then the notebook."""
    line: Line[str] = Line()
    line.arrive(Place("ada", "convolution"), "notebook", lets_pass=3)
    for number in range(9):
        line.arrive(Place(f"{number}", "convolution"), f"file {number}")
    started = [line.start() for _ in range(5)]
    assert [each and each[1] for each in started] == [
        "file 0",
        "file 1",
        "file 2",
        "notebook",
        "file 3",
    ]


@pytest.fixture
def slots() -> Slots:
    """Return a single slot, so that the second job waits."""
    return Slots(1)


def test_only_the_newest_waits(slots: Slots) -> None:
    """Of three presses while one runs, the last is done, and the others are told so."""
    gate = threading.Event()
    busy = slots.submit("somebody", "else", gate.wait)
    pressed = [
        slots.submit("ada", "convolution", functools.partial(int, n))
        for n in range(3)
    ]
    other = slots.submit("ada", "softmax", lambda: "other")
    gate.set()
    assert busy.result() is True
    assert pressed[2].result() == 2
    for older in pressed[:2]:
        with pytest.raises(SupersededError):
            older.result()
    assert other.result() == "other"
    slots.close()


def test_what_waits_is_told_when_the_service_ends(slots: Slots) -> None:
    """Ending waits for what runs, and says of the rest that it was not begun."""
    gate = threading.Event()
    begun = threading.Event()

    def run() -> str:
        begun.set()
        gate.wait()
        return "done"

    running = slots.submit("ada", "convolution", run)
    begun.wait()
    waiting = slots.submit("bob", "convolution", lambda: "never")
    closing = threading.Thread(target=slots.close)
    closing.start()
    with pytest.raises(ClosedError):
        waiting.result()
    gate.set()
    assert running.result() == "done"
    closing.join()
    with pytest.raises(ClosedError):
        slots.submit("eve", "convolution", lambda: "late").result()


def test_a_job_that_raises_costs_no_slot(slots: Slots) -> None:
    """What a job raises reaches whoever waits for it; the slot goes on."""

    def fail() -> None:
        raise ValueError("this one")

    with pytest.raises(ValueError, match="this one"):
        slots.submit("ada", "convolution", fail).result()
    assert slots.submit("ada", "convolution", lambda: "next").result() == "next"
    assert (slots.waiting, slots.running) == (0, 0)
    slots.close()


def test_a_job_may_give_its_slot_to_another() -> None:
    """A second job begins while the first goes on; that one needs no slot any more."""
    slots = Slots(1)
    gate, given_up = threading.Event(), threading.Event()

    def run() -> str:
        slots.give_up()
        slots.give_up()  # once is all it had
        given_up.set()
        gate.wait()
        return "first"

    first = slots.submit("ada", "convolution", run)
    given_up.wait()
    assert slots.submit("bob", "convolution", lambda: "second").result() == (
        "second"
    )
    newer = slots.submit("ada", "convolution", lambda: "newer")
    assert slots.submit("eve", "convolution", lambda: "third").result() == (
        "third"
    )
    # Of one person, one runs.
    assert (slots.waiting, slots.running, newer.done()) == (1, 1, False)
    gate.set()
    assert first.result() == "first"
    assert newer.result() == "newer"
    slots.close()


def test_only_so_many_give_their_slot_up() -> None:
    """With one place beside the slots, the second job keeps its slot, until the first ends."""
    slots = Slots(1, lowered=1)
    gates = [threading.Event() for _ in range(2)]
    begun = [threading.Event() for _ in range(2)]

    def run(number: int) -> None:
        slots.give_up()
        begun[number].set()
        gates[number].wait()

    jobs = []
    for number in range(2):
        jobs.append(
            slots.submit(f"{number}", "x", functools.partial(run, number))
        )
        begun[number].wait()
    waits = slots.submit("ada", "convolution", lambda: "third")
    assert (slots.waiting, waits.done()) == (1, False)
    gates[1].set()
    assert waits.result() == "third"
    gates[0].set()
    for job in jobs:
        job.result()
    slots.give_up()  # no job of theirs, so nothing happens
    assert slots.submit("eve", "x", lambda: "fourth").result() == "fourth"
    slots.close()


def test_slots_know_how_busy_they_were_lately() -> None:
    """A job that held one of two slots for half of ten seconds counts a quarter, later less."""
    seconds = [100.0]
    slots = Slots(2, clock=lambda: seconds[0])

    def run() -> None:
        seconds[0] += 5

    assert slots.load() == 0.0
    slots.submit("ada", "convolution", run).result()
    assert slots.load() == 0.25
    seconds[0] += 10
    assert slots.load() == pytest.approx(0.25 / math.e)
    slots.close()


def test_what_gave_its_slot_up_is_no_load() -> None:
    """An endless file that goes on beside the slots does not make them busy."""
    seconds = [100.0]
    slots = Slots(1, clock=lambda: seconds[0])

    def run() -> None:
        slots.give_up()
        seconds[0] += 5

    slots.submit("ada", "convolution", run).result()
    assert slots.load() == 0.0
    slots.close()
