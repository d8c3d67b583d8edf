"""How often: counted across processes in Redis, in memory without it or while it is away."""

from typing import Any

from flask import Flask, Response, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import current_user

from . import patience
from .text import folded

limiter = Limiter(key_func=get_remote_address, headers_enabled=True, in_memory_fallback_enabled=True, swallow_errors=True)


def init_app(app: Flask) -> None:
    """Limits are counted where the configuration says, and a Redis that does not answer holds nobody up."""
    url = app.config["REDIS_URL"]
    app.config.setdefault("RATELIMIT_STORAGE_URI", url or "memory://")
    if url:
        app.config.setdefault("RATELIMIT_STORAGE_OPTIONS", patience.options(url))
    app.config.setdefault("RATELIMIT_IN_MEMORY_FALLBACK_ENABLED", True)
    limiter.init_app(app)


def person_or_address() -> str:
    """The signed-in person, else the address that the request came from."""
    return str(current_user.id) if current_user.is_authenticated else get_remote_address()


def _named_account() -> str:
    """The account that is named, however its handle is spelt; on pages that ask for one's own password again, one's own."""
    return "account:" + folded(request.form.get("name") or person_or_address()).lstrip("@")


def _recipient() -> str:
    """Whom the mail is for: an address, or an account or a link that stands for one."""
    named = request.form.get("email") or request.form.get("account") or str((request.view_args or {}).get("link_id") or "")
    return "recipient:" + folded(named or getattr(current_user, "email", "") or get_remote_address())


def _was_taken(response: Response) -> bool:
    """Whether the form was accepted: a mistyped one sends no mail and costs nothing."""
    return response.status_code < 400


def sign_in(view: Any) -> Any:
    """5 tries a minute for an account, 60 for an address."""
    view = limiter.limit("5 per minute", key_func=_named_account, methods=["POST"])(view)
    return limiter.limit("60 per minute", methods=["POST"])(view)


def sends_mail(view: Any) -> Any:
    """5 mails an hour to a recipient, 60 a minute from an address."""
    view = limiter.limit("5 per hour", key_func=_recipient, methods=["POST"], deduct_when=_was_taken)(view)
    return limiter.limit("60 per minute", methods=["POST"])(view)


def writes_to_people(view: Any) -> Any:
    """5 messages an hour from a person, whoever they are to."""
    return limiter.limit("5 per hour", key_func=person_or_address, methods=["POST"], deduct_when=_was_taken)(view)
