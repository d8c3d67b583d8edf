"""The forms that call a vote off and delete it."""

from flask_babel import lazy_gettext as _l

from ...core.forms import Form, Line


class CancellationForm(Form):
    """Why a vote is called off."""

    reason = Line(_l("Why"), most=300)


class RemovalForm(Form):
    """Nothing but the promise that it came from our page."""
