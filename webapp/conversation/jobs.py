"""What is done beside requests: telling those who want to hear of what was written."""

from ..core.jobs import batches
from ..core.jobs.batches import STALLED_AFTER
from ..core.jobs.queue import every, job
from ..core.time import clock
from . import telling

every(30, "conversation.sweep")


@job(telling.JOB)
def tell(telling_id: str) -> None:
    """Everyone has been told, a slice at a time; two workers at once take turns, and each slice
    is told once.
    """
    batches.run_batches(telling.step, telling_id)


@job("conversation.sweep")
def sweep() -> None:
    """What was left behind goes on."""
    batches.enqueue_each(telling.JOB, telling.left_behind(clock.now() - STALLED_AFTER))
