"""`@reauthenticated`: ask for the password again before sensitive actions, unless it was just
given.
"""

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import Blueprint, make_response, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from ...core.extensions import db
from ...core.http import limits
from ...core.http.errors import UserError
from ...core.http.form_recovery import SECRET_FIELDS
from ...core.http.pages import redirect_303, render_page, wanted_fragment
from ...core.http.permissions import page_before, signed_in
from .. import credentials, reads, sign_ins
from ..forms import PasswordCheckForm, ReauthenticationForm
from ..models import User
from .safe_redirect import safe_target

View = TypeVar("View", bound=Callable[..., Any])
#: Fields that aren't carried along: secrets, and the CSRF token, which the page has itself.
NOT_CARRIED = {*SECRET_FIELDS, "csrf_token"}


def reauthenticated(view: View) -> View:
    """Run the view only for people who gave their password in the last 15 minutes; ask others
    first.

    The password page carries the fields of a sent form. Put this below the route's permission:
    `@signed_in`, then `@reauthenticated`. Add each such route to
    tests/accounts/test_reauthentication.py.
    """

    @wraps(view)
    def inner(*args: Any, **kwargs: Any) -> ResponseReturnValue:
        if sign_ins.is_fresh(current_user.sign_in):
            return view(*args, **kwargs)
        if request.method == "GET" or wanted_fragment() is not None:
            return _to_password()
        refused = (
            _tried() if "proof" in request.form else _question(ReauthenticationForm(formdata=None))
        )
        return view(*args, **kwargs) if refused is None else refused

    inner.is_fresh = True  # type: ignore[attr-defined]
    return inner  # type: ignore[return-value]


def _to_password() -> ResponseReturnValue:
    """Redirect to the password form, which leads back to the current page."""
    here = request.full_path.rstrip("?") if request.method == "GET" else page_before()
    if wanted_fragment() is None:
        return redirect_303(url_for("reauthentication.new", next=here or "/account"))
    response = make_response("", 200)
    response.headers["HX-Redirect"] = url_for(
        "reauthentication.new", next=page_before() or "/account"
    )
    return response


def _question(form: ReauthenticationForm) -> ResponseReturnValue:
    """Ask for the password, carrying the fields that were sent."""
    carried = [
        (name, value) for name, value in request.form.items(multi=True) if name not in NOT_CARRIED
    ]
    return render_page(
        "accounts/reauthentication.html",
        form=form,
        carried=carried,
        action=request.full_path.rstrip("?"),
        status=422,
    )


@limits.own_password
def _tried() -> ResponseReturnValue | None:
    """Return None if the password is right: it isn't asked for again for 15 minutes."""
    form = ReauthenticationForm()
    if not form.validate_on_submit():
        return _question(form)
    broken = shown(form.proof.data or "")
    return (
        None if broken is None else _question(form.refuse(UserError(broken.message, field="proof")))
    )


def shown(password: str) -> UserError | None:
    """Check the signed-in person's password and commit the result. Return the error, or None."""
    user_id, here = current_user.id, current_user.sign_in
    db.session.rollback()  # release the database: hashing takes a while
    proof = credentials.proof_for_user(user_id, password)
    try:
        sign_ins.mark_reauthenticated(here, proof)
    except UserError as broken:
        db.session.rollback()
        credentials.log_failure(proof, "password_check.failed")
        db.session.commit()
        return broken
    db.session.commit()
    return None


def prefilled_account() -> tuple[User | None, str]:
    """Return the account that the form names, if any, and the proof, which the caller must
    check.
    """
    try:
        account = uuid.UUID(request.form.get("account", ""))
    except ValueError:
        return None, ""
    return reads.with_id(account), request.form.get("proof", "")


bp = Blueprint("reauthentication", __name__, url_prefix="/account/reauthentication")


@bp.get("")
@signed_in
def new() -> ResponseReturnValue:
    """Ask for the password again."""
    return render_page(
        "accounts/reauthentication.html", form=PasswordCheckForm(next=request.args.get("next", ""))
    )


@bp.post("")
@signed_in
@limits.own_password
def create() -> ResponseReturnValue:
    """Check the password; for 15 minutes it isn't asked for again. Continue where it was
    asked for.
    """
    form = PasswordCheckForm()
    if not form.validate_on_submit():
        return render_page("accounts/reauthentication.html", form=form, status=422)
    broken = shown(form.password.data or "")
    if broken is not None:
        form.refuse(broken)
        return render_page("accounts/reauthentication.html", form=form, status=422)
    return redirect_303(safe_target(form.next.data))
