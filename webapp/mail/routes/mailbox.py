"""The mails that this development site has sent: the list, and one of them."""

from flask import Blueprint, current_app, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from ...core.pages import render_page
from ...core.permissions import public
from .loopback import only_loopback

bp = Blueprint("mailbox", __name__, url_prefix="/dev/mail")
bp.before_request(only_loopback)

#: How many mails a page of the list shows.
SHOWN = 50


@bp.get("")
@public
def index() -> ResponseReturnValue:
    """The mails, the newest first, from `?after=` or up to `?before=` the one of that number."""
    after, before = (request.args.get(name, type=int) for name in ("after", "before"))
    return render_page(
        "mailbox/index.html", page=current_app.extensions["mailbox"].stretch(SHOWN, after, before)
    )


@bp.get("/<int:number>")
@public
def show(number: int) -> ResponseReturnValue:
    """One mail: its envelope, how it looks, its text, what is attached."""
    mail = current_app.extensions["mailbox"].find(number)
    if mail is None:
        raise NotFound
    return render_page("mailbox/show.html", mail=mail)
