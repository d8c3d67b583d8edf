"""Secrets in links: derived when they are needed, so that nothing that stores or carries mail holds them; and what
stands for a text that is not kept."""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from uuid import UUID

from flask import current_app


def derive(purpose: str, row_id: UUID, nonce: str) -> str:
    """The 43 characters that prove knowledge of a mail about this row, for this purpose, until `nonce` changes."""
    message = "\n".join(("folkmoot-link-1", purpose, str(row_id), nonce)).encode()
    digest = hmac.new(current_app.config["SECRET_KEY"].encode(), message, hashlib.sha256).digest()
    return urlsafe_b64encode(digest).rstrip(b"=").decode()


def matches(token: str, purpose: str, row_id: UUID, nonce: str) -> bool:
    """Whether `token` is the one that `derive` gives, compared in constant time."""
    return hmac.compare_digest(token.encode(), derive(purpose, row_id, nonce).encode())


def fingerprint(purpose: str, text: str) -> str:
    """The same 64 characters for the same text and purpose; nobody finds the text from it who has not the site's key."""
    message = "\n".join(("folkmoot-fingerprint-1", purpose, text)).encode()
    return hmac.new(current_app.config["SECRET_KEY"].encode(), message, hashlib.sha256).hexdigest()
