"""What the clock asks of tasks and shifts."""

from ..core import clock, slices
from ..core.queue import every, job
from . import task_reminders


@job("events.remind_helpers")
def remind_helpers() -> None:
    """Everyone who has something to do within a day knows it, once."""
    slices.each(
        "events.remind_helpers",
        task_reminders.events_with(clock.now()),
        lambda event_id: task_reminders.remind(event_id, clock.now()),
    )


every(60, "events.remind_helpers")
