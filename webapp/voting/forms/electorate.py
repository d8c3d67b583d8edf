"""Choices of electorates, and the form for inviting people."""

from collections.abc import Iterable
from uuid import UUID

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectMultipleField

from ...people.forms import PickingForm
from ..models import ATTENDED, CLOSE, GOING, HOLDERS, INVITED, KEEP, LOSE, MEMBERS, OPENING


class InviteesForm(PickingForm):
    """The invited people of a vote."""

    who = SelectMultipleField(_l("Invited voters"), validate_choice=False)
    alone = HiddenField()

    def __init__(self, chosen: Iterable[UUID] = ()) -> None:
        super().__init__(data={"who": [str(user_id) for user_id in chosen]})


ELECTORATES = [
    (MEMBERS, _l("All members")),
    (HOLDERS, _l("Some roles")),
    (INVITED, _l("Invited members")),
    (GOING, _l("People who are going")),
    (ATTENDED, _l("People who attended")),
]
ROLLS = [(OPENING, _l("Fixed at opening")), (CLOSE, _l("Fixed at closing"))]
LEAVERS = [(LOSE, _l("They lose their vote")), (KEEP, _l("They keep their vote"))]
