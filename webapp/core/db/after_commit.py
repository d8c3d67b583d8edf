"""Calls to make after a transaction has committed, such as waking the queue or sending a signal.

Nothing that matters may depend on them alone: a process may die right after the commit. The
outbox's sweep and a page's next reload make up for it.
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
    """Call `function(*args)` once after the current transaction commits; never if it is rolled
    back.

    Asking for the same call twice in one transaction makes it once.
    """
    session = db.session()
    if not session.in_transaction():
        session.begin()  # so that a rollback finds a transaction, even before the first statement
    calls = session.info.setdefault(_KEY, {})
    calls[(function, args)] = None


def forget() -> None:
    """Drop the calls asked for so far in this transaction.

    For bulk inserts that nobody is waiting for.
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
