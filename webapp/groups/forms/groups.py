"""A group's page and settings."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, IntegerField, RadioField, SelectMultipleField
from wtforms.validators import ValidationError
from wtforms.widgets import HiddenInput

from ...core.forms import Form, Line, Text, Zone, choices_of, required
from ...core.text import slugify
from ...core.uploads import Picture
from .. import categories, reads
from ..models import APPROVE, CLOSED, INVITE, JOIN, OPEN, SECRET, Group

TOPICS = 3


class PictureForm(Form):
    """A picture of the group."""

    picture = Picture(_l("A picture of the group"))


class GroupForm(Form):
    """Everything that a group says of itself; `version` is the state that the person saw."""

    name = Line(_l("Name"), required(_l("Give the group a name.")), most=80)
    summary = Line(_l("In one line"), most=200)
    description = Text(_l("Who you are"))
    place = Line(_l("Place"), most=120)
    zone = Zone()
    topics = SelectMultipleField(_l("Topics"))
    visibility = RadioField(
        _l("Who can see it"),
        choices=choices_of(
            [
                (OPEN, _l("Everyone")),
                (CLOSED, _l("Everyone, from outside")),
                (SECRET, _l("Members only")),
            ]
        ),
        default=OPEN,
    )
    way_in = RadioField(
        _l("How people join"),
        choices=choices_of(
            [(JOIN, _l("At once")), (APPROVE, _l("They ask")), (INVITE, _l("By invitation"))]
        ),
        default=JOIN,
    )
    welcome = Text(_l("Welcome"), most=2000)
    slug = Line(_l("Address"), most=60)
    version = IntegerField(widget=HiddenInput(), default=1)

    def __init__(self, group: Group | None = None, **values: Any) -> None:
        if group is not None:
            values.setdefault("topics", [str(category.id) for category in group.categories])
        super().__init__(obj=group, **values)
        self.topics.choices = choices_of(
            (str(category.id), category.name) for category in reads.categories()
        )

    def validate_name(self, field: Field) -> None:
        """A name has a letter or a digit in it."""
        if not any(sign.isalnum() for sign in field.data or ""):
            raise ValidationError(_("Give the group a name."))

    def validate_topics(self, field: Field) -> None:
        """Three at most, or they say nothing."""
        if len(field.data or []) > TOPICS:
            raise ValidationError(_("Choose three topics at most."))

    def validate_slug(self, field: Field) -> None:
        """What is left of it as an address is not nothing."""
        if field.data and not slugify(field.data):
            raise ValidationError(_("An address is made of letters a to z, digits and hyphens."))

    def agree_on(self, group: Group) -> None:
        """Sent once more, the form speaks of the group as it is now."""
        self.version.raw_data = None
        self.version.data = group.version

    def values(self) -> dict[str, Any]:
        """What the verbs take."""
        names = (
            "name",
            "summary",
            "description",
            "place",
            "zone",
            "visibility",
            "way_in",
            "welcome",
            "slug",
        )
        values = {name: self[name].data or "" for name in names}
        return {**values, "categories": categories.of_ids(self.topics.data or [])}
