"""The mails that this development site has sent: the list, and one of them."""

from flask import Blueprint, current_app
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from ...core.pages import render_page
from ...core.permissions import public
from .loopback import only_loopback

bp = Blueprint("mailbox", __name__, url_prefix="/dev/mail")
bp.before_request(only_loopback)

#: How many mails the list shows.
SHOWN = 50


@bp.get("")
@public
def index() -> ResponseReturnValue:
    """The newest mails."""
    return render_page("mailbox/index.html", mails=current_app.extensions["mailbox"].newest(SHOWN))


@bp.get("/<int:number>")
@public
def show(number: int) -> ResponseReturnValue:
    """One mail: its envelope, how it looks, its text, what is attached."""
    mail = current_app.extensions["mailbox"].find(number)
    if mail is None:
        raise NotFound
    return render_page("mailbox/show.html", mail=mail)
