"""Who can vote, as forms offer it: the kinds of electorate, and the people who are invited."""

from collections.abc import Iterable
from uuid import UUID

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectMultipleField

from ...people.forms import PickingForm
from ..models import ATTENDED, CLOSE, GOING, HOLDERS, INVITED, KEEP, LOSE, MEMBERS, OPENING


class InviteesForm(PickingForm):
    """Whom a vote is for."""

    who = SelectMultipleField(_l("Whom the vote is for"), validate_choice=False)
    alone = HiddenField()

    def __init__(self, chosen: Iterable[UUID] = ()) -> None:
        super().__init__(data={"who": [str(user_id) for user_id in chosen]})


ELECTORATES = [
    (MEMBERS, _l("The group’s members")),
    (HOLDERS, _l("Those with some roles")),
    (INVITED, _l("Invited members")),
    (GOING, _l("Those who are going")),
    (ATTENDED, _l("Those who came")),
]
ROLLS = [(OPENING, _l("When voting opens")), (CLOSE, _l("When voting closes"))]
LEAVERS = [(LOSE, _l("Lose their vote")), (KEEP, _l("Keep it"))]
