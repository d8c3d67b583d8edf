"""Who may form groups, where the site lets only some people do so."""

from ..accounts.models import User
from ..core import audit
from ..core.extensions import db


def allow(user: User, may: bool = True, by: User | None = None) -> None:
    """`user` may form groups from now on, or no more; `by` is None on the command line, where
    nobody is named who did it.
    """
    if user.may_create_groups == may:
        return
    user.may_create_groups = may
    audit.record("groups.allowed" if may else "groups.disallowed", by=by, subject=user)
    db.session.flush()
