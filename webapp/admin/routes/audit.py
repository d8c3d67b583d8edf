"""The audit log, with filters."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from ...accounts import reads
from ...core import i18n
from ...core.db import base
from ...core.db.keyset import requested_cursor
from ...core.http.pages import render_page
from ...core.http.permissions import admins_may
from ...core.observability import audit
from ...core.time import time_zones
from .. import audit_labels, lists, people

bp = Blueprint("admin_audit", __name__, url_prefix="/admin/audit")
SIZE = 50


@bp.get("")
@admins_may("site:audit")
def index() -> ResponseReturnValue:
    """List what was done, latest first, with filters."""
    filters, sought = _filters_from_request()
    listing = audit.keyset_page_of(sought, requested_cursor(), SIZE) if sought else None
    rows = listing.items if listing else []
    persons = {row.actor_id for row in rows} | {
        row.subject_id for row in rows if row.subject_kind == "user"
    }
    groups = {row.subject_id for row in rows if row.subject_kind == "group"}
    groups |= {found for row in rows if (found := base.parse_uuid(row.details.get("group")))}
    return render_page(
        "admin/audit.html",
        {"audit": "admin/_audit.html"},
        filters=filters,
        listing=listing,
        acts=audit_labels,
        people=people.by_ids(persons - {None}),
        groups=lists.names_of(groups),
        id_of=base.parse_uuid,
    )


def _filters_from_request() -> tuple[dict[str, str], audit.AuditFilter | None]:
    """Return the form's values and the filter; the filter is None if a person wasn't found."""
    typed = {
        name: request.args.get(name, "").strip()[:60]
        for name in ("action", "by", "about", "from", "to")
    }
    found: dict[str, Any] = {}
    if audit_labels.is_known(typed["action"]):
        found["action"] = typed["action"]
    for name, field in (("by", "actor"), ("about", "subject")):
        if typed[name]:
            found[field] = _whose(typed[name])
            if found[field] is None:
                return typed, None
    first, last = i18n.parse_day(typed["from"]), i18n.parse_day(typed["to"])
    if first:
        found["since"] = _moment(first)
    if last:
        found["until"] = _moment(last + timedelta(days=1))
    return typed, audit.AuditFilter(**found)


def _whose(word: str) -> UUID | None:
    """Return the id of the person with this handle, or the id itself."""
    person = reads.by_handle(word) if "\x00" not in word else None
    return person.id if person is not None else base.parse_uuid(word)


def _moment(day: date) -> datetime:
    """Return when the day begins in the reader's time zone."""
    return time_zones.start_of_day(day, current_user.zone)
