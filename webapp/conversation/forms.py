"""The forms of a conversation."""

from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l
from wtforms import BooleanField, Field, IntegerField
from wtforms.validators import Optional, ValidationError
from wtforms.widgets import HiddenInput

from ..core.http.forms import Form, TextBlock, TextLine, required
from ..core.http.uploads import PicturesField
from .models import GROUP

#: The most characters of a reply.
LONGEST = 20_000
#: The largest number that fits in an integer column.
_MOST = 2**31 - 1


def _number(form: Form, field: Field) -> None:
    if field.data is not None and not 0 <= field.data <= _MOST:
        raise ValidationError(_("Reload the page and try again."))


def pictures_field() -> PicturesField:
    """Return the field with its own id, because an event's page has an element with the id
    `pictures`.
    """
    return PicturesField(_l("Pictures"), id="post-pictures")


def looked_at(form: Form) -> str:
    """Return the text to preview, cut to what can be posted: rendering more takes seconds.

    Pictures aren't previewed.
    """
    form.ask_for_files_again()
    text: str = form["body"].data or ""
    return text[:LONGEST]


class ReplyForm(Form):
    """A reply, and the number of the reply it answers; on events and votes its label is “Your
    comment”.
    """

    body = TextBlock(_l("Your reply"), required(_l("Write a message first.")), most=LONGEST)
    answers = IntegerField(_l("Reply to"), [Optional(), _number], widget=HiddenInput())
    pictures = pictures_field()

    def __init__(self, kind: str = GROUP, **options: Any) -> None:
        super().__init__(**options)
        if kind != GROUP:
            self.body.label.text = _("Your comment")


class ThreadForm(Form):
    """A new thread: title and opening."""

    title = TextLine(_l("Title"), required(_l("Enter a title.")), most=120)
    body = TextBlock(_l("Text"), required(_l("Write a message first.")), most=LONGEST)
    pictures = pictures_field()
    announces = BooleanField(_l("Announce to all members"))

    def validate_title(self, field: Field) -> None:
        """Require a letter or a digit in the title."""
        if field.data and not any(sign.isalnum() for sign in field.data):
            raise ValidationError(_("Enter a title."))


class EditForm(ThreadForm):
    """A text to edit; `version` is the one that the person saw.

    Only an opening has a title.
    """

    body = TextBlock(_l("Text"), required(_l("Write a message first.")), most=LONGEST)
    version = IntegerField(_l("Version"), [Optional(), _number], widget=HiddenInput())
    announces = None

    def without_title(self) -> "EditForm":
        """Remove the title, for a reply."""
        del self.title
        return self

    def agree_on(self, version: int) -> None:
        """Accept the current version, so that sending the form again replaces it."""
        self.version.raw_data = None
        self.version.data = version


class PostPictureForm(Form):
    """A picture of a post that is edited."""

    alt = TextLine(_l("Description"), most=300)
    remove = BooleanField(_l("Remove this picture"))


class ReasonForm(Form):
    """Why something is removed; its author reads it."""

    reason = TextLine(
        _l("Reason"), required(_l("Enter a reason. The author will see it.")), most=200
    )
