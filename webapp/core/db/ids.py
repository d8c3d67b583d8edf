"""Names that cannot be guessed."""

import secrets
from typing import Any
from uuid import UUID


def new_message_id() -> str:
    """The local part of a mail's Message-ID, the same at every attempt to deliver it."""
    return secrets.token_hex(16)


def random_suffix(length: int = 5) -> str:
    """Characters that keep a taken address apart from a new one, and say nothing about the
    other.
    """
    return "".join(secrets.choice("abcdefghjkmnpqrstuvwxyz23456789") for _ in range(length))


def nonce() -> str:
    """What a secret address is derived from, beside its row: with another one the address of
    before leads nowhere.
    """
    return secrets.token_urlsafe(12)


def parse_uuid(value: Any) -> UUID | None:
    """The id that a form's field names; None where it names none."""
    try:
        return value if isinstance(value, UUID) else UUID(str(value))
    except ValueError:
        return None
