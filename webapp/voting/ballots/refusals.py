"""Why a ballot is refused: a code for programs and a sentence for the person, for each problem."""

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l

from ...core.http.errors import UserError, UserErrors
from ..tally.rules import Rules

SENTENCES: dict[str, Any] = {
    "empty": _l("Choose something, or abstain."),
    "too_few": _l("Choose more. This vote asks for at least %(least)s."),
    "too_many": _l("Choose fewer. This vote allows at most %(most)s."),
    "duplicate_option": _l("You chose one option twice."),
    "unknown_option": _l("One of the options doesn’t exist. Choose again."),
    "not_integer": _l("Enter whole numbers only."),
    "score_range": _l("Enter scores from 0 to %(highest)s only."),
    "over_budget": _l("You used more dots than you have (%(budget)s). Remove some."),
    "over_per_option": _l("Give one option at most %(per_option)s of your dots."),
    "under_budget": _l("You must use all of your dots (%(budget)s)."),
    "equal_rank": _l("Two options have the same rank. Give each its own."),
    "rank_gap": _l("You skipped a rank. Start with 1 and leave none out."),
    "rank_range": _l("Use ranks from 1 to %(options)s only."),
    "unknown_answer": _l("One of your answers isn’t one of the choices. Choose again."),
    "blank_and_choice": _l("You can’t abstain and choose at the same time. Undo one of them."),
    "reason_required": _l("Enter a reason. This vote asks everyone for one."),
    "reason_long": _l("Your reason is too long. Use up to 1000 characters."),
    "question_changed": _l(
        "The question was changed while you were choosing. Read it again. Your choices are kept "
        "where they still mean the same."
    ),
    "not_open": _l("Voting hasn’t opened yet."),
    "closed": _l("Voting has closed. This ballot wasn’t counted."),
    "cancelled": _l("This vote was cancelled. No ballots can be cast."),
    "not_on_roll": _l("You can’t vote on this, because you’re not on its list of voters."),
    "already_voted": _l(
        "You’ve already voted, and everyone has one ballot. To change yours, use the key you were "
        "shown."
    ),
    "key_typo": _l(
        "This isn’t a valid key. A key has 28 letters and digits: compare it with your note, four "
        "by four."
    ),
    "unknown_key": _l(
        "No ballot in this vote has this key. Is it the key to another vote? Without the key, "
        "no one can change a ballot."
    ),
    "not_counted": _l("You can check a ballot once voting has closed and the ballots are counted."),
    "left": _l("You left the group while the vote was open, so you can’t vote on this any more."),
}

#: The field at which a sentence is shown, if it isn't about the choice.
FIELDS = {
    "reason_required": "reason",
    "reason_long": "reason",
    "key_typo": "key",
    "unknown_key": "key",
    "not_counted": "key",
}


class BallotRefused(UserErrors):
    """A ballot that isn't accepted. `codes`: the codes of all problems, each with its
    sentence.
    """

    def __init__(self, codes: Iterable[str], rules: Rules) -> None:
        self.codes = list(codes)
        numbers = {**rules._asdict(), "most": rules.most or rules.options, "highest": rules.highest}
        super().__init__(
            [
                UserError(str(SENTENCES[code]) % numbers, FIELDS.get(code, "choice"))
                for code in self.codes
            ]
        )
