"""Pages of the development mailbox; production has none."""

from flask import Blueprint, Response, current_app, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from ..core.http import client_address
from ..core.http.pages import render_page
from ..core.http.permissions import public


def only_loopback() -> None:
    """Raise NotFound unless the request comes from this machine, without an unknown proxy."""
    if not client_address.is_this_machine():
        raise NotFound


bp = Blueprint("dev_mailbox", __name__, url_prefix="/dev/emails")
bp.before_request(only_loopback)

#: Emails per page.
SHOWN = 50


@bp.get("")
@public
def index() -> ResponseReturnValue:
    """List development's emails, newest first; ?after= and ?before= page by number."""
    after, before = (request.args.get(name, type=int) for name in ("after", "before"))
    return render_page(
        "dev_mailbox/index.html",
        page=current_app.extensions["mailbox"].page(SHOWN, after, before),
    )


@bp.get("/<int:number>")
@public
def show(number: int) -> ResponseReturnValue:
    """Show one email: envelope, HTML, text and attachments."""
    email = current_app.extensions["mailbox"].find(number)
    if email is None:
        raise NotFound
    return render_page("dev_mailbox/show.html", email=email)


# The HTML of an email for the sandboxed frame on its page: nothing in it runs, and its links open
# in the whole window.

frames_bp = Blueprint("dev_mailbox_html", __name__, url_prefix="/dev/emails")
frames_bp.before_request(only_loopback)

SANDBOX = "allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation"
HEADERS = {
    "Content-Security-Policy": "; ".join(
        [
            f"sandbox {SANDBOX}",
            "default-src 'none'",
            "style-src 'unsafe-inline'",
            "img-src data:",
            "frame-ancestors 'self'",
        ]
    ),
    "X-Frame-Options": "SAMEORIGIN",
}


@frames_bp.get("/<int:number>/html", endpoint="show")
@public
def show_frame(number: int) -> ResponseReturnValue:
    """Show the email's HTML as email programs do."""
    email = current_app.extensions["mailbox"].find(number)
    if email is None or not email.html:
        raise NotFound
    return Response(email.html.replace("<head>", '<head><base target="_top">', 1), headers=HEADERS)


BLUEPRINTS = [bp, frames_bp]
