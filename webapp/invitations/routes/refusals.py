"""Never again: the way out that is in every invitation by mail.

No sign-in, no cookie, one press.
"""

from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue

from ...core.extensions import csrf, db
from ...core.http.pages import render_page
from ...core.http.permissions import public
from .. import opt_outs

bp = Blueprint("invitation_refusals", __name__, url_prefix="/no-invitations/<token>")

#: What mail programs post, by RFC 8058; our own button posts the same.
FIELD, ONE_CLICK = "List-Unsubscribe", "One-Click"


@bp.get("")
@public
def show(token: str) -> ResponseReturnValue:
    """Show what would stop, and the button; email scanners follow links, so nothing changes yet."""
    if opt_outs.found(token) is None:
        abort(404)
    return render_page("invitations/refusal.html", action=request.path, done=False)


@bp.post("")
@public
@csrf.exempt
def create(token: str) -> ResponseReturnValue:
    """Stop all invitations to the address.

    Email providers post this with only the link, which is the proof. The answer is a page, because
    RFC 8058 forbids redirects.
    """
    digest = opt_outs.found(token)
    if digest is None:
        abort(404)
    if request.form.get(FIELD) != ONE_CLICK:
        abort(400)
    opt_outs.refuse(digest)
    db.session.commit()
    return render_page("invitations/refusal.html", action=request.path, done=True)
