"""The ballot as a form, for every kind of vote, and the key of a secret one."""

from typing import Any, NamedTuple, Self

from flask_babel import lazy_gettext as _l
from wtforms import Field, HiddenField, SelectMultipleField
from wtforms.validators import InputRequired

from ...core.http.forms import Form, TextBlock, TextLine
from ..ballots import choices, question_fingerprint
from ..ballots.ballot_comments import LONGEST as LONGEST_REASON
from ..ballots.choices import Mark
from ..models import OFF, Ballot, Option, Vote
from ..tally.rules import WORD

ABSTAIN = "blank"
PREFIX = "mark-"
#: Ballots with a box or a button for each choice; the others have a field for each option.
CHOSEN = (*choices.TICKED, WORD)
#: No ballot has more options, nor is more typed for one.
MOST, LONGEST = 100, 20


class FoundBallot(NamedTuple):
    """A ballot of which nothing is known but what it says: its key has found it."""

    choice: str
    reason: str = ""


class MarksField(Field):
    """What was entered for each option, as typed: `data` is a list of (option, value)."""

    data: list[tuple[str, str]]

    def process_data(self, value: Any) -> None:
        """What a ballot that is in says."""
        self.data = [(str(option), str(mark)) for option, mark in (value or {}).items()]

    def process(self, formdata: Any, *args: Any, **options: Any) -> None:
        """Every field whose name begins so, however often it came."""
        super().process(formdata, *args, **options)
        if formdata:
            came = [
                (name, value)
                for name in formdata
                for value in formdata.getlist(name)
                if name.startswith(PREFIX)
            ]
            self.data = [
                (name[len(PREFIX) :][:LONGEST], value[:LONGEST]) for name, value in came[:MOST]
            ]

    def of(self, number: int) -> str:
        """What stands for this option; nothing where nothing does."""
        return next((value for option, value in self.data if option == str(number)), "")


class BallotForm(Form):
    """What one may choose, and to abstain; filled in is what the ballot says that is in."""

    choice = SelectMultipleField(_l("Your ballot"), validate_choice=False)
    marks = MarksField()
    reason = TextBlock(_l("Reason"), most=LONGEST_REASON)
    version = HiddenField()
    about = HiddenField()

    def __init__(
        self, vote: Vote, ballot: Ballot | FoundBallot | None = None, **options: Any
    ) -> None:
        self.vote = vote
        cast = {} if ballot is None else choices.read(vote.kind, ballot.choice)
        chosen = []
        if ballot is not None:
            chosen = [ABSTAIN] if ballot.choice == choices.BLANK else self._chosen(ballot, cast)
        reason = ballot.reason if ballot is not None else ""
        self._meanings = question_fingerprint.of(vote)
        known = {"version": str(vote.version), "about": " ".join(self._meanings)}
        super().__init__(
            data={"choice": chosen, "marks": cast, "reason": reason, **known}, **options
        )
        if vote.reasons == OFF:
            del self.reason

    @classmethod
    def for_vote(cls, vote: Vote, ballot: Ballot | FoundBallot | None = None) -> Self:
        """The ballot for the question as it is now, whatever was sent."""
        return cls(vote, ballot, formdata=None)

    def renewed(self) -> Self:
        """The ballot for the question as it is now, with what was typed, and every choice that
        still means what it did.
        """
        form = self.for_vote(self.vote)
        for name in ("reason", "key"):
            if name in self._fields and name in form._fields:
                form[name].data = self[name].data
        numbers = question_fingerprint.kept((self.about.data or "").split(), self.vote)
        if numbers is not None:
            chosen = self.choice.data or []
            form.choice.data = [
                numbers.get(value, value)
                for value in chosen
                if value in numbers or not value.isdigit()
            ]
            form.marks.data = question_fingerprint.moved(self.vote, self.marks.data, numbers)
        return form

    def id_of(self, option: Option | None = None) -> str:
        """The id of an option's field, or the beginning of the others': another one for what means
        something else, for which an open page keeps no choice."""
        number = option.number if option is not None else 0
        return f"choice-{number}-{self._meanings[number]}"

    def _chosen(self, ballot: Ballot | FoundBallot, cast: dict[int, str]) -> list[str]:
        if self.vote.ballot_type not in CHOSEN:
            return []
        is_word = self.vote.ballot_type == WORD
        return [ballot.choice] if is_word else [str(number) for number in cast]

    def answer(self) -> dict[str, Any]:
        """What was entered, for the verb, which says what is wrong with it."""
        chosen = [value for value in self.choice.data or [] if value != ABSTAIN]
        marks: list[Mark]
        if self.vote.ballot_type == WORD:
            marks = [(choices.THE_ONE, answer) for answer in chosen]
        elif self.vote.ballot_type in CHOSEN:
            marks = [(option, option) for option in chosen]
        else:
            marks = [(option, value) for option, value in self.marks.data if value.strip()]
        answer = {"marks": marks, "blank": ABSTAIN in (self.choice.data or [])}
        reason = self.reason.data or "" if "reason" in self._fields else ""
        return {**answer, "reason": reason, "version": _number(self.version.data or "") or None}


def _number(value: str) -> int:
    return int(value) if value.isascii() and value.isdigit() and len(value) < 9 else 0


#: A key has 28 signs; spaces and dashes between them are people's own.
LONGEST_KEY = 80
KEY_LABEL = _l("Your key")
KEY_MISSING = _l("Enter your key: 28 letters and digits.")


class KeyForm(Form):
    """A key as someone typed it."""

    key = TextLine(KEY_LABEL, InputRequired(KEY_MISSING), most=LONGEST_KEY)


class SecretBallotForm(BallotForm):
    """What one may choose where nobody gives reasons."""

    def answer(self) -> dict[str, Any]:
        """What was entered, for the verbs of secret ballots."""
        return {name: value for name, value in super().answer().items() if name != "reason"}


class KeyedBallotForm(SecretBallotForm):
    """What a ballot should say that is in the box, and the key that finds it."""

    key = TextLine(KEY_LABEL, InputRequired(KEY_MISSING), most=LONGEST_KEY)

    @classmethod
    def of(cls, vote: Vote, choice: str, key: str) -> Self:
        """The form of a ballot that was found: filled in with what it says."""
        form = cls.for_vote(vote, FoundBallot(choice))
        form.key.data = key
        return form
