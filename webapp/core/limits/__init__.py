"""How often: what is dear or dangerous is counted try by try (here), everything else by the minute (`allowances`).

All of it is counted across processes in Redis, in this process without it or while it is away (`counters`). Nothing that
was typed becomes part of a key: names and addresses are hashed.
"""

import hashlib
from collections.abc import Callable
from math import ceil
from typing import Any
from uuid import UUID

import structlog
from flask import Flask, Response, current_app, g, make_response, request
from flask_limiter import Limiter, RequestLimit
from flask_login import current_user
from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from werkzeug.exceptions import TooManyRequests

from .. import metrics
from ..clock import now
from ..errors import error_answer
from ..text import folded
from . import allowances
from .addresses import address
from .counters import SCHEME

log = structlog.get_logger(__name__)

TRIES, LETTERS = RateLimitItemPerMinute(5), RateLimitItemPerHour(5)

limiter = Limiter(key_func=address, strategy="moving-window", on_breach=lambda breach: _breached(breach))


def init_app(app: Flask) -> None:
    """Tries are counted where the configuration says, every request is counted, and answers say how many are left."""
    app.config["RATELIMIT_STORAGE_URI"] = f"{SCHEME}://"
    app.config["RATELIMIT_STORAGE_OPTIONS"] = {
        "redis_url": app.config["REDIS_URL"],
        "patience": app.extensions["patience"],
    }
    limiter.init_app(app)
    allowances.init_app(app, limiter.storage)
    app.after_request(_tell)


@limiter.request_filter
def _makes_no_try() -> bool:
    """Tries are made by POST: reading need not pay for a look at their limits."""
    return request.method != "POST"


def person_or_address() -> str:
    """The signed-in person, else the address that the request came from."""
    return str(current_user.id) if current_user.is_authenticated else address()


def hidden(text: str) -> str:
    """The same for the same text, however it is capitalised; the text cannot be found again from it."""
    key = current_app.config["SECRET_KEY"].encode()[:64]
    return hashlib.blake2b(folded(text).strip().encode(), key=key, digest_size=12).hexdigest()


def _named_account() -> str:
    """The account that is named, however its handle is spelt."""
    return hidden(request.form.get("name", "").strip().lstrip("@"))


def _was_taken(response: Response) -> bool:
    """Whether the form was accepted: a mistyped one sends no mail and costs nothing."""
    return response.status_code < 400


def sign_in(view: Any) -> Any:
    """5 tries a minute for a name, 60 from an address; `may_try` counts those for an account by any of its names."""
    view = limiter.shared_limit("5 per minute", "name", key_func=_named_account, methods=["POST"])(view)
    return _from_an_address("sign-in", view)


def with_proof(view: Any) -> Any:
    """60 times a minute from an address, counted with the sign-ins: what the form carries is a proof that nobody guesses."""
    return _from_an_address("sign-in", view)


def own_password(view: Any) -> Any:
    """5 tries a minute for a person who is asked for their own password again."""
    view = limiter.shared_limit("5 per minute", "own", key_func=person_or_address, methods=["POST"])(view)
    return _from_an_address("sign-in", view)


def sends_mail(view: Any) -> Any:
    """60 times a minute from an address; `letter_to` counts the letters themselves."""
    return _from_an_address("mail", view)


def writes_to_people(view: Any) -> Any:
    """5 messages an hour from a person, whoever they are to."""
    return limiter.limit("5 per hour", key_func=person_or_address, methods=["POST"], deduct_when=_was_taken)(view)


def writes_by_link(view: Any) -> Any:
    """5 messages an hour by one mailed link, 20 from an address: who has such a link need not be signed in."""
    view = limiter.limit("5 per hour", key_func=lambda: hidden(request.path), methods=["POST"], deduct_when=_was_taken)(view)
    return limiter.shared_limit("20 per hour", "links", methods=["POST"], deduct_when=_was_taken)(view)


def answers_people(view: Any) -> Any:
    """20 times a minute from a person to those who wait for an answer, or whose own it is: they began it."""
    limit = limiter.shared_limit("20 per minute", "answers", key_func=person_or_address, methods=["POST"], deduct_when=_was_taken)
    return limit(view)


def adds_people(view: Any) -> Any:
    """30 an hour by a person, who says for them that they come: each is told."""
    return limiter.limit("30 per hour", key_func=person_or_address, methods=["POST"], deduct_when=_was_taken)(view)


def writes_to_a_group(view: Any) -> Any:
    """20 texts a minute from a person, wherever they stand."""
    limit = limiter.shared_limit("20 per minute", "texts", key_func=person_or_address, methods=["POST"], deduct_when=_was_kept)
    return limit(view)


def announcement_by(user_id: UUID) -> None:
    """One more text goes to everyone in a group. Raises TooManyRequests after 5 in an hour, whoever they are to."""
    if not limiter.limiter.hit(LETTERS, "announcement", str(user_id)):
        _note("announcement")
        raise TooManyRequests(retry_after=_seconds_until(_resets(LETTERS, "announcement", str(user_id))))


def _was_kept(response: Response) -> bool:
    """Whether something was written: a refused form and a look at how it will read cost nothing."""
    return response.status_code == 303


def _from_an_address(scope: str, view: Any) -> Any:
    return limiter.shared_limit("60 per minute", scope, methods=["POST"])(view)


def may_try(user_id: UUID) -> bool:
    """Whether a password may be tried on this account: 5 times a minute, whichever of its names was typed.

    Who is refused must not learn it: that two names share a count tells that they are one person's.
    """
    if limiter.limiter.hit(TRIES, "account", str(user_id)):
        return True
    _note("account")
    return False


def letter_to(email: str) -> None:
    """One more letter that a form causes goes to this address. Raises TooManyRequests after 5 in an hour."""
    if not may_write_to(email):
        raise TooManyRequests(retry_after=_seconds_until(_resets(LETTERS, "letter", hidden(email))))


def may_write_to(email: str) -> bool:
    """Whether one more letter goes to this address, which counts then: for a form that writes to many at once."""
    if limiter.limiter.hit(LETTERS, "letter", hidden(email)):
        return True
    _note("letter")
    return False


def reaching(waits: list[str]) -> Callable[[str], bool]:
    """`may_write_to`, which puts the addresses that must wait into `waits`."""

    def reached(address: str) -> bool:
        may = may_write_to(address)
        if not may:
            waits.append(address)
        return may

    return reached


def _resets(item: RateLimitItem, *key: str) -> float:
    return limiter.limiter.get_window_stats(item, *key).reset_time


def _seconds_until(moment: float) -> int:
    return max(1, ceil(moment - now().timestamp()))


def _breached(breach: RequestLimit) -> Response:
    """The answer to one try too many."""
    _note(breach.request_args[-1])
    return make_response(error_answer(429, retry_after=_seconds_until(breach.reset_at)))


def _note(limit: str) -> None:
    log.warning("limited", limit=limit, route=request.endpoint)
    metrics.refused(limit)


def _tell(response: Response) -> Response:
    """How many are left, on every answer that is for one reader alone: a page that others keep would tell them wrongly."""
    tried = limiter.current_limit if request.method == "POST" else None
    count = allowances.Count(tried.limit.amount, tried.remaining, tried.reset_at) if tried else g.get("allowance")
    if count is None or "public" in response.headers.get("Cache-Control", ""):
        return response
    response.headers["X-RateLimit-Limit"] = str(count.most)
    response.headers["X-RateLimit-Remaining"] = str(count.left)
    response.headers["X-RateLimit-Reset"] = str(ceil(count.resets_at))
    return response
