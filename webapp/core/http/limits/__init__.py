"""How often: what is costly or dangerous is counted try by try (here), everything else by the
minute (`allowances`).

All of it is counted across processes in Redis, in this process without it or while it is away
(`counters`). Each try is counted before anything is done for it (`taking`). Nothing that was typed
becomes part of a key: names and email addresses are hashed.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from math import ceil
from typing import Any
from uuid import UUID

import structlog
from flask import Flask, Response, current_app, g, request
from flask_login import current_user
from werkzeug.exceptions import TooManyRequests

from ...observability import metrics
from ...text.strings import folded
from ...time.clock import now
from .. import client_address
from . import allowances
from .allowances import LimitStatus
from .counters import Counters, Taken

log = structlog.get_logger(__name__)

MINUTE, HOUR = 60, 3600

#: Every limit that is counted try by try, by its name.
LIMITS: dict[str, "Limit"] = {}


@dataclass(frozen=True)
class Limit:
    """`most` in any `seconds`, for each key.

    An answer that isn't `charged` gives back what was taken for it.
    """

    name: str
    most: int
    seconds: int
    charged: Callable[[Response], bool] | None = None

    def __post_init__(self) -> None:
        LIMITS[self.name] = self

    def take(self, key: str) -> bool:
        """Whether there was one left for this key, which is taken."""
        return self._turn(key).is_granted

    def demand(self, key: str) -> None:
        """One of this key's is taken. Raises TooManyRequests where none is left."""
        turn = self._turn(key)
        if not turn.is_granted:
            raise turn.refusal()

    def on(self, view: Any, key: Callable[[], str] = client_address.counted) -> Any:
        """The view, each POST to which takes one for `key()` before it begins, and says how many
        are left.
        """

        @wraps(view)
        def limited(*args: Any, **values: Any) -> Any:
            if request.method == "POST":
                turn = self._turn(key(), is_reported=True)
                if not turn.is_granted:
                    raise turn.refusal()
            return view(*args, **values)

        limited.limits = (self, *getattr(view, "limits", ()))  # type: ignore[attr-defined]
        return limited

    def _turn(self, key: str, is_reported: bool = False) -> "Reservation":
        whole = f"{self.name}:{key}"
        turn = Reservation(
            self,
            whole,
            current_app.extensions["limits"].take(whole, self.most, self.seconds),
            is_reported,
        )
        g.setdefault("turns", []).append(turn)
        if not turn.is_granted:
            log.warning("limited", limit=self.name, route=request.endpoint)
            metrics.refused(self.name)
        return turn


@dataclass
class Reservation:
    """What a request took of a limit, or didn't get; `is_notified`: its answer may say so."""

    limit: Limit
    key: str
    taken: Taken
    is_reported: bool

    @property
    def is_granted(self) -> bool:
        """Whether there was one left."""
        return self.taken.entry is not None

    @property
    def count(self) -> LimitStatus:
        """What is left for the key, and when there will be more."""
        limit, taken = self.limit, self.taken
        return LimitStatus(limit.most, limit.most - taken.number, taken.oldest + limit.seconds)

    def refusal(self) -> TooManyRequests:
        """What tells how long to wait."""
        return TooManyRequests(retry_after=max(1, ceil(self.count.resets_at - now().timestamp())))

    def release_uncharged(self, answer: Response) -> None:
        """What this answer doesn't cost is given back."""
        entry, charged = self.taken.entry, self.limit.charged
        if entry is not None and charged is not None and not charged(answer):
            current_app.extensions["limits"].give_back(self.key, entry)
            self.taken = self.taken._replace(number=self.taken.number - 1)


def settle_reservations(answer: Response) -> LimitStatus | None:
    """Each turn of this request is settled; returns the count of which the least is left, of
    those that may be told.
    """
    turns: list[Reservation] = g.pop("turns", [])
    for turn in turns:
        turn.release_uncharged(answer)
    return min(
        (turn.count for turn in turns if turn.is_reported),
        key=lambda count: count.left,
        default=None,
    )


def waive() -> None:
    """Whatever its answer looks like, this request has done nothing: it gives back what it took."""
    g.is_spared = True


def _was_taken(response: Response) -> bool:
    """Whether the form was accepted: a mistyped one, or the second of a double click, sends no
    email and costs nothing.
    """
    return response.status_code < 400 and not g.get("is_spared")


def _was_kept(response: Response) -> bool:
    """Whether something was written: a refused form and a preview cost nothing."""
    return response.status_code == 303 and not g.get("is_spared")


