"""The HTML of a mail, for the sandboxed frame on its page: nothing in it runs, its links open
the whole window.
"""

from flask import Blueprint, Response, current_app
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from ...core.http.permissions import public
from .dev_mailbox import only_loopback

bp = Blueprint("frames", __name__, url_prefix="/dev/mail")
bp.before_request(only_loopback)

SANDBOX = "allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation"
HEADERS = {
    "Content-Security-Policy": "; ".join(
        [
            f"sandbox {SANDBOX}",
            "default-src 'none'",
            "style-src 'unsafe-inline'",
            "frame-ancestors 'self'",
        ]
    ),
    "X-Frame-Options": "SAMEORIGIN",
}


@bp.get("/<int:number>/html")
@public
def show(number: int) -> ResponseReturnValue:
    """Show the email's HTML as email programs do."""
    mail = current_app.extensions["mailbox"].find(number)
    if mail is None or not mail.html:
        raise NotFound
    return Response(mail.html.replace("<head>", '<head><base target="_top">', 1), headers=HEADERS)
