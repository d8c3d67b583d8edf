"""What is to happen once a transaction has truly committed: waking the queue, sending a signal.

Nothing that matters may depend on it alone: a process may die between the commit and this. The
outbox's sweep and the page's own reload are there for that.
"""

from collections.abc import Callable
from typing import Any

import structlog
from sqlalchemy import event
from sqlalchemy.orm import Session

from ..extensions import db

log = structlog.get_logger(__name__)
_KEY = "after_commit"


def after_commit(function: Callable[..., Any], *args: Any) -> None:
    """`function(*args)` runs once when the current transaction has committed, never if it is rolled
    back.

    The same call asked for twice in one transaction runs once.
    """
    session = db.session()
    if not session.in_transaction():
        session.begin()  # so that there is something to roll back, also before the first statement
    calls = session.info.setdefault(_KEY, {})
    calls[(function, args)] = None


def forget() -> None:
    """Nothing runs of what was asked for in the current transaction so far: for a bulk of rows
    that nobody is waiting for.
    """
    db.session().info.pop(_KEY, None)


@event.listens_for(Session, "after_commit")
def _run(session: Session) -> None:
    if session.in_nested_transaction():
        return
    for function, args in session.info.pop(_KEY, {}):
        try:
            function(*args)
        except Exception:
            log.exception("after_commit_failed", function=function.__qualname__)


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    session.info.pop(_KEY, None)
