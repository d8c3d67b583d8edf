"""What a ballot says, and what it may say, in sentences."""

from flask_babel import gettext as _

from .models import Vote


def _title(vote: Vote, number: int) -> str:
    return vote.options[number - 1].title