NAME_TRIES = Limit("name", 5, MINUTE)
ACCOUNT_TRIES = Limit("account", 5, MINUTE)
OWN_TRIES = Limit("own", 5, MINUTE)
ADDRESS_TRIES = Limit("sign-in", 60, MINUTE)
ADDRESS_EMAILS = Limit("mail", 60, MINUTE)
EMAILS = Limit("email", 5, HOUR, charged=_was_taken)
MESSAGES = Limit("messages", 5, HOUR, charged=_was_taken)
LINK_MESSAGES = Limit("link", 5, HOUR, charged=_was_taken)
ADDRESS_LINK_MESSAGES = Limit("links", 20, HOUR, charged=_was_taken)
ANSWERS = Limit("answers", 20, MINUTE, charged=_was_taken)
ADDED_PEOPLE = Limit("added-people", 30, HOUR, charged=_was_taken)
TEXTS = Limit("texts", 20, MINUTE, charged=_was_kept)
ANNOUNCEMENTS = Limit("announcement", 5, HOUR, charged=_was_taken)


def init_app(app: Flask) -> None:
    """Tries are counted where the configuration says, every request is counted, and answers say
    how many are left.
    """
    app.extensions["limits"] = Counters(app.config["REDIS_URL"], app.extensions["circuit_breaker"])
    allowances.init_app(app, app.extensions["limits"])
    app.after_request(_notify)


def person_or_address() -> str:
    """The signed-in person, else the address that the request came from."""
    return str(current_user.id) if current_user.is_authenticated else client_address.counted()


def hashed(text: str) -> str:
    """The same for the same text, however it is capitalised; the text cannot be found again from
    it.
    """
    key = current_app.config["SECRET_KEY"].encode()[:64]
    return hashlib.blake2b(folded(text).strip().encode(), key=key, digest_size=12).hexdigest()


def _named_account() -> str:
    """The account that is named, however its handle is spelt."""
    return hashed(request.form.get("name", "").strip().lstrip("@"))


def _for_each_route(key: Callable[[], str]) -> Callable[[], str]:
    return lambda: f"{request.endpoint}:{key()}"


def sign_in(view: Any) -> Any:
    """5 tries a minute for a name, 60 from an address; `allows_attempt` counts those for an account
    by any of its names.
    """
    return ADDRESS_TRIES.on(NAME_TRIES.on(view, _named_account))


def with_proof(view: Any) -> Any:
    """60 times a minute from an address, counted with the sign-ins: the form carries a proof
    that nobody guesses.
    """
    return ADDRESS_TRIES.on(view)


def own_password(view: Any) -> Any:
    """5 tries a minute for a person who is asked for their own password again."""
    return ADDRESS_TRIES.on(OWN_TRIES.on(view, person_or_address))


def sends_email(view: Any) -> Any:
    """60 times a minute from an address; `email_to` counts the emails themselves."""
    return ADDRESS_EMAILS.on(view)


def writes_to_people(view: Any) -> Any:
    """5 messages an hour from a person through one route, to all recipients."""
    return MESSAGES.on(view, _for_each_route(person_or_address))


def writes_by_link(view: Any) -> Any:
    """5 messages an hour by one emailed link, 20 from an address: who has such a link need not
    be signed in.
    """
    return ADDRESS_LINK_MESSAGES.on(LINK_MESSAGES.on(view, lambda: hashed(request.path)))


def answers_people(view: Any) -> Any:
    """20 times a minute from a person to those who wait for an answer, or whose own it is: they
    began it.
    """
    return ANSWERS.on(view, person_or_address)


def adds_people(view: Any) -> Any:
    """30 an hour by a person, who says for them that they come: each is told."""
    return ADDED_PEOPLE.on(view, _for_each_route(person_or_address))


def writes_to_a_group(view: Any) -> Any:
    """20 texts a minute from a person, wherever they write them."""
    return TEXTS.on(view, person_or_address)


def announcement_by(user_id: UUID) -> None:
    """One more text goes to everyone in a group.

    Raises TooManyRequests after 5 in an hour, to all recipients.
    """
    ANNOUNCEMENTS.demand(str(user_id))


def login_attempt(user_id: UUID) -> bool:
    """Whether a password may be tried on this account: 5 times a minute, whichever of its names was
    typed.

    Who is refused must not learn it: that two names share a count tells that they are one person's.
    """
    return ACCOUNT_TRIES.take(str(user_id))


def email_to(email: str) -> None:
    """One more email that a form causes goes to this address.

    Raises TooManyRequests after 5 in an hour.
    """
    EMAILS.demand(hashed(email))


def may_email(email: str) -> bool:
    """Whether one more email goes to this address, which counts then: for a form that writes to
    many at once.
    """
    return EMAILS.take(hashed(email))


def may_email_or_wait(delayed: list[str]) -> Callable[[str], bool]:
    """`may_email`, which puts the addresses that must wait into `delayed`."""

    def reached(address: str) -> bool:
        may = may_email(address)
        if not may:
            delayed.append(address)
        return may

    return reached


def _notify(response: Response) -> Response:
    """How many are left, on each answer for one reader alone: a page that others keep would tell
    them wrongly.
    """
    count = settle_reservations(response) or g.get("allowance")
    if count is None or "public" in response.headers.get("Cache-Control", ""):
        return response
    response.headers["X-RateLimit-Limit"] = str(count.most)
    response.headers["X-RateLimit-Remaining"] = str(count.left)
    response.headers["X-RateLimit-Reset"] = str(ceil(count.resets_at))
    return response
