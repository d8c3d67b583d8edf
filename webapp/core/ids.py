"""Names that cannot be guessed."""

import secrets


def new_message_id() -> str:
    """The local part of a mail's Message-ID, the same at every attempt to deliver it."""
    return secrets.token_hex(16)


def suffix(length: int = 5) -> str:
    """Characters that keep a taken address apart from a new one, and say nothing about the other."""
    return "".join(secrets.choice("abcdefghjkmnpqrstuvwxyz23456789") for _ in range(length))
