"""How much of a group somebody wants to hear."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField

from ...core.forms import Form, choices_of
from ...notifications.models import IMPORTANT, NOTHING

AS_EVERYWHERE = "as_everywhere"


class NoticesForm(Form):
    """One of three."""

    level = RadioField(
        _l("What reaches you from this group"),
        choices=choices_of(
            [
                (AS_EVERYWHERE, _l("Everything, as you have set it")),
                (IMPORTANT, _l("Only what matters")),
                (NOTHING, _l("Nothing")),
            ]
        ),
    )
