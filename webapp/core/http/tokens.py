"""Secrets in links: derived when they are needed, so that nothing that stores or carries email
holds them; and what stands for a text that is not kept.

While the site's key is being replaced there are two: SECRET_KEY signs, SECRET_KEY_PREVIOUS is
accepted as well.
"""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from uuid import UUID

from flask import Flask, current_app


def init_app(app: Flask) -> None:
    """Sign-ins and open forms are signed with the same keys; in the second list the last one
    signs.
    """
    key, previous = app.config["SECRET_KEY"], app.config["SECRET_KEY_PREVIOUS"]
    app.config["SECRET_KEY_FALLBACKS"] = [previous] if previous else []
    app.config["WTF_CSRF_SECRET_KEY"] = [previous, key] if previous else [key]


def signatures(message: bytes) -> list[bytes]:
    """The 32 bytes that only this site can make of the message: today's first, then those of the
    previous key.
    """
    keys = (current_app.config["SECRET_KEY"], current_app.config["SECRET_KEY_PREVIOUS"])
    return [hmac.new(key.encode(), message, hashlib.sha256).digest() for key in keys if key]


def derive(purpose: str, row_id: UUID, nonce: str) -> str:
    """The 43 characters that prove knowledge of an email about this row, for this purpose, until
    `nonce` changes.
    """
    return accepted(purpose, row_id, nonce)[0]


def accepted(purpose: str, row_id: UUID, nonce: str) -> list[str]:
    """What `derive` gives, and what it gave with the previous key."""
    message = "\n".join(("folkmoot-link-1", purpose, str(row_id), nonce)).encode()
    return [urlsafe_b64encode(digest).rstrip(b"=").decode() for digest in signatures(message)]


def matches(token: str, purpose: str, row_id: UUID, nonce: str) -> bool:
    """Whether `token` is one that is accepted, compared in constant time."""
    return is_one_of(token, accepted(purpose, row_id, nonce))


def is_one_of(given: str, expected: list[str]) -> bool:
    """Whether `given` is among them, compared in constant time."""
    return any(hmac.compare_digest(given.encode(), each.encode()) for each in expected)


def fingerprint(purpose: str, text: str) -> str:
    """The same 64 characters for the same text and purpose; nobody finds the text from it who
    has not the site's key.
    """
    return fingerprints(purpose, text)[0]


def fingerprints(purpose: str, text: str) -> list[str]:
    """What `fingerprint` gives, and what it gave with the previous key: rows of that time hold
    it.
    """
    message = "\n".join(("folkmoot-fingerprint-1", purpose, text)).encode()
    return [digest.hex() for digest in signatures(message)]
