"""Retry or discard failed jobs and undeliverable emails, one or all; the audit log records it."""

from collections.abc import Callable
from typing import Any, NamedTuple
from uuid import UUID

from flask import current_app
from flask_babel import gettext as _

from ..core.db.base import parse_uuid
from ..core.extensions import db
from ..core.http.errors import UserError
from ..core.jobs.queue_status import QueueUnavailable
from ..core.observability import audit
from ..mail import dead_letters

RETRIAL, REMOVAL = "retrial", "removal"


class FailurePile(NamedTuple):
    """A kind of failures. The functions take an id, or "" for all.

    `words` are the actions' names in the audit log.
    """

    words: dict[str, str]
    name_of: Callable[[str], str | None]
    acts: dict[str, Callable[[str], int]]


def _queue() -> Any:
    return current_app.extensions["queue"]


def _email_name(email_id: str) -> str | None:
    email = dead_letters.find(parse_uuid(email_id) or UUID(int=0))
    return email.template if email else None


def _of_emails(one: Callable[[UUID], None], every: Callable[[], int]) -> Callable[[str], int]:
    def act(email_id: str) -> int:
        if not email_id:
            return every()
        one(UUID(email_id))
        return 1

    return act


FAILURE_PILES = {
    "jobs": FailurePile(
        {RETRIAL: "job.retried", REMOVAL: "job.discarded"},
        lambda job_id: _queue().failed_name(job_id),
        {
            RETRIAL: lambda job_id: _queue().retry(job_id),
            REMOVAL: lambda job_id: _queue().discard(job_id),
        },
    ),
    "emails": FailurePile(
        {RETRIAL: "undelivered_email.retried", REMOVAL: "undelivered_email.discarded"},
        _email_name,
        {
            RETRIAL: _of_emails(dead_letters.retry, dead_letters.retry_all),
            REMOVAL: _of_emails(dead_letters.discard, dead_letters.discard_all),
        },
    ),
}


def name_of(pile: str, id: str) -> str:
    """Return the name of the failure with this id; "" without an id.

    Raises UserError if it isn't among the failures any more.
    """
    if not id:
        return ""
    name = _asked(lambda: FAILURE_PILES[pile].name_of(id))
    if name is None:
        raise UserError(_("This has already been retried or discarded."))
    return name


def act(pile: str, what: str, id: str, by: Any) -> int:
    """Retry or discard the failure with this id, or all without an id; return how many.

    The audit log has it before Redis is called. Raises UserError if it is no longer a failure, or
    Redis is down.
    """
    name = name_of(pile, id)
    it = FAILURE_PILES[pile]
    audit.record(it.words[what], by=by, **({"name": name, "id": id} if id else {"name": "all"}))
    db.session.flush()
    return _asked(lambda: it.acts[what](id))


def _asked(ask: Callable[[], Any]) -> Any:
    try:
        return ask()
    except QueueUnavailable as away:
        raise UserError(_("Redis isn’t responding. Try again later.")) from away
