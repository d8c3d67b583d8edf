"""Who has a page of something open: read off the lines that are open anyway, so that being there
costs no request and no row.
"""

import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING

from .subscription import Subscription

if TYPE_CHECKING:
    from .hub import Hub

#: Seconds between two beats. What a beat finds, lines are told at most once for each place.
BEAT = 10
#: So many lines of one place are told in a beat, the others in the next ones: each of them costs a
#: request.
TOLD = 50
#: The end of the signal's name: who is at `event:42` has changed.
HERE = "here"


class PresencePlace:
    """A topic as its readers know it: who was there at the last beat, and which lines have not
    heard of a change since.
    """

    def __init__(self) -> None:
        self.people: frozenset[str] = frozenset()
        self._waiting: dict[Subscription, None] = {}

    def show(self, people: frozenset[str]) -> None:
        """A page that was drawn between two beats says that these are there: it is told when
        they are not.
        """
        self.people |= people

    def find(self, people: frozenset[str], lines: list[Subscription]) -> bool:
        """Now these are there; whether anything changed. Nobody waits to hear of themselves."""
        changed, self.people = self.people ^ people, people
        for line in lines if changed else ():
            if changed - {line.person}:
                self._waiting.setdefault(line)
        return bool(changed)

    def next(self, lines: list[Subscription]) -> list[Subscription]:
        """The lines whose turn it is to be told, those that waited longest first; no more than
        TOLD of them.
        """
        still_open = set(lines)
        waiting = [line for line in self._waiting if line in still_open]
        self._waiting = dict.fromkeys(waiting[TOLD:])
        return waiting[:TOLD]


class Presence:
    """Who is where, of those who let others see it. People are the ids of accounts, as text."""

    def __init__(self, hub: "Hub") -> None:
        self._hub = hub
        self._places: dict[str, PresencePlace] = {}
        self._lock = threading.Lock()

    def beat(self) -> None:
        """Lines whose readers would see other people than before are told, as far as it is their
        turn.
        """
        watched: dict[str, list[Subscription]] = {}
        lines = self._hub.lines()
        for line in lines:
            for topic in line.places:
                watched.setdefault(topic, []).append(line)
        found = self._gathered(
            {topic: _shown(those) for topic, those in watched.items()}, _shown(lines)
        )
        with self._lock:
            known, self._places = (
                self._places,
                {topic: self._places.get(topic) or PresencePlace() for topic in watched},
            )
            places = known | self._places
        for topic, place in places.items():
            self._notify(topic, place, found.get(topic, frozenset()), watched.get(topic, []))

    def at(self, topic: str) -> list[str]:
        """Who is at this place, in no order."""
        people = _shown(line for line in self._hub.lines_of(topic) if topic in line.places)
        if people:
            with self._lock:
                self._places.setdefault(topic, PresencePlace()).show(people)
        return list(people)

    def online(self, people: Iterable[str]) -> set[str] | None:
        """Those of these people who have any page open; None: that cannot be said now."""
        return set(people) & _shown(self._hub.lines())

    def _gathered(
        self, here: dict[str, frozenset[str]], online: frozenset[str]
    ) -> dict[str, frozenset[str]]:
        """Who is at each of the places, where this process's lines say `here`."""
        return here

    def _notify(
        self, topic: str, place: PresencePlace, people: frozenset[str], lines: list[Subscription]
    ) -> None:
        name = f"{topic}:{HERE}"
        if place.find(people, lines):
            self._hub.note(name)
        for line in place.next(lines):
            line.notify(name)


def _shown(lines: Iterable[Subscription]) -> frozenset[str]:
    return frozenset(line.person for line in lines if line.is_shown)
