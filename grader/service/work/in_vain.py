"""Ends what runs in vain: what was pressed for something else in the meantime.

Only one attempt of a person runs at a time. Without this room, a student who mends an endless loop
and presses again would wait until the budget of the first attempt is over. So the first attempt is
called off, provided that it takes long and that the newer one has other bytes: pressing twice must
not end what is nearly done.
"""

import itertools
import threading
from collections.abc import Callable, Hashable
from typing import NamedTuple


class Ticket(NamedTuple):
    """One attempt: where it takes the place of older ones, and what it is."""

    place: Hashable
    number: int
    digest: str


class InVain:
    """What was pressed last at each place, and what runs lowered there."""

    def __init__(self) -> None:
        self._numbers = itertools.count()
        self._lock = threading.Lock()
        self._newest: dict[Hashable, Ticket] = {}
        self._lowered: dict[Ticket, Callable[[], None]] = {}

    def arrived(self, place: Hashable, digest: str) -> Ticket:
        """Note a new attempt, and call off what it makes vain."""
        with self._lock:
            ticket = Ticket(place, next(self._numbers), digest)
            self._newest[place] = ticket
            ended = [
                self._lowered.pop(each)
                for each in list(self._lowered)
                if self._is_vain(each)
            ]
        for call_off in ended:
            call_off()
        return ticket

    def lowered(self, ticket: Ticket, call_off: Callable[[], None]) -> None:
        """Note that an attempt is going to take long; call it off if it is vain already."""
        with self._lock:
            is_vain = self._is_vain(ticket)
            if not is_vain:
                self._lowered[ticket] = call_off
        if is_vain:
            call_off()

    def settled(self, ticket: Ticket) -> None:
        """Forget an attempt that has ended."""
        with self._lock:
            self._lowered.pop(ticket, None)
            if self._newest.get(ticket.place) == ticket:
                del self._newest[ticket.place]

    def _is_vain(self, ticket: Ticket) -> bool:
        newest = self._newest.get(ticket.place, ticket)
        return newest.number > ticket.number and newest.digest != ticket.digest
