"""The site's admins hide a group: outsiders find nothing, as of a secret one, and its owners
cannot show it themselves.
"""

from flask_babel import gettext as _

from ..accounts.models import User
from ..core import audit, hooks, live
from ..core.errors import RuleBroken
from ..core.extensions import db
from . import memberships
from .models import INVITE, SECRET, Group


def hide(group: Group, by: User) -> None:
    """The group is secret until `unhide`, whatever that closes for those from outside."""
    group = memberships.hold(group)
    if group.visibility == SECRET:
        raise RuleBroken(_("Only its members see this group already."))
    group.hidden_was = f"{group.visibility} {group.way_in}"
    _show_as(group, SECRET, INVITE)
    audit.record("group.hidden", by=by, subject=group)


def unhide(group: Group, by: User) -> None:
    """The group shows itself as before it was hidden; nothing happens when it wasn't."""
    group = memberships.hold(group)
    if group.hidden_was is None:
        return
    visibility, way_in = group.hidden_was.split(" ")
    group.hidden_was = None
    _show_as(group, visibility, way_in)
    audit.record("group.shown", by=by, subject=group)


def refuse_showing(group: Group, visibility: str) -> None:
    """Raises RuleBroken where a hidden group would show itself."""
    if group.hidden_was is not None and visibility != SECRET:
        sentence = _(
            "The people who look after the site have hidden this group. It stays secret until "
            "they take that back."
        )
        raise RuleBroken(sentence, "visibility")


def _show_as(group: Group, visibility: str, way_in: str) -> None:
    before = group.visibility
    group.visibility, group.way_in = visibility, way_in
    group.version += 1
    live.signal(f"group:{group.id}:page")
    db.session.flush()
    hooks.group_edited(group=group, name_before=group.name, visibility_before=before)
