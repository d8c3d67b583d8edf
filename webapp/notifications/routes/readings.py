"""Everything in the inbox is read."""

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from ...core.extensions import db
from ...core.pages import see
from ...core.permissions import signed_in
from .. import inbox

bp = Blueprint("readings", __name__)


@bp.post("/inbox/reading")
@signed_in
def create() -> ResponseReturnValue:
    """Mark all as read."""
    inbox.mark_all_read(current_user)
    db.session.commit()
    return see(url_for("inbox.index"))
