"""House rules that have changed: everyone agrees again, once, before they go on.

Nobody is held: leaving needs no agreement.
"""

from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from ..accounts.models import User
from ..core.db.session import locked
from ..core.http.errors import Conflict
from ..core.observability import audit
from . import reads
from .models import TERMS, SitePage


def newest_required() -> Any:
    """The newest version to which everyone agrees, as a value beside the signed-in person; NULL
    where there is none.
    """
    return (
        sa.select(sa.func.max(SitePage.number))
        .where(SitePage.page == TERMS, SitePage.requires_agreement)
        .scalar_subquery()
    )


def set_must_agree(user: Any, number: int | None) -> None:
    """`user.must_agree` says whether that version is newer than what they have agreed to."""
    user.must_agree = number is not None and agreed_to(user) < number


def agreed_to(user: User) -> int:
    """The number of the version that they agreed to last; 0 for none."""
    known = user.terms_version or ""
    return int(known) if known.isdecimal() else 0


def agree(by: User, number: int) -> None:
    """`by` has agreed to the house rules of today. Raises Conflict when they were shown others."""
    if number != reads.newest(TERMS):
        raise Conflict(_("The house rules have changed again. Read them again, then continue."))
    user = locked(User, by.id)
    user.terms_version = str(number)
    audit.record("terms.agreed", by=user, subject=user, number=number)
