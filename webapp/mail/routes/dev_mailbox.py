"""The mails that this development site has sent: the list, and one of them."""

from flask import Blueprint, current_app, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from ...core.http import client_address
from ...core.http.pages import render_page
from ...core.http.permissions import public


def only_loopback() -> None:
    """Raises NotFound for everyone who isn't at this machine, or whom a proxy that we don't know
    has let through.
    """
    if not client_address.is_this_machine():
        raise NotFound


bp = Blueprint("mailbox", __name__, url_prefix="/dev/mail")
bp.before_request(only_loopback)

#: How many mails a page of the list shows.
SHOWN = 50


@bp.get("")
@public
def index() -> ResponseReturnValue:
    """List development's emails, the newest first; ?after= and ?before= page by number."""
    after, before = (request.args.get(name, type=int) for name in ("after", "before"))
    return render_page(
        "mailbox/index.html", page=current_app.extensions["mailbox"].stretch(SHOWN, after, before)
    )


@bp.get("/<int:number>")
@public
def show(number: int) -> ResponseReturnValue:
    """Show one email: envelope, HTML, text and attachments."""
    mail = current_app.extensions["mailbox"].find(number)
    if mail is None:
        raise NotFound
    return render_page("mailbox/show.html", mail=mail)
