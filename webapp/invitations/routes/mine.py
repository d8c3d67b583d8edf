"""What a person was invited to by mail, and has not answered."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from ...core.pages import render_page
from ...core.permissions import me, signed_in
from ...groups import access as group_access
from .. import reads

bp = Blueprint("my_invitations", __name__)


@bp.get("/invitations")
@signed_in
def index() -> ResponseReturnValue:
    """Each with who invites to what, and both answers."""
    return render_page(
        "invitations/mine.html", waiting=reads.waiting_for(me()), role_names=group_access.ROLE_NAMES
    )
