"""Data export and account deletion."""

from flask import Blueprint, abort, flash, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ...accounts import credentials, loader, sign_ins
from ...accounts.routes.reauthentication import reauthenticated
from ...core import i18n
from ...core.extensions import db
from ...core.http import limits
from ...core.http.errors import Conflict, UserError
from ...core.http.pages import redirect_303, render_page
from ...core.http.permissions import actor, signed_in
from ...core.http.submit import done
from ...core.time import clock
from .. import deletions, exports, reads
from ..forms import DeletionForm
from ..models import DataExport

bp = Blueprint("your_data", __name__, url_prefix="/account")
#: Fragments of the page.
PARTS = {"export": "privacy/_export.html"}


@bp.get("/data")
@signed_in
def show() -> ResponseReturnValue:
    """Show what a data download contains, how far it is, and the link to the archive."""
    may_fetch = sign_ins.is_fresh(actor().sign_in)
    return render_page(
        "privacy/your_data.html",
        PARTS,
        export=_export(),
        topic=exports.topic(actor().id),
        may_fetch=may_fetch,
    )


@bp.post("/data")
@signed_in
def create() -> ResponseReturnValue:
    """Start preparing the archive; asking twice prepares it once."""
    try:
        exports.ask(actor())
    except Conflict:
        db.session.rollback()
    return done(url_for("your_data.show"))


@bp.get("/data.zip")
@signed_in
@reauthenticated
def export() -> ResponseReturnValue:
    """Download the archive: for its person only, with the password, until it expires."""
    export = _export()
    if export is None or not export.is_ready:
        abort(404)
    try:
        archive = exports.open_one(export.file)
    except FileNotFoundError:
        abort(404)
    name = f"{actor().handle}-{export.created_at:%Y-%m-%d}.zip"
    response = send_file(archive, "application/zip", as_attachment=True, download_name=name)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _export() -> DataExport | None:
    """Return the export unless it has expired; the clock deletes it within a day."""
    export = reads.export_of(actor())
    return (
        None
        if export is None or (export.expires_at and export.expires_at <= clock.now())
        else export
    )


deletions_bp = Blueprint("account_deletions", __name__, url_prefix="/account/deletion")


@deletions_bp.get("", endpoint="new")
@signed_in
def ask_deletion() -> ResponseReturnValue:
    """Show what is deleted, what stays without a name and what must be handed over, and ask to
    confirm.
    """
    return _deletion_page(DeletionForm())


@deletions_bp.post("", endpoint="create")
@signed_in
@limits.own_password
def create_deletion() -> ResponseReturnValue:
    """Close the account and sign out everywhere; for 14 days a sign-in can restore it."""
    form = DeletionForm()
    if not form.validate_on_submit():
        return _deletion_page(form, 422)
    user = actor()
    user_id, password = user.id, form.password.data or ""
    db.session.rollback()  # release the database: hashing takes a while
    proof = credentials.proof_for_user(user_id, password)
    try:
        deletions.ask(user, proof)
    except UserError as broken:
        db.session.rollback()
        if not proof.is_right:
            credentials.log_failure(proof, "password_check.failed")
            db.session.commit()
        return _deletion_page(form.refuse(broken), broken.status)
    until = i18n.moment(user.deletion_due_at, user.zone)
    db.session.commit()
    loader.stop()
    flash(
        _(
            "You’re signed out everywhere. Your account will be deleted on %(until)s. Sign in "
            "before then to keep it.",
            until=until,
        )
    )
    return redirect_303(url_for("sign_ins.new"))


def _deletion_page(form: DeletionForm, status: int = 200) -> ResponseReturnValue:
    return render_page(
        "privacy/deletion.html", form=form, status=status, **deletions.consequences(actor())
    )
