"""What is done beside requests: telling those who want to hear of what was written."""

from datetime import timedelta
from uuid import UUID

from ..core import clock
from ..core.extensions import db
from ..core.queue import enqueue, every, job
from . import telling

#: A telling that has stood for so long has lost its job, or is a long one: asking again does no harm.
FORGOTTEN = timedelta(seconds=30)

every(30, "conversation.sweep")


@job(telling.JOB)
def tell(telling_id: str) -> None:
    """Everyone has been told, a slice at a time; two workers at once take turns, and each slice is told once."""
    more = True
    while more:
        more = telling.step(UUID(telling_id))
        db.session.commit()


@job("conversation.sweep")
def sweep() -> None:
    """What was left behind goes on."""
    for telling_id in telling.left_behind(clock.now() - FORGOTTEN):
        enqueue(telling.JOB, str(telling_id), job_id=f"tell-{telling_id}")
    db.session.commit()
