"""What a ballot says, and what it may say, in sentences."""

from flask_babel import gettext as _

from . import choices
from .models import Vote


def chosen(vote: Vote, choice: str) -> str:
    """A choice string in words."""
    if choice == choices.BLANK:
        return _("You abstained.")
    return ", ".join(_title(vote, number) for number in choices.numbers_of(choice))


def limits(vote: Vote) -> str:
    """How many options a ballot may name."""
    if vote.choices_max == 1:
        return _("Choose one.")
    if vote.choices_max == len(vote.options):
        if vote.choices_min == 1:
            return _("Choose as many as you like.")
        return _("Choose at least %(least)s.", least=vote.choices_min)
    if vote.choices_min == vote.choices_max:
        return _("Choose exactly %(most)s.", most=vote.choices_max)
    return _("Choose %(least)s to %(most)s.", least=vote.choices_min, most=vote.choices_max)


def _title(vote: Vote, number: int) -> str:
    return vote.options[number - 1].title
