"""The base class of forms, and fields that several features use."""

from collections.abc import Iterable
from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple

from flask import request
from flask_babel import gettext as _, lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, MultipleFileField
from markupsafe import Markup
from werkzeug.datastructures import FileStorage
from wtforms import (
    BooleanField,
    DateField,
    DateTimeLocalField,
    Field,
    Form as AnyForm,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice, SelectFieldBase
from wtforms.fields.core import UnboundField
from wtforms.meta import DefaultMeta
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from .. import i18n
from ..text.strings import listed
from ..text.typed import normal_lines, single_line
from ..time import time_zones
from ..time.typed_times import read_day, read_moment
from . import form_recovery
from .errors import UserError, UserErrors

required = InputRequired


def choices_of(pairs: Iterable[tuple[Any, Any]]) -> list[SelectChoice]:
    """Return a field's choices from pairs of value and label."""
    return [SelectChoice(value, words) for value, words in pairs]


#: WTForms' messages, in the site's own words.
MESSAGES = {
    "This field is required.": _l("Fill this in."),
    "Not a valid integer value.": _l("Enter a whole number."),
    "Not a valid decimal value.": _l("Enter a number."),
    "Not a valid date value.": _l("Enter a date."),
    "Not a valid datetime value.": _l("Enter a date and a time."),
    "Not a valid time value.": _l("Enter a time."),
    "Not a valid choice.": _l("Choose one from the list."),
    "Invalid Choice: could not coerce.": _l("Choose one from the list."),
    "'%(value)s' is not a valid choice for this field.": _l("Choose from the list."),
    "'%(value)s' are not valid choices for this field.": _l("Choose from the list."),
    "One or more choice inputs could not be coerced.": _l("Choose from the list."),
    "Number must be at least %(min)s.": _l("Enter at least %(min)s."),
    "Number must be at most %(max)s.": _l("Enter at most %(max)s."),
    "Number must be between %(min)s and %(max)s.": _l("Enter %(min)s to %(max)s."),
    "Field cannot be longer than %(max)d characters.": _l("Use at most %(max)d characters."),
    "Field must be at least %(min)d characters long.": _l("Use at least %(min)d characters."),
}


class _OurMessages:
    def gettext(self, message: str) -> str:
        return str(MESSAGES.get(message, message))

    def ngettext(self, one: str, more: str, number: int) -> str:
        return self.gettext(more if more in MESSAGES else one)


class Form(FlaskForm):
    """A form with a CSRF field, in the reader's language."""

    form_errors: list[str]
    #: Whether choices must not be lost with the form, even without a text.
    keeps_choices = False

    def __init_subclass__(cls) -> None:
        """Let error pages know the fields in which people write."""
        form_recovery.TEXT_FIELDS.update(
            name
            for name, field in vars(cls).items()
            if isinstance(field, UnboundField)
            and issubclass(field.field_class, TextLine | TextBlock)
        )

    class Meta(FlaskForm.Meta):
        """Take messages from our own catalogue."""

        locales = ("en",)

        def get_translations(self, form: AnyForm) -> _OurMessages:
            """Return what translates WTForms' messages."""
            return _OurMessages()

    def validate(self, extra_validators: Any = None) -> bool:
        """Return whether the form is valid. A field that couldn't be read has that error alone,
        and no field has the same error twice.
        """
        is_valid = super().validate(extra_validators)
        for field in self:
            if isinstance(field.errors, list | tuple):
                unread = [error for error in field.errors if error in field.process_errors]
                field.errors = list(dict.fromkeys(unread or field.errors))
        if not is_valid:
            self._note_refusal(self.first_error)
        return bool(is_valid)

    def _note_refusal(self, reason: str) -> None:
        texts = {field.name for field in self if isinstance(field, TextLine | TextBlock)}
        choices = self.choices_in_words()
        kept = texts | (choices.keys() if self.keeps_choices else set())
        form_recovery.note_refusal(reason, kept, choices)

    def choices_in_words(self) -> dict[str, str]:
        """Return what was chosen, by field; "" where it's what the page proposed."""
        words = {}
        for field in self:
            is_new = bool(field.raw_data) and field.data != field.object_data
            if isinstance(field, SelectFieldBase):
                chosen = listed(str(one.label.text) for one in field if one.checked)
                words[field.name] = f"{field.label.text}: {chosen}" if is_new and chosen else ""
            elif isinstance(field, BooleanField):
                words[field.name] = str(field.label.text) if is_new and field.data else ""
        return words

    @property
    def first_error(self) -> str:
        """The first message at a field; "" if there is none."""
        return next((str(one) for found in self.errors.values() for one in found), "")

    def ask_for_files_again(self) -> None:
        """Ask to choose files again: no page can restore them.

        Skip fields that have errors already.
        """
        for field in self:
            if isinstance(field, FileField | MultipleFileField) and not field.errors:
                files = field.data if isinstance(field.data, list) else [field.data]
                if any(isinstance(file, FileStorage) and file.filename for file in files):
                    field.errors = [_("Choose the file again.")]

    def refuse(self, broken: UserError) -> "Form":
        """Add the rule's message at its field, or at the top; return the form.

        A UserErrors adds each of its messages.
        """
        self._note_refusal(broken.message)
        for one in broken.refusals if isinstance(broken, UserErrors) else [broken]:
            if one.field in self:
                field = self[one.field]
                field.errors = [*field.errors, one.message]
            else:
                self.form_errors.append(one.message)
        return self


def query_text(name: str = "q", most: int = 100) -> str:
    """Return the query parameter as a single line of at most `most` characters; "" if it is
    missing.
    """
    return (single_line(request.args.get(name)) or "")[:most]


class TextLine(StringField):
    """A text of one line, trimmed: titles and headers can't hold more."""

    def __init__(self, label: Any, *validators: Any, most: int = 120, **options: Any) -> None:
        options.setdefault("filters", [single_line])
        options.setdefault("render_kw", {"dir": "auto"})
        self.most = most
        super().__init__(label, [*validators, Length(max=most)], **options)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Treat spaces as empty, for validators that check whether something was typed."""
        self.raw_data = [single_line(value) or "" for value in valuelist]
        super().process_formdata(self.raw_data)


class TextBlock(TextAreaField):
    """A text of several lines, at most `most` characters."""

    def __init__(self, label: Any, *validators: Any, most: int = 20_000, **options: Any) -> None:
        options.setdefault("filters", [normal_lines])
        options.setdefault("render_kw", {"dir": "auto"})
        super().__init__(label, [*validators, Length(max=most)], **options)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Treat spaces as empty, as TextLine does."""
        self.raw_data = [normal_lines(value) or "" for value in valuelist]
        super().process_formdata(self.raw_data)


class Versioned(Form):
    """A form for what two people may edit at once: it carries the version that it was opened
    with.
    """

    version = HiddenField(default="1")

    @property
    def seen_version(self) -> int:
        """The version that it was opened with; 0 if that isn't a number."""
        sent = str(self.version.data or "")
        return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else 0


class LocalDateTime(DateTimeLocalField):
    """A naive local time, to the minute. Its time zone is in another field."""

    data: datetime | None

    def __init__(self, label: Any, *validators: Any, **options: Any) -> None:
        super().__init__(
            label,
            list(validators),
            format="%Y-%m-%dT%H:%M",
            **options,
        )

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the time; refuse years that are out of range."""
        if valuelist:
            self.data = read_moment(valuelist[0], i18n.locale_code())
            _refuse_unread(self, "Not a valid datetime value.")


class CalendarDate(DateField):
    """A date within the years that people plan in."""

    data: date | None

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the date; refuse years that are out of range."""
        if valuelist:
            self.data = read_day(valuelist[0], i18n.locale_code())
            _refuse_unread(self, "Not a valid date value.")


def _refuse_unread(field: Any, sentence: str) -> None:
    if field.data is None:
        raise ValueError(field.gettext(sentence))
    if not time_zones.is_near(field.data):
        field.data = None
        years = {"first": time_zones.FIRST_YEAR, "last": time_zones.LAST_YEAR}
        raise ValueError(_("Choose a year between %(first)s and %(last)s.", **years))


class Fold(RadioField):
    """Which of two moments is meant, where the clocks pass a local time twice."""

    def __init__(self, **options: Any) -> None:
        choices = choices_of(
            [
                ("0", _l("The first, before the clocks go back")),
                ("1", _l("The second, after the clocks go back")),
            ]
        )
        super().__init__(_l("Which one?"), [Optional()], choices=choices, **options)


class TimeZone(SelectField):
    """A time zone by its city, grouped by region: typing “Lis” finds Lisbon."""

    def __init__(self, label: Any = _l("Time zone"), **options: Any) -> None:
        super().__init__(label, [_known_zone], validate_choice=False, choices=_zones(), **options)

    def __call__(self, **attributes: Any) -> Any:
        """Render the list, including the current zone if it has an outdated name."""
        chosen = self.data or ""
        if time_zones.is_zone(chosen) and chosen not in time_zones.zone_names():
            self.choices = [_zone(chosen), *_zones()]
            return super().__call__(**attributes)
        self.choices = []
        option = Markup('<option{} value="{}">').format
        options = _zone_options().replace(option("", chosen), option(Markup(" selected"), chosen))
        return super().__call__(**attributes).replace("></", Markup(">{}</").format(options))


@cache
def _zone_options() -> Markup:
    """The 400 options, which are the same for everyone: rendered once."""
    field = SelectField(choices=_zones(), name="zone", _form=None, _meta=DefaultMeta())
    field.process(None)
    return field().partition(">")[2].removesuffix("</select>")


@cache
def _zones() -> list[SelectChoice]:
    utc, *others = map(_zone, time_zones.zone_names())
    return [utc, *sorted(others, key=lambda choice: (choice.optgroup, choice.label))]


def _zone(name: str) -> SelectChoice:
    part, *state, city = name.split("/") if "/" in name else (name, name)
    words = ", ".join([city, *state]).replace("_", " ")
    return SelectChoice(name, words, optgroup=part)


def _known_zone(form: Any, field: Field) -> None:
    if not time_zones.is_zone(field.data or ""):
        raise ValidationError(_("Choose a time zone from the list."))


class FormError(NamedTuple):
    """A message and the id of its field (None: the form as a whole)."""

    target: str | None
    sentence: str


def form_errors_of(form: AnyForm) -> list[FormError]:
    """Return all errors of `form` in field order, and set `takes_focus` on the first bad field."""
    problems = [FormError(None, sentence) for sentence in form.form_errors]
    bad = [field for field in form if field.errors]
    for field in bad:
        field.takes_focus = field is bad[0]
        problems += [FormError(field.id, sentence) for sentence in _flat(field.errors)]
    return problems


def _flat(errors: Any) -> list[str]:
    """The messages of a field, also those nested in field lists and subforms."""
    if isinstance(errors, str) or not isinstance(errors, (list, tuple, dict)):
        return [errors]
    parts = errors.values() if isinstance(errors, dict) else errors
    return [sentence for part in parts for sentence in _flat(part)]
