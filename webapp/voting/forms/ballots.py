"""The ballot form, for every kind of vote, and the form for the key of a secret ballot."""

from typing import Any, NamedTuple, Self

from flask_babel import lazy_gettext as _l
from wtforms import Field, HiddenField, SelectMultipleField
from wtforms.validators import InputRequired

from ...core.http.forms import Form, TextBlock, TextLine
from ...core.http.number_fields import in_digits
from ..ballots import ballot_texts, choices, question_fingerprint
from ..ballots.ballot_comments import LONGEST as LONGEST_REASON
from ..ballots.choices import Mark
from ..models import OFF, Ballot, Option, Vote
from ..results import counting
from ..tally.rules import WORD

ABSTAIN = "blank"
PREFIX = "mark-"
#: Ballots with a checkbox or radio button for each choice; the others have a field for each option.
CHOSEN = (*choices.TICKED, WORD)
#: Limits on the fields of a ballot and on the length of each.
MOST, LONGEST = 100, 20


class FoundBallot(NamedTuple):
    """A secret ballot found by its key: its choice, and nothing else is known."""

    choice: str
    reason: str = ""


class MarksField(Field):
    """The values entered for each option, as typed: `data` is a list of (option, value)."""

    data: list[tuple[str, str]]

    def process_data(self, value: Any) -> None:
        """Fill in the marks of an existing ballot."""
        self.data = [(str(option), str(mark)) for option, mark in (value or {}).items()]

    def process(self, formdata: Any, *args: Any, **options: Any) -> None:
        """Read every field whose name has the prefix, however often it was sent."""
        super().process(formdata, *args, **options)
        if formdata:
            came = [
                (name, value)
                for name in formdata
                for value in formdata.getlist(name)
                if name.startswith(PREFIX)
            ]
            self.data = [
                (name[len(PREFIX) :][:LONGEST], in_digits(value[:LONGEST]))
                for name, value in came[:MOST]
            ]

    def of(self, number: int) -> str:
        """Return the value of this option; "" if there is none."""
        return next((value for option, value in self.data if option == str(number)), "")


class BallotForm(Form):
    """The choices, and to abstain; filled in from an existing ballot."""

    choice = SelectMultipleField(_l("Your ballot"), validate_choice=False)
    marks = MarksField()
    reason = TextBlock(_l("Reason"), most=LONGEST_REASON)
    version = HiddenField()
    about = HiddenField()
    keeps_choices = True

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
        """Return the form for the current question, ignoring what was sent."""
        return cls(vote, ballot, formdata=None)

    def renewed(self) -> Self:
        """Return the form for the current question, keeping what was typed and every choice that
        still means the same.
        """
        form = self.for_vote(self.vote)
        for name in ("reason", "key"):
            if name in self and name in form:
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
        """Return the id of an option's field, or the ids' prefix. It changes with the option's
        meaning, so that an open page doesn't keep a choice for another option.
        """
        number = option.number if option is not None else 0
        return f"choice-{number}-{self._meanings[number]}"

    def _chosen(self, ballot: Ballot | FoundBallot, cast: dict[int, str]) -> list[str]:
        if self.vote.ballot_type not in CHOSEN:
            return []
        is_word = self.vote.ballot_type == WORD
        return [ballot.choice] if is_word else [str(number) for number in cast]

    def answer(self) -> dict[str, Any]:
        """Return the entered choices as arguments for the rule, which validates them."""
        chosen = [value for value in self.choice.data or [] if value != ABSTAIN]
        marks: list[Mark]
        if self.vote.ballot_type == WORD:
            marks = [(choices.THE_ONE, answer) for answer in chosen]
        elif self.vote.ballot_type in CHOSEN:
            marks = [(option, option) for option in chosen]
        else:
            marks = [(option, value) for option, value in self.marks.data if value.strip()]
        answer = {"marks": marks, "blank": ABSTAIN in (self.choice.data or [])}
        reason = self.reason.data or "" if "reason" in self else ""
        return {**answer, "reason": reason, "version": _number(self.version.data or "") or None}

    def choices_in_words(self) -> dict[str, str]:
        """Return a complete ballot as text, unless its numbers mean other options by now."""
        entered, rules = self.answer(), counting.rules_of(self.vote)
        choice, wrong = choices.checked(rules, entered["marks"], entered["blank"])
        if wrong or entered["blank"] or entered["version"] != self.vote.version:
            return {}
        return {"choice": ballot_texts.chosen(self.vote, choice)}


def _number(value: str) -> int:
    return int(value) if value.isascii() and value.isdigit() and len(value) < 9 else 0


#: A key has 28 characters; people may add spaces and dashes.
LONGEST_KEY = 80
KEY_LABEL = _l("Your key")
KEY_MISSING = _l("Enter your key: 28 letters and digits.")


class KeyForm(Form):
    """A key as someone typed it."""

    key = TextLine(KEY_LABEL, InputRequired(KEY_MISSING), most=LONGEST_KEY)


class SecretBallotForm(BallotForm):
    """A ballot without a reason, which could reveal its voter."""

    def answer(self) -> dict[str, Any]:
        """Return the entered choices as arguments for the rules of secret ballots."""
        return {name: value for name, value in super().answer().items() if name != "reason"}


class KeyedBallotForm(SecretBallotForm):
    """A new choice for a secret ballot, and the key that finds it."""

    key = TextLine(KEY_LABEL, InputRequired(KEY_MISSING), most=LONGEST_KEY)

    @classmethod
    def of(cls, vote: Vote, choice: str, key: str) -> Self:
        """Return the form for a ballot that was found, filled in with its choice and key."""
        form = cls.for_vote(vote, FoundBallot(choice))
        form.key.data = key
        return form
