"""What pages show of answers to events."""

from ..registration.answers import answers_to_questions as answers_to_questions
from ..rsvps import of as answer_of
from .answers import (
    answers_to as answers_to,
    people_of as people_of,
    position_of as position_of,
    waitlist_steps as waitlist_steps,
)

__all__ = [
    "answer_of",
    "answers_to",
    "answers_to_questions",
    "people_of",
    "position_of",
    "waitlist_steps",
]
