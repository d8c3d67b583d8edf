"""The forms in which sources are chosen."""

from flask_babel import lazy_gettext as _l

from ..core.http.forms import Form, TextLine, required
from .models import LONGEST_ADDRESS


class NameForm(Form):
    """What a source is called here."""

    name = TextLine(_l("Name"), most=80)


class SourceForm(NameForm):
    """One more source."""

    url = TextLine(
        _l("Feed link"), required(_l("Enter the link of the feed.")), most=LONGEST_ADDRESS
    )
