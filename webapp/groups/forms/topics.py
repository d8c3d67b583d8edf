"""The forms in which admins keep the site's topics."""

from uuid import UUID

from flask_babel import lazy_gettext as _l
from wtforms import SelectField

from ...core.extensions import db
from ...core.forms import Form, Line, choices_of, required
from .. import reads
from ..models import Category


class TopicForm(Form):
    """What a topic is called."""

    name = Line(_l("Name"), required(_l("What is it called?")), most=60)


class RemovalForm(Form):
    """Where goes what had the topic."""

    into = SelectField(_l("What becomes of what has it"), default="")

    def __init__(self, topic: Category) -> None:
        super().__init__()
        others = [(str(one.id), one.name) for one in reads.categories() if one.id != topic.id]
        self.into.choices = choices_of([("", _l("It has no topic any more")), *others])

    def into_topic(self) -> Category | None:
        """The chosen topic; None for none."""
        return db.session.get(Category, UUID(self.into.data)) if self.into.data else None
