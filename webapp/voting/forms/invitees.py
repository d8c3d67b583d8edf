"""The form in which people are picked whom a vote is for."""

from collections.abc import Iterable
from uuid import UUID

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectMultipleField

from ...people.forms import PickingForm


class PeopleForm(PickingForm):
    """Whom a vote is for."""

    who = SelectMultipleField(_l("Whom the vote is for"), validate_choice=False)
    alone = HiddenField()

    def __init__(self, chosen: Iterable[UUID] = ()) -> None:
        super().__init__(data={"who": [str(user_id) for user_id in chosen]})
