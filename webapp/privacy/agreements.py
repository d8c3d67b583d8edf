"""Changed house rules: everyone must agree once before they continue.

Nobody is trapped: leaving needs no agreement.
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
    """Return the newest version that requires agreement, as a subquery loaded with the account;
    NULL if there is none.
    """
    return (
        sa.select(sa.func.max(SitePage.number))
        .where(SitePage.page == TERMS, SitePage.requires_agreement)
        .scalar_subquery()
    )


def set_must_agree(user: Any, number: int | None) -> None:
    """Set `user.must_agree`: whether that version is newer than the one they agreed to."""
    user.must_agree = number is not None and agreed_to(user) < number


def agreed_to(user: User) -> int:
    """Return the number of the version that they agreed to last, or 0."""
    known = user.terms_version or ""
    return int(known) if known.isdecimal() else 0


def agree(by: User, number: int) -> None:
    """Record that `by` agreed to the current house rules.

    Raises Conflict if they were shown others.
    """
    if number != reads.newest(TERMS):
        raise Conflict(_("The house rules have changed again. Read them again, then continue."))
    user = locked(User, by.id)
    user.terms_version = str(number)
    audit.record("terms.agreed", by=user, subject=user, number=number)
