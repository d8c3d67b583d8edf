"""The form in which one writes to the hosts."""

from flask_babel import lazy_gettext as _l
from wtforms.validators import DataRequired

from ...core.forms import Form, Text


class MessageForm(Form):
    """A few sentences."""

    body = Text(_l("Your message"), DataRequired(_l("Write something first.")), most=5000)
