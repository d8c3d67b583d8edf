"""Rate limits: costly or dangerous attempts are counted here, other requests by the minute in
`allowances`.

Counts are shared by all processes through Redis. Without Redis, or while it is down, each process
counts for itself (`counters`). An attempt is counted before it is carried out. Keys contain nothing
that was typed: names and email addresses are hashed.
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

#: Every limit on attempts, by name.
LIMITS: dict[str, "Limit"] = {}


@dataclass(frozen=True)
class Limit:
    """At most `most` attempts within `seconds` for each key.

    If `charged(answer)` is false the attempt isn't counted.
    """

    name: str
    most: int
    seconds: int
    charged: Callable[[Response], bool] | None = None

    def __post_init__(self) -> None:
        LIMITS[self.name] = self

    def take(self, key: str) -> bool:
        """Count an attempt for this key; return False if none was left."""
        return self._reserve(key).is_granted

    def demand(self, key: str) -> None:
        """Count an attempt for this key. Raises TooManyRequests if none was left."""
        reservation = self._reserve(key)
        if not reservation.is_granted:
            raise reservation.refusal()

    def on(self, view: Any, key: Callable[[], str] = client_address.counted) -> Any:
        """Return the view with the limit applied to each POST by `key()`.

        Answers say how many are left.
        """

        @wraps(view)
        def limited(*args: Any, **values: Any) -> Any:
            if request.method == "POST":
                reservation = self._reserve(key(), is_reported=True)
                if not reservation.is_granted:
                    raise reservation.refusal()
            return view(*args, **values)

        limited.limits = (self, *getattr(view, "limits", ()))  # type: ignore[attr-defined]
        return limited

    def _reserve(self, key: str, is_reported: bool = False) -> "Reservation":
        whole = f"{self.name}:{key}"
        reservation = Reservation(
            self,
            whole,
            current_app.extensions["limits"].take(whole, self.most, self.seconds),
            is_reported,
        )
        g.setdefault("reservations", []).append(reservation)
        if not reservation.is_granted:
            log.warning("limited", limit=self.name, route=request.endpoint)
            metrics.refused(self.name)
        return reservation


@dataclass
class Reservation:
    """What a request took from a limit, or didn't get. If `is_reported` its answer may say so."""

    limit: Limit
    key: str
    taken: Taken
    is_reported: bool

    @property
    def is_granted(self) -> bool:
        """Whether an attempt was left."""
        return self.taken.entry is not None

    @property
    def count(self) -> LimitStatus:
        """The attempts left for this key, and when there will be more."""
        limit, taken = self.limit, self.taken
        return LimitStatus(limit.most, limit.most - taken.number, taken.oldest + limit.seconds)

    def refusal(self) -> TooManyRequests:
        """Return the exception that says how long to wait."""
        return TooManyRequests(retry_after=max(1, ceil(self.count.resets_at - now().timestamp())))

    def release_uncharged(self, answer: Response) -> None:
        """Give the attempt back if this answer isn't charged."""
        entry, charged = self.taken.entry, self.limit.charged
        if entry is not None and charged is not None and not charged(answer):
            current_app.extensions["limits"].give_back(self.key, entry)
            self.taken = self.taken._replace(number=self.taken.number - 1)


def settle_reservations(answer: Response) -> LimitStatus | None:
    """Give back what wasn't charged in this request.

    Return the reported limit with the fewest attempts left.
    """
    reservations: list[Reservation] = g.pop("reservations", [])
    for reservation in reservations:
        reservation.release_uncharged(answer)
    return min(
        (reservation.count for reservation in reservations if reservation.is_reported),
        key=lambda count: count.left,
        default=None,
    )


def waive() -> None:
    """Give back what this request took: it did nothing, whatever its answer looks like."""
    g.is_spared = True


def _was_taken(response: Response) -> bool:
    """Whether the form was accepted.

    A mistyped form or a double click sends no email, so it is free.
    """
    return response.status_code < 400 and not g.get("is_spared")


def _was_kept(response: Response) -> bool:
    """Whether something was saved. A refused form and a preview are free."""
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
    """Count attempts and requests, and add the X-RateLimit headers to answers."""
    app.extensions["limits"] = Counters(app.config["REDIS_URL"], app.extensions["circuit_breaker"])
    allowances.init_app(app, app.extensions["limits"])
    app.after_request(_add_headers)


