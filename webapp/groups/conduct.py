"""A group's code of conduct: people agree to it when they join; versions tell which text they
agreed to.
"""

import sqlalchemy as sa
from flask_babel import gettext as _

from ..accounts.models import User
from ..core.db.session import locked
from ..core.extensions import db
from ..core.http.errors import UserError
from ..core.observability import audit
from .models import Group, Membership


def write(group: Group, by: User, text: str) -> None:
    """Save the code of conduct. A new text is a new version, which members are asked to
    agree to.
    """
    group = locked(Group, group.id)
    if text == group.code_of_conduct:
        return
    group.code_of_conduct = text
    group.code_version += 1
    audit.record("code.changed", by=by, subject=group, version=group.code_version)
    db.session.flush()


def require(group: Group, version: int) -> None:
    """Raises UserError unless `version` is the current code of conduct, or the group has none."""
    if not group.code_of_conduct or version == group.code_version:
        return
    if version:
        raise UserError(_("The code of conduct has just been changed. Read it again."), "affirms")
    raise UserError(_("Read the code of conduct and tick the box to agree to it."), "affirms")


def affirm(membership: Membership, version: int) -> None:
    """Record that the member agrees to this version.

    Raises UserError if it has changed since they read it.
    """
    require(membership.group, version)
    membership.code_version = version
    db.session.flush()


def is_due(group: Group, membership: Membership | None) -> bool:
    """Whether this member hasn't agreed to the current version."""
    return (
        membership is not None
        and bool(group.code_of_conduct)
        and membership.code_version != group.code_version
    )


def affirmed_count(group: Group) -> int:
    """Return how many members have agreed to the current version."""
    mine = (Membership.group_id == group.id, Membership.code_version == group.code_version)
    return db.session.scalar(sa.select(sa.func.count()).select_from(Membership).where(*mine)) or 0
