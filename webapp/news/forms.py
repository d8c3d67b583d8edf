"""The forms in which sources are chosen."""

from flask_babel import lazy_gettext as _l

from ..core.forms import Form, Line, required
from .models import LONGEST_ADDRESS


class NameForm(Form):
    """What a source is called here."""

    name = Line(_l("Name"), most=80)


class SourceForm(NameForm):
    """One more source."""

    url = Line(
        _l("Address of the feed"), required(_l("Where does it stand?")), most=LONGEST_ADDRESS
    )
