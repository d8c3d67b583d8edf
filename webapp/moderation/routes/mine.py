"""One's own page: what one reported, and what was decided about oneself and one's groups."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from ...core.pages import render_page
from ...core.permissions import me, signed_in
from .. import reads

bp = Blueprint("my_reports", __name__, url_prefix="/account/reports")


@bp.get("")
@signed_in
def index() -> ResponseReturnValue:
    """What the reader reported, and decisions about them and their groups."""
    return render_page(
        "moderation/mine.html", reports=reads.reported_by(me()), decisions=reads.decided_about(me())
    )
