"""The base of every form, and the fields that more than one feature uses."""

from collections.abc import Iterable
from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple

from flask import g, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm, csrf
from flask_wtf.file import FileField, MultipleFileField
from markupsafe import Markup, escape
from werkzeug.datastructures import FileStorage
from wtforms import (
    DateField,
    DateTimeLocalField,
    Field,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms import Form as AnyForm
from wtforms.fields.choices import SelectChoice
from wtforms.meta import DefaultMeta
from wtforms.validators import InputRequired, Length, Optional, ValidationError
from wtforms.widgets import core as widgets

from ..text.strings import without_invisible
from ..time import time_zones
from .errors import UserError, UserErrors

required = InputRequired


def html_params(**given: Any) -> Markup:
    """The attributes of a tag as WTForms writes them, whose own takes ten times as many calls."""
    attributes = []
    for name, value in sorted(given.items()):
        if value is not False:
            shown = "" if value is True else '="' + str(escape(value)).replace('"', "&quot;") + '"'
            attributes.append(widgets.clean_key(name) + shown)
    return Markup(" ".join(attributes))  # noqa: S704 - each value is escaped


def generate_csrf(secret_key: str | None = None, token_key: str | None = None) -> str:
    """Return the request's token, which Flask-WTF's own takes forty calls to find again."""
    known: str | None = vars(g._get_current_object()).get("csrf_token")
    return known or make_csrf_token(secret_key, token_key)


make_csrf_token = csrf.generate_csrf
csrf.generate_csrf = generate_csrf
widgets.html_params = html_params
for _widget in (widgets.Input, widgets.Button):
    _widget.html_params = staticmethod(html_params)


def choices_of(pairs: Iterable[tuple[Any, Any]]) -> list[SelectChoice]:
    """The choices of a field, from values and their words."""
    return [SelectChoice(value, words) for value, words in pairs]


class Form(FlaskForm):
    """A form with its CSRF field, in the reader's language."""

    form_errors: list[str]

    class Meta(FlaskForm.Meta):
        """Messages come from our own catalogue."""

        locales = ("en",)

    def ask_for_files_again(self) -> None:
        """No page can bring back a file that was chosen: the form that comes back says so at its
        field, where nothing else is wrong with it.
        """
        for field in self:
            if isinstance(field, FileField | MultipleFileField) and not field.errors:
                files = field.data if isinstance(field.data, list) else [field.data]
                if any(isinstance(file, FileStorage) and file.filename for file in files):
                    field.errors = [_("Choose the file again.")]

    def refuse(self, broken: UserError) -> "Form":
        """The same form, saying at its field (or on top) why the rule said no; at each, where
        several did.
        """
        for one in broken.refusals if isinstance(broken, UserErrors) else [broken]:
            field = self._fields.get(one.field or "")
            if field is None:
                self.form_errors.append(one.message)
            else:
                field.errors = [*field.errors, one.message]
        return self


class Versioned(Form):
    """What two people may change at once: the form knows with which version it was opened."""

    version = HiddenField(default="1")

    @property
    def seen_version(self) -> int:
        """That version; nonsense is older than any."""
        seen = str(self.version.data or "")
        return int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else 0


def single_line(value: str | None) -> str | None:
    """The text without spaces at its ends and without line breaks, tabs and invisible characters
    inside.
    """
    if value is None:
        return None
    return " ".join(without_invisible(value, " ").split())


def query_text(name: str = "q", most: int = 100) -> str:
    """What the page's address gives by this name, squeezed: so many characters of it; "" without
    any.
    """
    return (single_line(request.args.get(name)) or "")[:most]


class TextLine(StringField):
    """One line of text, squeezed; a header or a title can hold nothing else."""

    def __init__(self, label: Any, *validators: Any, most: int = 120, **options: Any) -> None:
        options.setdefault("filters", [single_line])
        super().__init__(label, [*validators, Length(max=most)], **options)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Nothing but spaces is nothing, also to a validator that asks whether something was
        typed.
        """
        self.raw_data = [single_line(value) or "" for value in valuelist]
        super().process_formdata(self.raw_data)


def normal_lines(value: str | None) -> str | None:
    """The text with line breaks of one kind and without invisible characters."""
    if value is None:
        return None
    lines = value.replace("\r\n", "\n").replace("\r", "\n")
    return without_invisible(lines, but="\n\t").strip()


class TextBlock(TextAreaField):
    """Text of several lines, at most `most` characters of it."""

    def __init__(self, label: Any, *validators: Any, most: int = 20_000, **options: Any) -> None:
        options.setdefault("filters", [normal_lines])
        super().__init__(label, [*validators, Length(max=most)], **options)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Nothing but spaces is nothing, as in a Line."""
        self.raw_data = [normal_lines(value) or "" for value in valuelist]
        super().process_formdata(self.raw_data)


class LocalDateTime(DateTimeLocalField):
    """A naive wall time, to the minute; its zone is in a field of its own."""

    data: datetime | None

    def __init__(self, label: Any, *validators: Any, **options: Any) -> None:
        super().__init__(
            label,
            list(validators),
            format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
            **options,
        )

    def process_formdata(self, valuelist: list[str]) -> None:
        """A time in a year that nobody plans in is none."""
        super().process_formdata(valuelist)
        _refuse_far(self)


class CalendarDate(DateField):
    """A date; in a year that nobody plans in it is none."""

    data: date | None

    def process_formdata(self, valuelist: list[str]) -> None:
        """A day in a year that nobody plans in is none."""
        super().process_formdata(valuelist)
        _refuse_far(self)


def _refuse_far(field: Any) -> None:
    if field.data is not None and not time_zones.is_near(field.data):
        field.data = None
        years = {"first": time_zones.FIRST_YEAR, "last": time_zones.LAST_YEAR}
        raise ValueError(_("Choose a year between %(first)s and %(last)s.", **years))


class Fold(RadioField):
    """Which of two moments is meant, asked where the clocks pass a wall time twice."""

    def __init__(self, **options: Any) -> None:
        choices = choices_of(
            [
                ("0", _l("The first, before the clocks go back")),
                ("1", _l("The second, after the clocks go back")),
            ]
        )
        super().__init__(_l("Which one?"), [Optional()], choices=choices, **options)


class TimeZone(SelectField):
    """A time zone by its city, under its part of the world: typing “Lis” finds Lisbon."""

    def __init__(self, label: Any = _l("Time zone"), **options: Any) -> None:
        super().__init__(label, [_known_zone], validate_choice=False, choices=_zones(), **options)

    def __call__(self, **attributes: Any) -> Any:
        """The list, with the zone that is set if only an old name of it is."""
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
    """Four hundred options, the same for everyone: drawn once."""
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
    """A sentence, and the id of the control that it is about (None: the form as a whole)."""

    target: str | None
    sentence: str


def form_errors_of(form: AnyForm) -> list[FormError]:
    """Every problem of `form` in the order of its fields; the first bad field is marked to take
    the focus.
    """
    problems = [FormError(None, sentence) for sentence in form.form_errors]
    bad = [field for field in form if field.errors]
    for field in bad:
        field.takes_focus = field is bad[0]
        problems += [FormError(field.id, sentence) for sentence in _flat(field.errors)]
    return problems


def _flat(errors: Any) -> list[str]:
    """The sentences of a field; those of a list of fields or of a form inside lie deeper."""
    if isinstance(errors, str) or not isinstance(errors, (list, tuple, dict)):
        return [errors]
    parts = errors.values() if isinstance(errors, dict) else errors
    return [sentence for part in parts for sentence in _flat(part)]
