"""The forms to choose feeds."""

from flask_babel import lazy_gettext as _l

from ..core.http.forms import Form, TextLine, required
from .models import LONGEST_ADDRESS


class NameForm(Form):
    """The name of a feed here."""

    name = TextLine(_l("Name"), most=80)


class SourceForm(NameForm):
    """A new feed."""

    url = TextLine(
        _l("Feed link"), required(_l("Enter the link of the feed.")), most=LONGEST_ADDRESS
    )
