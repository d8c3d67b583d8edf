"""Forms for sign-up, sign-in, passwords and the account."""

from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l
from wtforms import (
    BooleanField,
    Field,
    HiddenField,
    PasswordField,
    RadioField,
    SelectField,
    StringField,
)
from wtforms.validators import AnyOf, Length, Optional, StopValidation, ValidationError

from ..core import i18n
from ..core.http.errors import UserError
from ..core.http.forms import Form, TextLine, TimeZone, choices_of, required
from ..core.http.honeypot import FormWithTrap
from ..core.text import names
from ..core.text.typed import single_line
from ..mail import addresses
from . import handles, passwords, settings
from .models import BLOCK, MUTE

#: the labels of `settings.ACCENTS`, in its order
ACCENTS = (
    _l("Meadow"),
    _l("River"),
    _l("Loch"),
    _l("Bluebell"),
    _l("Heather"),
    _l("Clay"),
    _l("Gorse"),
    _l("Slate"),
)


def _address(form: Any, field: Field) -> None:
    """Require an address that we can send to, and store it normalised."""
    try:
        field.data = addresses.mailable(field.data or "")
    except addresses.CurlyApostrophe as curly:
        field.data = curly.straight
        raise StopValidation(curly.message) from curly
    except UserError as refused:
        raise StopValidation(refused.message) from refused


def _of(label: Any, values: tuple[str, ...], *words: Any) -> RadioField:
    """Return a field to choose one of these values, each with its label."""
    sentence = _l("Choose one of these.")
    return RadioField(
        label,
        [AnyOf(values, message=sentence)],
        choices=choices_of(zip(values, words, strict=True)),
    )


class PersonName(TextLine):
    """A name of a person, or a part of it."""

    def pre_validate(self, form: Any) -> None:
        """Refuse addresses, symbols and brackets: a name is read as the site's own words.

        One that is too long isn't read: composing 100,000 accents takes seconds.
        """
        is_read = self.data and len(self.data) <= self.most
        sentence = names.problem(self.data) if is_read else None
        if sentence:
            raise StopValidation(sentence)


class HandleField(StringField):
    """A handle, also if it is typed with its @ or in capitals."""

    def __init__(self, label: Any, **options: Any) -> None:
        super().__init__(label, filters=[_without_at], **options)


def _without_at(typed: str | None) -> str:
    return (single_line(typed) or "").lstrip("@").lower()


class EmailField(StringField):
    """An email address."""

    def __init__(
        self, label: Any = _l("Email address"), is_required: bool = True, **options: Any
    ) -> None:
        first = required(_l("Enter your email address.")) if is_required else Optional()
        checks = [first, Length(max=254), _address]
        super().__init__(label, checks, filters=[single_line], **options)


class PasswordInput(PasswordField):
    """An existing password.

    Nothing is trimmed; one that is too long is refused before hashing.
    """

    def __init__(self, label: Any = _l("Password"), **options: Any) -> None:
        longest = Length(max=passwords.MOST, message=_l("That’s longer than any password here."))
        super().__init__(label, [required(_l("Enter your password.")), longest], **options)


def _chosen(label: Any) -> PasswordField:
    return PasswordField(label, [required(_l("Choose a password."))])


def _again() -> PasswordField:
    sentence = _l("Enter the password again.")
    return PasswordField(_l("Repeat password"), [_if_shown, required(sentence)])


def _if_shown(_form: Any, field: Field) -> None:
    """With JavaScript the page has “Show” instead of a second field."""
    if not field.raw_data:
        raise StopValidation()


class NewPassword(Form):
    """A new password, typed twice where the browser can't show it."""

    password = _chosen(_l("New password"))
    password_again = _again()

    #: the person's own words, which a password must not be based on
    inputs: tuple[str, ...] = ()

    def own_words(self) -> tuple[str, ...]:
        """Return the names and address of the person."""
        return self.inputs

    def validate_password(self, field: Field) -> None:
        """Add a message for every rule that isn't met."""
        found = passwords.problems(field.data, self.own_words())
        field.errors = [*field.errors, *(sentence for _rule, sentence in found)]

    def validate_password_again(self, field: Field) -> None:
        """Check that both are the same."""
        if field.data != self.password.data:
            raise ValidationError(_("The two passwords don’t match."))

    def validate(self, extra_validators: Any = None) -> bool:
        """Return False also if the password breaks a rule.

        The page empties both fields, so an error of the second alone is shown at both.
        """
        is_valid = super().validate(extra_validators) and not self.errors
        if self.password_again.errors and not self.password.errors:
            self.password.errors = [_("Enter your password in both fields.")]
        return is_valid


