"""Why a ballot is refused: a code for machines, a sentence for the person, all that apply at
once.
"""

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l

from ...core.http.errors import UserError, UserErrors
from ..tally.rules import Rules

SENTENCES: dict[str, Any] = {
    "empty": _l("Choose something, or say that you abstain."),
    "too_few": _l("Choose more: this vote asks for at least %(least)s."),
    "too_many": _l("Choose fewer: this vote allows at most %(most)s."),
    "duplicate_option": _l("One option was chosen twice."),
    "unknown_option": _l("One of the options does not exist."),
    "not_integer": _l("Whole numbers only: one of yours is none."),
    "score_range": _l("Every score is from 0 to %(highest)s: one of yours is not."),
    "over_budget": _l("You gave more dots than the %(budget)s that you have. Take some away."),
    "over_per_option": _l("Give one option at most %(per_option)s of your dots."),
    "under_budget": _l("You have %(budget)s to give, and all of them must be used."),
    "equal_rank": _l("Two options have the same place. Here each place is for one."),
    "rank_gap": _l(
        "A place is left empty above another one. Begin with the first, and leave none out."
    ),
    "rank_range": _l("There are places from 1 to %(options)s: one of yours is another."),
    "unknown_answer": _l("One of your answers is none of those to choose from."),
    "blank_and_choice": _l("You cannot abstain and choose at once: undo one of the two."),
    "reason_required": _l("Say why: this vote asks everyone for a reason."),
    "reason_long": _l("Your reason is too long: 1000 characters are the most."),
    "question_changed": _l(
        "The question was changed while you were choosing. Read it again: what you chose stands "
        "where it still means the same."
    ),
    "not_open": _l("Voting has not begun yet."),
    "closed": _l("Voting has closed. This ballot was not counted."),
    "cancelled": _l("This vote was cancelled. No ballot can be cast."),
    "not_on_roll": _l("You are not on the roll of this vote, which holds those who may vote."),
    "already_voted": _l(
        "You have voted, and everyone has one ballot. To change yours, use the key that you were "
        "shown with it."
    ),
    "key_typo": _l(
        "No key is written like this. It has 28 letters and digits: compare it with your note, "
        "four by four."
    ),
    "unknown_key": _l(
        "No ballot of this vote has this key. Is it the key to another vote? Without it nobody "
        "can change a ballot."
    ),
    "not_counted": _l(
        "A ballot can be checked once voting has closed and the ballots are counted."
    ),
    "left": _l(
        "You left the group while the vote was open, and with it your place among those who may "
        "vote."
    ),
}

#: Where a sentence stands that is not about the choice.
FIELDS = {
    "reason_required": "reason",
    "reason_long": "reason",
    "key_typo": "key",
    "unknown_key": "key",
    "not_counted": "key",
}


class BallotRefused(UserErrors):
    """A ballot that does not count: `reasons` are the codes of everything that stands against
    it, each with its sentence.
    """

    def __init__(self, reasons: Iterable[str], rules: Rules) -> None:
        self.reasons = list(reasons)
        numbers = {**rules._asdict(), "most": rules.most or rules.options, "highest": rules.highest}
        super().__init__(
            [
                UserError(str(SENTENCES[code]) % numbers, FIELDS.get(code, "choice"))
                for code in self.reasons
            ]
        )
