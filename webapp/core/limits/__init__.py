"""How often: what is costly or dangerous is counted try by try (here), everything else by the
minute (`allowances`).

All of it is counted across processes in Redis, in this process without it or while it is away
(`counters`). Each try is counted before anything is done for it (`taking`). Nothing that was typed
becomes part of a key: names and email addresses are hashed.
"""

import hashlib
from collections.abc import Callable
from math import ceil
from typing import Any
from uuid import UUID

from flask import Flask, Response, current_app, g, request
from flask_login import current_user

from .. import addresses
from ..text import folded
from . import allowances
from .counters import Counters
from .taking import HOUR, MINUTE, Limit, settled


def _was_taken(response: Response) -> bool:
    """Whether the form was accepted: a mistyped one sends no email and costs nothing."""
    return response.status_code < 400


def _was_kept(response: Response) -> bool:
    """Whether something was written: a refused form and a preview cost nothing."""
    return response.status_code == 303


NAME_TRIES = Limit("name", 5, MINUTE)
ACCOUNT_TRIES = Limit("account", 5, MINUTE)
OWN_TRIES = Limit("own", 5, MINUTE)
ADDRESS_TRIES = Limit("sign-in", 60, MINUTE)
ADDRESS_EMAILS = Limit("mail", 60, MINUTE)
EMAILS = Limit("letter", 5, HOUR, charged=_was_taken)
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
    app.extensions["limits"] = Counters(app.config["REDIS_URL"], app.extensions["patience"])
    allowances.init_app(app, app.extensions["limits"])
    app.after_request(_tell)


def person_or_address() -> str:
    """The signed-in person, else the address that the request came from."""
    return str(current_user.id) if current_user.is_authenticated else addresses.counted()


def hidden(text: str) -> str:
    """The same for the same text, however it is capitalised; the text cannot be found again from
    it.
    """
    key = current_app.config["SECRET_KEY"].encode()[:64]
    return hashlib.blake2b(folded(text).strip().encode(), key=key, digest_size=12).hexdigest()


def _named_account() -> str:
    """The account that is named, however its handle is spelt."""
    return hidden(request.form.get("name", "").strip().lstrip("@"))


def _for_each_route(key: Callable[[], str]) -> Callable[[], str]:
    return lambda: f"{request.endpoint}:{key()}"


def sign_in(view: Any) -> Any:
    """5 tries a minute for a name, 60 from an address; `may_try` counts those for an account by
    any of its names.
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


def sends_mail(view: Any) -> Any:
    """60 times a minute from an address; `letter_to` counts the emails themselves."""
    return ADDRESS_EMAILS.on(view)


def writes_to_people(view: Any) -> Any:
    """5 messages an hour from a person through one route, whoever they are to."""
    return MESSAGES.on(view, _for_each_route(person_or_address))


def writes_by_link(view: Any) -> Any:
    """5 messages an hour by one emailed link, 20 from an address: who has such a link need not
    be signed in.
    """
    return ADDRESS_LINK_MESSAGES.on(LINK_MESSAGES.on(view, lambda: hidden(request.path)))


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

    Raises TooManyRequests after 5 in an hour, whoever they are to.
    """
    ANNOUNCEMENTS.demand(str(user_id))


def may_try(user_id: UUID) -> bool:
    """Whether a password may be tried on this account: 5 times a minute, whichever of its names was
    typed.

    Who is refused must not learn it: that two names share a count tells that they are one person's.
    """
    return ACCOUNT_TRIES.take(str(user_id))


def letter_to(email: str) -> None:
    """One more email that a form causes goes to this address.

    Raises TooManyRequests after 5 in an hour.
    """
    EMAILS.demand(hidden(email))


def may_write_to(email: str) -> bool:
    """Whether one more email goes to this address, which counts then: for a form that writes to
    many at once.
    """
    return EMAILS.take(hidden(email))


def reaching(waits: list[str]) -> Callable[[str], bool]:
    """`may_write_to`, which puts the addresses that must wait into `waits`."""

    def reached(address: str) -> bool:
        may = may_write_to(address)
        if not may:
            waits.append(address)
        return may

    return reached


def _tell(response: Response) -> Response:
    """How many are left, on each answer for one reader alone: a page that others keep would tell
    them wrongly.
    """
    count = settled(response) or g.get("allowance")
    if count is None or "public" in response.headers.get("Cache-Control", ""):
        return response
    response.headers["X-RateLimit-Limit"] = str(count.most)
    response.headers["X-RateLimit-Remaining"] = str(count.left)
    response.headers["X-RateLimit-Reset"] = str(ceil(count.resets_at))
    return response
