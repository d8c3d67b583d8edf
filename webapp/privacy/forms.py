"""Forms: the password before deleting an account, legal pages, and agreeing to house rules."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, IntegerField
from wtforms.validators import DataRequired, InputRequired
from wtforms.widgets import HiddenInput

from ..accounts.forms import PasswordInput
from ..core.http.forms import Form, TextBlock


class DeletionForm(Form):
    """The password, once more."""

    password = PasswordInput(_l("Your password"))


class PageForm(Form):
    """A legal page's text, and the version that it is based on."""

    body = TextBlock(_l("Page text"), DataRequired(_l("Enter the page text.")), most=50_000)
    version = IntegerField(validators=[InputRequired()])
    requires_agreement = BooleanField(_l("Ask everyone to agree before they continue"))


class AgreementForm(Form):
    """The version that someone agrees to, and the page they wanted."""

    number = IntegerField(widget=HiddenInput(), validators=[InputRequired()])
    next = HiddenField()
