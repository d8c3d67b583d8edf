"""Fields for numbers that people type, in any language's digits, separators and signs.

They are text boxes: a browser sends nothing at all of what it can't read in a number box.
"""

from collections.abc import Sequence
from typing import Any

from babel.numbers import get_currency_precision
from flask_babel import gettext as _
from wtforms import IntegerField, StringField
from wtforms.validators import StopValidation
from wtforms.widgets import TextInput

from .. import i18n
from ..text.numbers import read_amount, read_whole_number


def _whole(typed: str) -> int | None:
    """Read a whole number as the reader's language writes it."""
    return read_whole_number(typed, i18n.locale_here() or i18n.SOURCE)


def in_digits(typed: str) -> str:
    """Return a whole number in the digits 0 to 9; anything else as it was typed."""
    number = _whole(typed)
    return typed if number is None else str(number)


class WholeNumber(IntegerField):
    """A whole number that people type."""

    widget = TextInput()

    def __init__(self, label: Any, validators: Sequence[Any] = (), **options: Any) -> None:
        options.setdefault("render_kw", {"inputmode": "numeric", "autocomplete": "off"})
        super().__init__(label, validators, **options)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number."""
        if valuelist:
            self.data = _whole(valuelist[0])
            if self.data is None:
                raise ValueError(self.gettext("Not a valid integer value."))


class Amount(StringField):
    """An amount of money, in the currency of the form's field `currency`.

    Its data are what was typed. `hundredths` is the amount once it is valid; None if it is empty.
    """

    hundredths: int | None = None

    def __init__(self, label: Any, validators: Sequence[Any] = (), **options: Any) -> None:
        options.setdefault("render_kw", {"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(label, validators, **options)

    def pre_validate(self, form: Any) -> None:
        """Read the amount; nothing is rounded."""
        typed, currency = self.data or "", form.currency.data or ""
        if not typed.strip():
            return
        amount = read_amount(typed, currency, i18n.locale_here() or i18n.SOURCE)
        places = get_currency_precision(currency)
        if amount is None or not 0 <= amount <= 1_000_000:
            example = i18n.plain_amount(750 if places else 75_000, currency)
            raise StopValidation(_("Enter an amount such as %(example)s.", example=example))
        if -int(amount.as_tuple().exponent) > places:
            raise StopValidation(
                _("%(currency)s has no decimals. Enter a whole amount.", currency=currency)
                if places == 0
                else _("Use at most %(places)s digits for decimals.", places=places)
            )
        self.hundredths = int(amount * 100)
