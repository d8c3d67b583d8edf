"""What is done beside requests: telling those who want to hear of what was written."""

from ..core import clock, slices
from ..core.queue import every, job
from ..core.slices import FORGOTTEN
from . import telling

every(30, "conversation.sweep")


@job(telling.JOB)
def tell(telling_id: str) -> None:
    """Everyone has been told, a slice at a time; two workers at once take turns, and each slice
    is told once.
    """
    slices.work_off(telling.step, telling_id)


@job("conversation.sweep")
def sweep() -> None:
    """What was left behind goes on."""
    slices.wake(telling.JOB, telling.left_behind(clock.now() - FORGOTTEN))