class SignUpForm(NewPassword, FormWithTrap):
    """A new account."""

    first_name = PersonName(_l("Given name"), required(_l("Enter your name.")), most=60)
    last_name = PersonName(_l("Family name"), most=60)
    family_name_first = BooleanField(_l("Show my family name first"))
    handle = HandleField(_l("Handle"))
    email = EmailField()
    password = _chosen(_l("Password"))  # again, so that errors are in the order of the page
    password_again = _again()
    affirmed = BooleanField(
        validators=[required(_l("Please confirm your age and agree to the house rules."))]
    )
    terms = HiddenField()
    next = HiddenField()

    def own_words(self) -> tuple[str, ...]:
        """Return what was typed into the other fields."""
        return tuple(
            field.data or "" for field in (self.first_name, self.last_name, self.handle, self.email)
        )

    def validate_handle(self, field: Field) -> None:
        """Check the handle, if there is one."""
        sentence = handles.problem(field.data) if field.data else None
        if sentence:
            raise ValidationError(sentence)


class SignInForm(Form):
    """The name and the password."""

    name = TextLine(
        _l("Email address or handle"), required(_l("Enter your email address or handle.")), most=254
    )
    password = PasswordInput()
    remember = BooleanField(_l("Keep me signed in"))
    next = HiddenField()


class ForgottenForm(Form):
    """The address to send the link to."""

    email = EmailField()
    next = HiddenField()


class ResetForm(NewPassword):
    """A new password, by an emailed link."""


class PasswordForm(NewPassword):
    """A new password, confirmed by the current one."""

    current = PasswordInput(_l("Current password"))
    password = _chosen(_l("New password"))
    password_again = _again()


class PasswordCheckForm(Form):
    """The password again."""

    password = PasswordInput()
    next = HiddenField()


class ReauthenticationForm(Form):
    """The password again, beside another form's fields: hence the unusual name."""

    proof = PasswordInput()


class EmailForm(Form):
    """A new email address."""

    email = EmailField(_l("New email address"))


class OwnerForm(Form):
    """The account's password, in a browser that isn't signed in to it."""

    password = PasswordInput(_l("The account’s password"))


class SettingsForm(Form):
    """Language, time zone and appearance."""

    zone = TimeZone()
    locale = SelectField(_l("Language"))
    clock = _of(_l("Clock"), settings.CLOCKS, _l("18:00"), _l("6:00 PM"))
    theme = _of(_l("Theme"), settings.THEMES, _l("Automatic"), _l("Light"), _l("Dark"))
    accent = _of(_l("Colour"), settings.ACCENTS, *ACCENTS)
    text_size = _of(_l("Text size"), settings.TEXT_SIZES, _l("Normal"), _l("Larger"))

    def __init__(self, *arguments: Any, **values: Any) -> None:
        super().__init__(*arguments, **values)
        self.locale.choices = choices_of((code, i18n.name_of(code)) for code in i18n.installed())

    @property
    def chosen(self) -> settings.PersonalSettings:
        """The chosen settings."""
        return settings.PersonalSettings(
            **{name: self[name].data for name in settings.PersonalSettings._fields}
        )


class WhoForm(Form):
    """A person, by their handle."""

    who = TextLine(_l("Handle"), most=60)


class BlockOrMuteForm(Form):
    """Whether someone is blocked or only muted."""

    kind = RadioField(
        _l("Mute or block?"),
        choices=choices_of([(MUTE, _l("Mute")), (BLOCK, _l("Block"))]),
        validators=[required(_l("Choose one of the two."))],
    )
