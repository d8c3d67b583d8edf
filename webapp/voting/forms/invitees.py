"""The form in which people are picked whom a vote is for."""

from collections.abc import Iterable
from uuid import UUID

from flask_babel import lazy_gettext as _l
from wtforms import SelectMultipleField

from ...accounts.models import User
from ...core.forms import Form, Line, choices_of
from ...core.ids import id_of


class PeopleForm(Form):
    """Members, looked for by name, and those who are ticked."""

    words = Line(_l("Find members by name"), most=100)
    who = SelectMultipleField(_l("Whom the vote is for"), validate_choice=False)

    def __init__(self, chosen: Iterable[UUID] = ()) -> None:
        super().__init__(data={"who": [str(user_id) for user_id in chosen]})

    @property
    def chosen(self) -> list[UUID]:
        """The ids of those who are ticked; what is none is passed over."""
        return [found for found in map(id_of, self.who.data or ()) if found is not None]

    def offer(self, people: Iterable[User]) -> None:
        """These can be ticked."""
        self.who.choices = choices_of((str(one.id), f"{one.name} (@{one.handle})") for one in people)
