"""Taking one's data along."""

from flask import Blueprint, abort, send_file, url_for
from flask.typing import ResponseReturnValue

from ...accounts import sign_ins
from ...accounts.routes.reauthentication import reauthenticated
from ...core.extensions import db
from ...core.http.errors import Conflict
from ...core.http.pages import render_page
from ...core.http.permissions import actor, signed_in
from ...core.http.submit import done
from ...core.time import clock
from .. import exports, reads
from ..models import DataExport

bp = Blueprint("your_data", __name__, url_prefix="/account")
#: Parts of the page that can be asked for alone.
PARTS = {"export": "privacy/_export.html"}


@bp.get("/data")
@signed_in
def show() -> ResponseReturnValue:
    """Show what a data download contains, how far it is, and the link to the archive."""
    may_fetch = sign_ins.is_fresh(actor().sign_in)
    return render_page(
        "privacy/your_data.html",
        PARTS,
        export=_standing(),
        topic=exports.topic(actor().id),
        may_fetch=may_fetch,
    )


@bp.post("/data")
@signed_in
def create() -> ResponseReturnValue:
    """Start preparing the archive; asked twice, it is prepared once."""
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
    export = _standing()
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


def _standing() -> DataExport | None:
    """What was asked for, unless its time is over: the clock clears it away within a day."""
    export = reads.export_of(actor())
    return (
        None
        if export is None or (export.expires_at and export.expires_at <= clock.now())
        else export
    )
