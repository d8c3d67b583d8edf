"""The overview: what waits, and what the site is."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from ...core import clock
from ...core.pages import render_page
from ...core.permissions import admins_only, me
from .. import announcing, figures, places

bp = Blueprint("admin", __name__, url_prefix="/admin")


@bp.get("")
@admins_only
def show() -> ResponseReturnValue:
    """What waits for those who look after the site, and how many people, groups, events and
    votes there are, over a year.
    """
    waits = places.what_waits(me())
    return render_page(
        "admin/show.html",
        waits=waits,
        figures=figures.picture(clock.now()),
        announced=announcing.standing(),
    )
