"""What a personal data export holds about tasks and shifts."""

from ..accounts.models import User
from ..core.exports import JsonFile, PersonalData, about
from ..events.exporting import EVENT, INSIDE
from .models import EventShift, EventTask, ShiftClaim


def add(user: User, parts: PersonalData) -> None:
    """Add the person's tasks and shifts."""
    parts.add(*_help(user))


def _help(user: User) -> tuple[JsonFile, ...]:
    sorting = {
        "position": "its order among the tasks of others",
        "version": "counts changes",
        "assignee_id": "the person themselves",
    }
    of_shift = ("shift_id", "title"), ("shift_id", "starts_at"), ("shift_id", "ends_at")
    shift = {name: about(EventShift, column, name) for column, name in of_shift}
    inside = {"id": INSIDE["id"], "event_id": INSIDE["event_id"]}
    return (
        JsonFile(
            "tasks",
            EventTask,
            EventTask.assignee_id == user.id,
            ("title", "description", "state", "due_at", "done_at", "reminded_at", "created_at"),
            {**inside, **sorting},
            EVENT,
        ),
        JsonFile(
            "shifts",
            ShiftClaim,
            ShiftClaim.user_id == user.id,
            ("created_at", "reminded_at"),
            {
                "id": INSIDE["id"],
                "user_id": INSIDE["user_id"],
                "shift_id": "its title and hours are given instead",
            },
            shift,
        ),
    )
