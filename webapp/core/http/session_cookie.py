"""The cookie that keeps a browser's session, signed with its time."""

from typing import Any

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import SignatureExpired, TimestampSigner, URLSafeTimedSerializer

from ..time import clock


class CookieSigner(TimestampSigner):
    """Takes a cookie that was signed later than now, as after a clock was put back or by another
    machine, for a new one: its signature is ours. itsdangerous would refuse it and sign everyone
    out.
    """

    def unsign(
        self, signed_value: str | bytes, max_age: int | None = None, return_timestamp: bool = False
    ) -> Any:
        """Return the cookie's content. Raises SignatureExpired if it's older than `max_age`
        seconds, or another error if the signature is wrong.
        """
        unsign: Any = super().unsign
        try:
            return unsign(signed_value, max_age, return_timestamp)
        except SignatureExpired as expired:
            if expired.date_signed is None or expired.date_signed < clock.now():
                raise
            return unsign(signed_value, None, return_timestamp)


class SessionCookie(SecureCookieSessionInterface):
    """Flask's session, whose cookie outlives clocks that are put back."""

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """Return what signs the cookie and reads it."""
        serializer = super().get_signing_serializer(app)
        if serializer is not None:
            serializer.signer = CookieSigner
        return serializer
