"""Secrets in links: derived when they are needed, so that nothing that stores or carries mail holds them."""

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
