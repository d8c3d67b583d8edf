"""People who use a site while it breaks: a member, a visitor and a guest, who each read and change
something.

Accepted changes are remembered, so that a row can say how many of them were lost.
"""

import threading
from collections.abc import Callable, Iterable
from itertools import count
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from tests import factories
from tests.attendance import checking_in as visiting
from webapp.accounts.models import User
from webapp.attendance import guest_links
from webapp.attendance.models import HostMessage
from webapp.core.extensions import db
from webapp.events.models import Event, Guest, Rsvp

from .asking import Answer, Client

if TYPE_CHECKING:
    from .fault_site import FaultSite

Act = Callable[[int], Answer]
PASSWORD = "violet Kayak 9 lantern"
WRITING = "read, open streams and write (answers, messages, sign-ups, requests for a guest’s link)"
WHO = f"a member, a visitor and a guest {WRITING}"
MANY = f"of each, members, visitors and guests, {WRITING}"
ANSWERS = ("going", "not_going")
numbers = count(1)


class Crowd:
    """A member, a visitor and a guest of one event, and the changes that the site has accepted from
    them.
    """

    def __init__(self, here: "FaultSite", event: Event, **options: Any) -> None:
        self.number = next(numbers)
        self.event_id, self.path = event.id, event.path
        person, guest = (
            factories.user(),
            visiting.guest(event, email=f"guest{self.number}@example.org"),
        )
        self.ids = {"user": person.id, "guest": guest.id}
        self.guest_path = guest_links.path(guest)
        self.member = here.client(person, **options)
        self.newcomer, self.guest = here.client(**options), here.client(**options)
        self.listener = Client(here.live_url, self.member.cookie, **options)
        #: Without a cookie, a visitor gets cached pages, for which the application isn't called.
        self.visitor = Client(here.site.url, **options)
        self.answers: dict[str, str] = {}
        self.made: dict[str, set[str]] = {"messages": set(), "sign-ups": set(), "links": set()}
        self._lock = threading.Lock()

    @property
    def readers(self) -> list[Act]:
        """Return acts for `load` that only read, one for each of the three, who open streams in
        between.
        """
        pages = [
            (self.member, ("/", self.path, "/account", "/groups")),
            (self.visitor, ("/", self.path, "/events", "/groups")),
            (self.visitor, (self.guest_path, self.path)),
        ]
        return [
            lambda n, who=who, paths=paths: (
                self.listen() if n % 5 == 4 else who.get(paths[n % len(paths)])
            )
            for who, paths in pages
        ]

    def listen(self) -> Answer:
        """Open the member's stream of the event."""
        return self.listener.listen(f"/live?t=event:{self.event_id}")

    @property
    def writers(self) -> list[Act]:
        """Return acts for `load` that only write, one for each of the three."""
        return [
            lambda n: self._message("user", n) if n % 3 == 2 else self.answer("user", n),
            lambda n: self._sign_up(n) if n % 2 else self.ask_for_link(n),
            lambda n: self._message("guest", n) if n % 3 == 2 else self.answer("guest", n),
        ]

    @property
    def acts(self) -> list[Act]:
        """Return acts for `load`, one for each of the three: they read four pages, then write."""
        return [
            _in_turn(read, write) for read, write in zip(self.readers, self.writers, strict=True)
        ]

    def answer(self, who: str, number: int) -> Answer:
        """Answer "Going" and "Can't go" in turn, as the member or by the guest's link."""
        client, path = (self.member, self.path) if who == "user" else (self.guest, self.guest_path)
        said = ANSWERS[number % 2]
        answer = client.post(f"{path}/rsvp", answer=said, party=1)
        if answer.status == 303:
            self.answers[who] = said
        elif answer.status == 0 or answer.status >= 500:
            self.answers.pop(who, None)  # it's unknown whether the answer was saved
        return answer

    def ask_for_link(self, number: int) -> Answer:
        """Request a link to answer as a guest."""
        email = f"asks{self.number}-{number}@example.org"
        return self._noted(
            "links", email, self.newcomer.post(f"{self.path}/guest", name="Gil", email=email)
        )

    def _sign_up(self, number: int) -> Answer:
        email = f"new{self.number}-{number}@example.org"
        names = {
            "first_name": "Gil",
            "last_name": f"No{number}",
            "handle": f"gil-{self.number}-{number}",
            "affirmed": "y",
        }
        fields = {**names, "email": email, "password": PASSWORD, "password_again": PASSWORD}
        return self._noted("sign-ups", email, self.newcomer.post("/sign-up", **fields))

    def _message(self, who: str, number: int) -> Answer:
        client, path = (self.member, self.path) if who == "user" else (self.guest, self.guest_path)
        body = f"Message {number} of {who} {self.number}"
        return self._noted("messages", body, client.post(f"{path}/message", body=body))

    def _noted(self, kind: str, word: str, answer: Answer) -> Answer:
        if answer.status == 303:
            with self._lock:
                self.made[kind].add(word)
        return answer

    def lost(self) -> int:
        """Return how many accepted changes aren't in the database."""
        said = dict(self._rows(Rsvp.user_id, Rsvp.state) + self._rows(Rsvp.guest_id, Rsvp.state))
        wrong = sum(said.get(self.ids[who]) != answer for who, answer in self.answers.items())
        kept = {
            "messages": self._rows(HostMessage.body),
            "sign-ups": db.session.execute(sa.select(User.email)).all(),
            "links": self._rows(Guest.email),
        }
        db.session.rollback()
        return wrong + sum(
            len(words - {row[0] for row in kept[kind]}) for kind, words in self.made.items()
        )

    def _rows(self, *columns: Any) -> list[Any]:
        return list(
            db.session.execute(
                sa.select(*columns).where(columns[0].class_.event_id == self.event_id)
            ).all()
        )


def _in_turn(read: Act, write: Act) -> Act:
    return lambda n: write(n // 5) if n % 5 == 4 else read(n - n // 5)


def lost(crowds: Iterable[Crowd]) -> int:
    """Return how many accepted changes of these crowds were lost."""
    return sum(crowd.lost() for crowd in crowds)