def person_or_address() -> str:
    """Return the signed-in person's id, or the client's address."""
    return str(current_user.id) if current_user.is_authenticated else client_address.counted()


def hashed(text: str) -> str:
    """Hash a text, ignoring case. The text can't be recovered from it."""
    key = current_app.config["SECRET_KEY"].encode()[:64]
    return hashlib.blake2b(folded(text).strip().encode(), key=key, digest_size=12).hexdigest()


def _named_account() -> str:
    """Return the hash of the account name in the form, however it is spelt."""
    return hashed(request.form.get("name", "").strip().lstrip("@"))


def _for_each_route(key: Callable[[], str]) -> Callable[[], str]:
    return lambda: f"{request.endpoint}:{key()}"


def sign_in(view: Any) -> Any:
    """Limit sign-ins: 5 a minute for a name, 60 from an address.

    `login_attempt` also counts them for the account, whichever of its names was typed.
    """
    return ADDRESS_TRIES.on(NAME_TRIES.on(view, _named_account))


def with_proof(view: Any) -> Any:
    """Limit to 60 a minute from an address, with the sign-ins: the form carries an unguessable
    proof.
    """
    return ADDRESS_TRIES.on(view)


def own_password(view: Any) -> Any:
    """Limit confirming one's own password to 5 a minute."""
    return ADDRESS_TRIES.on(OWN_TRIES.on(view, person_or_address))


def sends_email(view: Any) -> Any:
    """Limit to 60 a minute from an address. `email_to` counts the emails themselves."""
    return ADDRESS_EMAILS.on(view)


def writes_to_people(view: Any) -> Any:
    """Limit to 5 messages an hour by a person for each route, to all recipients."""
    return MESSAGES.on(view, _for_each_route(person_or_address))


def writes_by_link(view: Any) -> Any:
    """Limit to 5 messages an hour for an emailed link and 20 from an address.

    No sign-in is needed.
    """
    return ADDRESS_LINK_MESSAGES.on(LINK_MESSAGES.on(view, lambda: hashed(request.path)))


def answers_people(view: Any) -> Any:
    """Limit to 20 a minute by a person: for replies to people who asked, or who own the thing."""
    return ANSWERS.on(view, person_or_address)


def adds_people(view: Any) -> Any:
    """Limit answers given for others to 30 an hour by a person: each of them is notified."""
    return ADDED_PEOPLE.on(view, _for_each_route(person_or_address))


def writes_to_a_group(view: Any) -> Any:
    """Limit to 20 texts a minute by a person, over all routes."""
    return TEXTS.on(view, person_or_address)


def announcement_by(user_id: UUID) -> None:
    """Count a message to everyone in a group.

    Raises TooManyRequests after 5 in an hour, over all groups.
    """
    ANNOUNCEMENTS.demand(str(user_id))


def login_attempt(user_id: UUID) -> bool:
    """Whether a password may be tried on this account: 5 times a minute over all of its names.

    Don't tell a refused person: that two names share a count shows that they are the same account.
    """
    return ACCOUNT_TRIES.take(str(user_id))


def email_to(email: str) -> None:
    """Count an email that a form sends to this address.

    Raises TooManyRequests after 5 in an hour.
    """
    EMAILS.demand(hashed(email))


def may_email(email: str) -> bool:
    """Count an email to this address, and return whether it may be sent.

    For forms with many recipients.
    """
    return EMAILS.take(hashed(email))


def may_email_or_wait(delayed: list[str]) -> Callable[[str], bool]:
    """Return a function like `may_email` that adds refused addresses to `delayed`."""

    def reached(address: str) -> bool:
        may = may_email(address)
        if not may:
            delayed.append(address)
        return may

    return reached


def _add_headers(response: Response) -> Response:
    """Add the X-RateLimit headers.

    Not to public pages: caches would show one reader's numbers to others.
    """
    count = settle_reservations(response) or g.get("allowance")
    if count is None or "public" in response.headers.get("Cache-Control", ""):
        return response
    response.headers["X-RateLimit-Limit"] = str(count.most)
    response.headers["X-RateLimit-Remaining"] = str(count.left)
    response.headers["X-RateLimit-Reset"] = str(ceil(count.resets_at))
    return response
