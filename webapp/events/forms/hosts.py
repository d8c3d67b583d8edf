"""The form in which somebody is asked to run an event."""

from flask_babel import lazy_gettext as _l
from wtforms.validators import InputRequired

from ...core.forms import Form, Line


class HostForm(Form):
    """Who is to run the event, too."""

    handle = Line(_l("Their handle"), InputRequired(_l("Whom do you ask?")), most=41)
