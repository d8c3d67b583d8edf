"""Who has a page open, derived from open streams: it needs no request and no row."""

import threading
from collections.abc import Iterable

from .streams import Streams
from .subscription import Subscription

#: Seconds between two beats. Streams are notified at most once per topic and beat.
BEAT = 10
#: At most this many streams are notified per topic and beat: each causes a request.
TOLD = 50
#: The end of the signal's name: `event:42:here` says that the people at `event:42` changed.
HERE = "here"


class PresencePlace:
    """A topic: who was there at the last beat, and which streams haven't been notified of a change
    yet.
    """

    def __init__(self) -> None:
        self.people: frozenset[str] = frozenset()
        self._waiting: dict[Subscription, None] = {}

    def show(self, people: frozenset[str]) -> None:
        """Add people whom a page rendered between two beats shows: it is notified when they
        leave.
        """
        self.people |= people

    def find(self, people: frozenset[str], subscriptions: list[Subscription]) -> bool:
        """Record who is there now; return whether it changed.

        Nobody is notified about themselves.
        """
        changed, self.people = self.people ^ people, people
        for subscription in subscriptions if changed else ():
            if changed - {subscription.person}:
                self._waiting.setdefault(subscription)
        return bool(changed)

    def next(self, subscriptions: list[Subscription]) -> list[Subscription]:
        """Return the streams to notify now, longest waiting first, at most TOLD."""
        still_open = set(subscriptions)
        waiting = [subscription for subscription in self._waiting if subscription in still_open]
        self._waiting = dict.fromkeys(waiting[TOLD:])
        return waiting[:TOLD]


class Presence:
    """Who is where, of those who let others see it. People are account ids as text."""

    def __init__(self, streams: Streams) -> None:
        self._streams = streams
        self._places: dict[str, PresencePlace] = {}
        self._lock = threading.Lock()

    def beat(self) -> None:
        """Notify streams for whom the people shown have changed, as many as a beat allows."""
        watched: dict[str, list[Subscription]] = {}
        subscriptions = self._streams.subscriptions()
        for subscription in subscriptions:
            for topic in subscription.places:
                watched.setdefault(topic, []).append(subscription)
        found = self._gathered(
            {topic: _shown(those) for topic, those in watched.items()}, _shown(subscriptions)
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
        """Return who is at this place, in no order."""
        people = _shown(
            subscription
            for subscription in self._streams.subscriptions_of(topic)
            if topic in subscription.places
        )
        if people:
            with self._lock:
                self._places.setdefault(topic, PresencePlace()).show(people)
        return list(people)

    def online(self, people: Iterable[str]) -> set[str] | None:
        """Return those of these people who have any page open; None if that is unknown."""
        return set(people) & _shown(self._streams.subscriptions())

    def _gathered(
        self, here: dict[str, frozenset[str]], online: frozenset[str]
    ) -> dict[str, frozenset[str]]:
        """Return who is at each place, over all processes. `here` is who this process has."""
        return here

    def _notify(
        self,
        topic: str,
        place: PresencePlace,
        people: frozenset[str],
        subscriptions: list[Subscription],
    ) -> None:
        name = f"{topic}:{HERE}"
        if place.find(people, subscriptions):
            self._streams.record(name)
        for subscription in place.next(subscriptions):
            subscription.notify(name)


def _shown(subscriptions: Iterable[Subscription]) -> frozenset[str]:
    return frozenset(subscription.person for subscription in subscriptions if subscription.is_shown)
