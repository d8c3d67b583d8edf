"""The forms to report, to judge and to appeal."""

from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l
from wtforms import Field, IntegerField, RadioField, SelectField
from wtforms.validators import DataRequired, NumberRange, Optional, ValidationError

from ..accounts.forms import EmailField
from ..core.http.forms import Form, TextBlock, choices_of, required
from ..core.http.honeypot import FormWithTrap
from . import labels as w
from .models import DISMISSED, LIFTED, OTHER, UPHELD
from .reportable_types import Reportable
from .reports import WORDS

#: The version of the case that the reader saw.
_VERSION = (NumberRange(0, 1_000_000_000),)


class ReportForm(FormWithTrap):
    """A report."""

    rule = RadioField(
        _l("Reason"),
        choices=choices_of(w.RULES.items()),
        validators=[required(_l("Choose what fits best."))],
    )
    place = SelectField(_l("Where it happened"), validators=[Optional()])
    text = TextBlock(_l("Details"), most=WORDS)
    email = EmailField(_l("Your email address"), is_required=False)

    def __init__(self, places: list[Any], is_visitor: bool, **values: Any) -> None:
        super().__init__(**values)
        elsewhere = _("Somewhere else on the site")
        self.place.choices = choices_of(
            [*((str(group.id), group.name) for group in places), ("", elsewhere)]
        )
        if not places:
            del self.place
        if not is_visitor:
            del self.email

    @property
    def address(self) -> str | None:
        """The visitor's address, normalized."""
        return self.email.data or None if "email" in self else None

    @property
    def chosen_place(self) -> str:
        """The id of the group in which it happened; "" for none."""
        return (self.place.data or "") if "place" in self else ""

    def validate_text(self, field: Field) -> None:
        """Require details for “Something else”."""
        if self.rule.data == OTHER and not field.data:
            raise ValidationError(_("Say briefly what’s wrong."))


class JudgementForm(Form):
    """A decision about a case, with the reason for the person concerned."""

    act = RadioField(_l("Decision"), validators=[required(_l("Choose a decision."))])
    rule = SelectField(_l("Rule broken"), validate_choice=False)
    text = TextBlock(_l("Your reason"), DataRequired(_l("Enter a reason.")), most=WORDS)
    version = IntegerField(validators=_VERSION)

    def __init__(self, acts: list[str] | None = None, **values: Any) -> None:
        super().__init__(**values)
        self.act.choices = choices_of((act, ACTS[act]) for act in (ACTS if acts is None else acts))
        self.rule.choices = choices_of([("", _("Choose one")), *w.RULES.items()])

    def validate_rule(self, field: Field) -> None:
        """Require the rule that was broken, unless the decision accuses nobody."""
        if (
            self.act.data not in (DISMISSED, UPHELD, LIFTED, None, "None")
            and field.data not in w.RULES
        ):
            raise ValidationError(_("Choose the rule that was broken."))


class CaseWordsForm(Form):
    """A message about a case: to those it is passed on to, or in an appeal."""

    text = TextBlock(_l("Your message"), DataRequired(_l("Enter a message.")), most=WORDS)
    version = IntegerField(validators=_VERSION)


ACTS = {
    "dismissed": _l("Nothing is wrong"),
    "hidden": _l("Hide"),
    "warned": _l("Warn"),
    "removed": _l("Remove from the group"),
    "banned": _l("Ban from the group"),
    "suspended": _l("Close account"),
    "upheld": _l("Decision upheld"),
    "lifted": _l("Lift decision"),
}
ACT_HINTS = {
    "dismissed": _l(
        "Nothing changes. We only tell the people who reported it that you’ve reviewed it."
    ),
    "warned": _l("They see your reason. Nothing else changes."),
    "removed": _l(
        "They lose their seats at events for members and their part in open votes. They can come "
        "back."
    ),
    "banned": _l("They lose the same, and can’t come back until the ban is lifted."),
    "suspended": _l("They’re signed out everywhere and can’t sign in."),
    "upheld": _l("The decision doesn’t change."),
    "lifted": _l(
        "What was hidden is shown again, and a ban is lifted. People who were removed can join "
        "again."
    ),
}
ACT_ICONS = {
    "dismissed": "check",
    "hidden": "eye",
    "warned": "warn",
    "removed": "out",
    "banned": "cross",
    "suspended": "lock",
    "upheld": "check",
    "lifted": "back",
}


def hints_for(what: Reportable | None, thing: Any) -> dict[str, Any]:
    """Return what each decision about the thing does, for its form."""
    if what is None or thing is None:
        return ACT_HINTS
    return {**ACT_HINTS, "hidden": what.hiding(thing)}
