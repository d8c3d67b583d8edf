"""Why a ballot is refused: a code for machines, a sentence for the person, all that apply at once."""

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l

from ..core.errors import RuleBroken

SENTENCES: dict[str, Any] = {
    "empty": _l("Choose something, or say that you abstain."),
    "too_few": _l("Choose more: this vote asks for at least %(least)s."),
    "too_many": _l("Choose fewer: this vote allows at most %(most)s."),
    "duplicate_option": _l("One option was chosen twice."),
    "unknown_option": _l("One of the options does not exist."),
    "blank_and_choice": _l("You cannot abstain and choose at once: undo one of the two."),
    "reason_required": _l("Say why: this vote asks everyone for a reason."),
    "reason_long": _l("Your reason is too long: 1000 characters are the most."),
    "question_changed": _l("The question was changed while you were choosing. Read it again, then cast your ballot."),
    "not_open": _l("Voting has not begun yet."),
    "closed": _l("Voting has closed. This ballot was not counted."),
    "cancelled": _l("This vote was cancelled. No ballot can be cast."),
    "not_on_roll": _l("You are not on the roll of this vote, which holds those who may vote."),
    "left": _l("You left the group while the vote was open, and with it your place among those who may vote."),
}


class BallotRefused(RuleBroken):
    """A ballot that does not count: `reasons` are the codes of everything that stands against it."""

    def __init__(self, reasons: Iterable[str], **numbers: int) -> None:
        self.reasons = list(reasons)
        sentences = [str(SENTENCES[code]) % numbers if numbers else str(SENTENCES[code]) for code in self.reasons]
        super().__init__(" ".join(sentences), field="choice")
