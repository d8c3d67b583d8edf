"""Forms for tasks and shifts, and for the buttons of a board."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from wtforms import Field, HiddenField
from wtforms.validators import InputRequired, NumberRange, Optional, ValidationError

from ..attendance.event_reminders import IN_THE_MORNING
from ..core.http.forms import Form, LocalDateTime, TextBlock, TextLine, Versioned, required
from ..core.http.number_fields import WholeNumber
from ..core.time import time_zones
from ..events.models import Event
from .models import TASK_STATES, EventShift, EventTask
from .shifts import MOST_PLACES
from .tasks import DOWN, UP

#: Marks buttons on the hosts' page.
MANAGED = "manage"
#: The default length of a new shift, unless the event is shorter.
A_WHILE = timedelta(hours=2)
_PLACES = NumberRange(1, MOST_PLACES, _l("Enter a number from 1 to 200."))


class TaskForm(Versioned):
    """The form of a task."""

    title = TextLine(_l("Task"), required(_l("Enter a task.")), most=120)
    description = TextBlock(_l("Details"), most=2000)
    who = TextLine(_l("Assigned to"), most=200)
    due = LocalDateTime(_l("Due"), Optional())

    def __init__(self, event: Event, task: EventTask | None = None, **more: Any) -> None:
        given: dict[str, Any] = {}
        if task is not None:
            who = f"@{task.assignee.handle}" if task.assignee is not None else ""
            due = time_zones.wall(task.due_at, event.zone) if task.due_at else None
            given = {
                "title": task.title,
                "description": task.description,
                "who": who,
                "due": due,
                "version": str(task.version),
            }
        super().__init__(data=given, **more)

    def values(self) -> dict[str, Any]:
        """Return the values as arguments for the rules."""
        return {name: self[name].data for name in ("title", "description", "who", "due")}


class ShiftForm(Versioned):
    """The form of a shift."""

    title = TextLine(_l("Task"), required(_l("Enter a task.")), most=120)
    description = TextBlock(_l("Details"), most=2000)
    starts = LocalDateTime(_l("From"), required(_l("Enter when it starts.")))
    ends = LocalDateTime(_l("Until"), required(_l("Enter when it ends.")))
    capacity = WholeNumber(
        _l("People needed"),
        [InputRequired(_l("Enter how many people are needed.")), _PLACES],
        default=2,
    )

    def __init__(self, event: Event, shift: EventShift | None = None, **more: Any) -> None:
        starts = event.starts_wall + (IN_THE_MORNING if event.is_all_day else timedelta())
        given: dict[str, Any] = {"starts": starts, "ends": min(event.ends_wall, starts + A_WHILE)}
        if shift is not None:
            given = {name: getattr(shift, name) for name in ("title", "description", "capacity")}
            given["version"] = str(shift.version)
            given |= {
                "starts": time_zones.wall(shift.starts_at, event.zone),
                "ends": time_zones.wall(shift.ends_at, event.zone),
            }
        super().__init__(data=given, **more)

    def values(self) -> dict[str, Any]:
        """Return the values as arguments for the rules."""
        return {
            name: self[name].data for name in ("title", "description", "starts", "ends", "capacity")
        }


class GiveForm(Form):
    """Someone to assign to a shift."""

    who = TextLine(_l("Who"), required(_l("Enter a handle or a full name.")), most=200)


class ActForm(Form):
    """A button of the board or of the shifts: the task or shift, and the page it's on."""

    thing = HiddenField()
    at = HiddenField()

    def validate_thing(self, field: Field) -> None:
        """Raises ValidationError for values that none of our buttons sends."""
        try:
            UUID(str(field.data))
        except ValueError:
            raise ValidationError(_l("Choose one.")) from None

    @property
    def thing_id(self) -> UUID:
        """The task or shift's id."""
        return UUID(str(self.thing.data))


class TaskMoveForm(Form):
    """A move of a card: `move` is “<task> <the state in which it was seen> <target>”, optionally
    followed by the task before which it goes.
    """

    move = HiddenField()
    at = HiddenField()

    def validate_move(self, field: Field) -> None:
        """Raises ValidationError for values that neither buttons nor dragging send."""
        words = str(field.data or "").split()
        try:
            ids = [UUID(word) for word in (*words[:1], *words[3:])]
        except ValueError:
            ids = []
        knows = (
            len(words) in (3, 4)
            and words[1] in TASK_STATES
            and words[2] in (*TASK_STATES, UP, DOWN)
        )
        if not knows or len(ids) != len(words) - 2:
            raise ValidationError(_l("Choose one."))

    def values(self) -> dict[str, Any]:
        """Return the values as arguments for the rule."""
        words = str(self.move.data).split()
        before = UUID(words[3]) if len(words) == 4 else None
        return {"task_id": UUID(words[0]), "seen": words[1], "to": words[2], "before": before}
