"""Secret tokens in links, and fingerprints of texts that aren't stored.

Tokens are derived when they are needed, so nothing that stores or forwards email contains them.
While the site's key is replaced there are two: SECRET_KEY signs, SECRET_KEY_PREVIOUS is accepted
too.
"""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from uuid import UUID

from flask import Flask, current_app


def init_app(app: Flask) -> None:
    """Sign sessions and CSRF tokens with the same keys.

    In WTF_CSRF_SECRET_KEY the last key signs.
    """
    key, previous = app.config["SECRET_KEY"], app.config["SECRET_KEY_PREVIOUS"]
    app.config["SECRET_KEY_FALLBACKS"] = [previous] if previous else []
    app.config["WTF_CSRF_SECRET_KEY"] = [previous, key] if previous else [key]


def signatures(message: bytes) -> list[bytes]:
    """Return the message's 32-byte HMACs: with today's key, then with the previous one."""
    keys = (current_app.config["SECRET_KEY"], current_app.config["SECRET_KEY_PREVIOUS"])
    return [hmac.new(key.encode(), message, hashlib.sha256).digest() for key in keys if key]


def derive(purpose: str, row_id: UUID, nonce: str) -> str:
    """Return a token of 43 characters for this row and purpose. Changing `nonce` invalidates it."""
    return accepted(purpose, row_id, nonce)[0]


def accepted(purpose: str, row_id: UUID, nonce: str) -> list[str]:
    """Return the valid tokens: with today's key, then with the previous one."""
    message = "\n".join(("folkmoot-link-1", purpose, str(row_id), nonce)).encode()
    return [urlsafe_b64encode(digest).rstrip(b"=").decode() for digest in signatures(message)]


def matches(token: str, purpose: str, row_id: UUID, nonce: str) -> bool:
    """Whether `token` is valid; compared in constant time."""
    return is_one_of(token, accepted(purpose, row_id, nonce))


def is_one_of(given: str, expected: list[str]) -> bool:
    """Whether `given` is one of the tokens; compared in constant time."""
    return any(hmac.compare_digest(given.encode(), each.encode()) for each in expected)


def fingerprint(purpose: str, text: str) -> str:
    """Return a keyed hash of the text for this purpose: 64 characters.

    The text can't be guessed from it without the site's key.
    """
    return fingerprints(purpose, text)[0]


def fingerprints(purpose: str, text: str) -> list[str]:
    """Return the hash with today's key, then with the previous one, which older rows contain."""
    message = "\n".join(("folkmoot-fingerprint-1", purpose, text)).encode()
    return [digest.hex() for digest in signatures(message)]
