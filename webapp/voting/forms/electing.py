"""What there is to choose from about who may vote."""

from flask_babel import lazy_gettext as _l

from ..models import ATTENDED, CLOSE, GOING, HOLDERS, INVITED, KEEP, LOSE, MEMBERS, OPENING

ELECTORATES = [
    (MEMBERS, _l("The group’s members")),
    (HOLDERS, _l("Those with some roles")),
    (INVITED, _l("Invited members")),
    (GOING, _l("Those who are going")),
    (ATTENDED, _l("Those who came")),
]
ROLLS = [(OPENING, _l("When voting opens")), (CLOSE, _l("When voting closes"))]
LEAVERS = [(LOSE, _l("Lose their vote")), (KEEP, _l("Keep it"))]
