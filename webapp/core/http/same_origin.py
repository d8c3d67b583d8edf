"""Forms are accepted from our own pages only: by their token, and over https by what the browser
says of where they were sent from.
"""

from urllib.parse import urlsplit

from flask import g, request
from flask_wtf.csrf import CSRFError, CSRFProtect


class FromElsewhere(CSRFError):
    """The token is right, but the form was sent from a page of another site."""


class FormProtect(CSRFProtect):
    """Flask-WTF's check of the token, without its check of the Referer: some browsers send none."""

    def protect(self, apply_exemptions: bool = False) -> None:
        """Raise CSRFError for a wrong token, FromElsewhere for another site's page."""
        super().protect(apply_exemptions)
        if g.get("csrf_valid") and request.is_secure and not _is_ours():
            g.csrf_valid = False
            raise FromElsewhere()


def _is_ours() -> bool:
    """Whether the browser names no other site. If it names none at all, the token decides."""
    said = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin", "null")
    if said is None and origin == "null":
        return not request.referrer or _origin_of(request.referrer) == _here()
    return said in {None, "same-origin", "none"} and origin in {"null", _here()}


def _here() -> str:
    return f"{request.scheme}://{request.host}"


def _origin_of(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}"
