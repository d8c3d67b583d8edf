"""The code of conduct of a group: who joins affirms it, and its versions tell which wording
someone has affirmed.
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
    """The group has this code of conduct; another wording is another version, which its members
    are asked to affirm.
    """
    group = locked(Group, group.id)
    if text == group.code_of_conduct:
        return
    group.code_of_conduct = text
    group.code_version += 1
    audit.record("code.changed", by=by, subject=group, version=group.code_version)
    db.session.flush()


def require(group: Group, version: int) -> None:
    """Returns when anyone who joins has affirmed the code as it stands, or there is none.

    Raises UserError.
    """
    if not group.code_of_conduct or version == group.code_version:
        return
    if version:
        raise UserError(_("The code of conduct has just been changed. Read it again."), "affirms")
    raise UserError(_("Read the code of conduct and tick the box to agree to it."), "affirms")


def affirm(membership: Membership, version: int) -> None:
    """The member keeps to the code as it stands.

    Raises UserError when it was changed since they read it.
    """
    require(membership.group, version)
    membership.code_version = version
    db.session.flush()


def is_due(group: Group, membership: Membership | None) -> bool:
    """Whether this member has not affirmed the code as it stands."""
    return (
        membership is not None
        and bool(group.code_of_conduct)
        and membership.code_version != group.code_version
    )


def affirmed_count(group: Group) -> int:
    """How many members have affirmed the code as it stands."""
    mine = (Membership.group_id == group.id, Membership.code_version == group.code_version)
    return db.session.scalar(sa.select(sa.func.count()).select_from(Membership).where(*mine)) or 0
