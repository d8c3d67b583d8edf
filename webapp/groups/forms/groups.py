"""The forms of a group's page and the site's topics."""

from typing import Any
from uuid import UUID

from flask_babel import gettext as _, lazy_gettext as _l
from wtforms import BooleanField, Field, IntegerField, RadioField, SelectField, SelectMultipleField
from wtforms.validators import ValidationError
from wtforms.widgets import HiddenInput

from ...core.extensions import db
from ...core.http.forms import Form, TextBlock, TextLine, TimeZone, choices_of, required
from ...core.http.uploads import PictureField
from ...core.text.strings import slugify
from .. import categories, reads
from ..models import APPROVE, CLOSED, INVITE, JOIN, OPEN, SECRET, Category, Group

TOPICS = 3


class GroupForm(Form):
    """The group's details; `version` is the one that the person saw."""

    name = TextLine(_l("Name"), required(_l("Enter a name for the group.")), most=80)
    summary = TextLine(_l("Summary"), most=200)
    description = TextBlock(_l("Description"))
    location = TextLine(_l("Place"), most=120)
    zone = TimeZone()
    topics = SelectMultipleField(_l("Topics"))
    visibility = RadioField(
        _l("Who can see it"),
        choices=choices_of(
            [
                (OPEN, _l("Open")),
                (CLOSED, _l("Closed")),
                (SECRET, _l("Secret")),
            ]
        ),
        default=OPEN,
    )
    join_policy = RadioField(
        _l("How people join"),
        choices=choices_of(
            [
                (JOIN, _l("Anyone can join")),
                (APPROVE, _l("Ask to join")),
                (INVITE, _l("By invitation only")),
            ]
        ),
        default=JOIN,
    )
    welcome = TextBlock(_l("Welcome message"), most=2000)
    slug = TextLine(_l("Link"), most=60)
    picture = PictureField(_l("Your own picture"))
    remove_picture = BooleanField(_l("Remove the picture"))
    version = IntegerField(widget=HiddenInput(), default=1)

    def __init__(self, group: Group | None = None, **values: Any) -> None:
        if group is not None:
            values.setdefault("topics", [str(category.id) for category in group.categories])
        super().__init__(obj=group, **values)
        self.topics.choices = choices_of(
            (str(category.id), category.name) for category in reads.categories()
        )

    def validate_name(self, field: Field) -> None:
        """Require a letter or a digit in the name."""
        if not any(sign.isalnum() for sign in field.data or ""):
            raise ValidationError(_("Enter a name for the group."))

    def validate_topics(self, field: Field) -> None:
        """Allow at most three topics: with more they say nothing."""
        if len(field.data or []) > TOPICS:
            raise ValidationError(_("Choose up to three topics."))

    def validate_slug(self, field: Field) -> None:
        """Require a character that can be part of a slug."""
        if field.data and not slugify(field.data):
            raise ValidationError(_("Use letters a to z, digits and hyphens."))

    def agree_on(self, group: Group) -> None:
        """Accept the current version, so that sending the form again replaces it."""
        self.version.raw_data = None
        self.version.data = group.version

    def values(self) -> dict[str, Any]:
        """Return the arguments of `groups.create` and `groups.edit`."""
        names = (
            "name",
            "summary",
            "description",
            "location",
            "zone",
            "visibility",
            "join_policy",
            "welcome",
            "slug",
        )
        values = {name: self[name].data or "" for name in names}
        return {**values, "categories": categories.of_ids(self.topics.data or [])}


class TopicForm(Form):
    """The name of a topic."""

    name = TextLine(_l("Name"), required(_l("Enter a name.")), most=60)


class TopicRemovalForm(Form):
    """Which topic replaces the removed one."""

    into = SelectField(_l("Replace it with"), default="")

    def __init__(self, topic: Category) -> None:
        super().__init__()
        others = [(str(one.id), one.name) for one in reads.categories() if one.id != topic.id]
        self.into.choices = choices_of([("", _l("No topic")), *others])

    def into_topic(self) -> Category | None:
        """Return the chosen topic, or None."""
        return db.session.get(Category, UUID(self.into.data)) if self.into.data else None
