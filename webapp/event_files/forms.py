"""Forms for uploading and describing pictures and files, and the hosts' settings."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField

from ..core.http.forms import Form, TextLine, choices_of
from ..core.http.uploads import FilesField
from .models import BY_HOSTS, BY_PEOPLE, FOR_ALL, FOR_PEOPLE


class UploadForm(Form):
    """Pictures and files, several at once."""

    files = FilesField(_l("Pictures and files"))


class FileDetailsForm(Form):
    """The caption, and what a picture shows."""

    caption = TextLine(_l("Caption"), most=300)
    alt = TextLine(_l("Description"), most=300)


class FilesForm(Form):
    """Who can upload pictures and files, and who can see them."""

    file_uploaders = RadioField(
        _l("Who can upload"),
        choices=choices_of([(BY_HOSTS, _l("Hosts")), (BY_PEOPLE, _l("Hosts and attendees"))]),
    )
    file_viewers = RadioField(
        _l("Who can see them"),
        choices=choices_of(
            [
                (FOR_PEOPLE, _l("Members and attendees")),
                (FOR_ALL, _l("Anyone who can see the event")),
            ]
        ),
    )
