"""What people write in a conversation."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, IntegerField
from wtforms.validators import Optional, ValidationError
from wtforms.widgets import HiddenInput

from ..core.http.forms import Form, TextBlock, TextLine, required
from ..core.http.uploads import PicturesField
from .models import GROUP

#: A reply has so many characters at most; longer things have a page of their own somewhere.
LONGEST = 20_000
#: What an id of ours may be at most: larger numbers fit in no column.
_MOST = 2**31 - 1


def _number(form: Form, field: Field) -> None:
    if field.data is not None and not 0 <= field.data <= _MOST:
        raise ValidationError(_("Reload the page and try again."))


def pictures_field() -> PicturesField:
    """An event's page has a part with the id `pictures`."""
    return PicturesField(_l("Pictures"), id="post-pictures")


def looked_at(form: Form) -> str:
    """What the form's words would read like is shown of so many characters as can be posted:
    drawing more takes seconds. Pictures are not shown.
    """
    form.ask_for_files_again()
    words: str = form["body"].data or ""
    return words[:LONGEST]


class ReplyForm(Form):
    """What someone says in a thread, and to which reply; where a thread of this `kind` is held
    it is called so.
    """

    body = TextBlock(_l("Your reply"), required(_l("Write a message first.")), most=LONGEST)
    answers = IntegerField(_l("Reply to"), [Optional(), _number], widget=HiddenInput())
    pictures = pictures_field()

    def __init__(self, kind: str = GROUP, **options: Any) -> None:
        super().__init__(**options)
        if kind != GROUP:
            self.body.label.text = _("Your comment")


class ThreadForm(Form):
    """What a thread is about, and its first words."""

    title = TextLine(_l("Title"), required(_l("Enter a title.")), most=120)
    body = TextBlock(_l("Text"), required(_l("Write a message first.")), most=LONGEST)
    pictures = pictures_field()
    announces = BooleanField(_l("Announce to all members"))

    def validate_title(self, field: Field) -> None:
        """A title has a letter or a digit in it."""
        if field.data and not any(sign.isalnum() for sign in field.data):
            raise ValidationError(_("Enter a title."))


class EditForm(ThreadForm):
    """What was written, to be changed; `version` is the state that the person saw.

    The title belongs to an opening alone.
    """

    body = TextBlock(_l("Text"), required(_l("Write a message first.")), most=LONGEST)
    version = IntegerField(_l("Version"), [Optional(), _number], widget=HiddenInput())
    announces = None

    def without_title(self) -> "EditForm":
        """The same for a reply."""
        del self.title
        return self

    def agree_on(self, version: int) -> None:
        """Sent once more, the form speaks of the words as they are now."""
        self.version.raw_data = None
        self.version.data = version


class PostPictureForm(Form):
    """A picture in a post that is edited."""

    alt = TextLine(_l("Description"), most=300)
    remove = BooleanField(_l("Remove this picture"))


class ReasonForm(Form):
    """Why something is removed: its author reads it."""

    reason = TextLine(
        _l("Reason"), required(_l("Enter a reason. The author will see it.")), most=200
    )
