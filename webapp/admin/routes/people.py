"""Accounts, for admins."""

from typing import Any

from flask import Blueprint, abort, current_app, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, ngettext

from ...accounts import admins, reads
from ...accounts.models import User
from ...accounts.routes.reauthentication import reauthenticated
from ...core.db.keyset import requested_cursor
from ...core.http import limits
from ...core.http.forms import query_text
from ...core.http.pages import redirect_303, render_page
from ...core.http.permissions import actor, acts_alone, admins_may
from ...core.http.submit import done, submitted
from ...core.observability import audit
from ...groups import permissions
from ...moderation import admin_actions, case_routing
from ...moderation.reportable_types import THINGS
from .. import audit_labels, people
from ..forms import RevocationForm

bp = Blueprint("admin_people", __name__, url_prefix="/admin/people")
#: Entries of the audit log shown on a person's page.
LATEST = 8


@bp.get("")
@admins_may("site:people")
def index() -> ResponseReturnValue:
    """List the accounts, newest first, or those that match the search."""
    show = request.args.get("show", "")
    criteria = people.PeopleSearch(query_text(), show if show in people.SHOWN else "")
    listing = people.listed(criteria, requested_cursor())
    return render_page(
        "admin/people.html",
        {"people": "admin/_people.html"},
        listing=listing,
        criteria=criteria,
        state=people.status_chips,
    )


@bp.get("/<handle>")
@admins_may("site:people")
def show(handle: str) -> ResponseReturnValue:
    """Show one account: its status, and what can be done."""
    return _page(_person(handle))


@bp.post("/<handle>/confirmation-email")
@admins_may("site:people")
@limits.sends_email
def remind(handle: str) -> ResponseReturnValue:
    """Send the email that confirms the address again."""
    person = _person(handle)
    limits.email_to(person.email)
    return submitted(
        None,
        lambda: admins.resend(person, by=actor()),
        again=lambda refused: _page(person, refused=refused.message, status=refused.status),
        to=url_for("admin_people.show", handle=handle),
        flash=_("Email sent again."),
    )


@bp.get("/<handle>/sign-ins/revocation")
@admins_may("site:people")
def ask(handle: str) -> ResponseReturnValue:
    """Confirm signing the person out everywhere."""
    return render_page("admin/signing_out.html", person=_person(handle))


@bp.post("/<handle>/sign-ins/revocation")
@admins_may("site:people")
def sign_out(handle: str) -> ResponseReturnValue:
    """Sign the person out everywhere; they can sign in again."""
    number = admins.sign_out(_person(handle), by=actor())
    return done(
        url_for("admin_people.show", handle=handle),
        ngettext("Signed out on 1 browser.", "Signed out on %(num)d browsers.", number)
        if number
        else _("They weren’t signed in anywhere."),
    )


@bp.post("/<handle>/groups")
@admins_may("site:people")
def allow(handle: str) -> ResponseReturnValue:
    """Allow or forbid the person to create groups, if the site restricts that."""
    person = _person(handle)
    permissions.allow(person, by=actor(), may=request.form.get("may") == "yes")
    return done(url_for("admin_people.show", handle=handle), _("Saved."))


@bp.get("/<handle>/admin")
@admins_may("site:admins")
@reauthenticated
def ask_to_make(handle: str) -> ResponseReturnValue:
    """Confirm making the person an admin, and say what admins can do."""
    person = _person(handle)
    if not admins.may_be_promoted(person):
        return redirect_303(url_for("admin_people.show", handle=handle))
    return render_page("admin/making.html", person=person)


@bp.post("/<handle>/admin")
@admins_may("site:admins")
@reauthenticated
def make(handle: str) -> ResponseReturnValue:
    """Make the person an admin."""
    return _done(
        handle,
        admins.promote,
        lambda name: _("%(name)s is now an admin. All admins get an email.", name=name),
    )


@bp.get("/<handle>/admin/removal")
@admins_may("site:admins")
@reauthenticated
def ask_to_end(handle: str) -> ResponseReturnValue:
    """Confirm removing an admin; for oneself with a tick."""
    person = _person(handle)
    if not person.is_admin:
        return redirect_303(url_for("admin_people.show", handle=handle))
    return render_page(
        "admin/revocation.html",
        person=person,
        form=RevocationForm(person.id == actor().id, formdata=None),
    )


@bp.post("/<handle>/admin/removal")
@admins_may("site:admins")
@reauthenticated
@acts_alone
def end(handle: str) -> ResponseReturnValue:
    """Remove the admin's rights."""
    person = _person(handle)
    form = RevocationForm(person.id == actor().id)
    if not form.validate():
        return render_page("admin/revocation.html", person=person, form=form, status=422)
    said = lambda name: _(  # noqa: E731
        "%(name)s is no longer an admin. All admins get an email.", name=name
    )
    return _done(handle, admins.demote, said, "/" if form.is_own else "")


def _done(handle: str, verb: Any, said: Any, there: str = "") -> ResponseReturnValue:
    person = _person(handle)
    return submitted(
        None,
        lambda: verb(person, by=actor()),
        again=lambda refused: _page(person, refused=refused.message, status=refused.status),
        to=there or url_for("admin_people.show", handle=handle),
        flash=said(person.name),
    )


def _person(handle: str) -> User:
    person = reads.by_handle(handle)
    if person is None or person.erased_at is not None:
        abort(404)
    return person


def _page(person: User, refused: str = "", status: int = 200) -> ResponseReturnValue:
    latest = audit.keyset_page_of(audit.AuditFilter(subject=person.id), None, LATEST).items
    is_own = person.id == actor().id
    case = admin_actions.case_to_use(THINGS["person"], person)
    return render_page(
        "admin/person.html",
        status=status,
        person=person,
        refused=refused,
        is_own=is_own,
        state=people.status_chips(person),
        numbers=people.counts_of(person),
        browsers=reads.sign_ins_of(person, current_app.config),
        case=case if case and case_routing.may_see(actor(), case) else None,
        may_act=not is_own and bool(admin_actions.allowed_acts(actor(), THINGS["person"], person)),
        latest=latest,
        names=people.by_ids({row.actor_id for row in latest if row.actor_id}),
        acts=audit_labels,
    )
