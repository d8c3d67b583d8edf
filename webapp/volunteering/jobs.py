"""What the clock asks of tasks and shifts."""

from ..core.jobs import batches
from ..core.jobs.queue import every, job
from ..core.time import clock
from . import task_reminders


@job("events.remind_helpers")
def remind_helpers() -> None:
    """Everyone who has something to do within a day knows it, once."""
    batches.for_each(
        "events.remind_helpers",
        task_reminders.events_with(clock.now()),
        lambda event_id: task_reminders.remind(event_id, clock.now()),
    )


every(60, "events.remind_helpers")
