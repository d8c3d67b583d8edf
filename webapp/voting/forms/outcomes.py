"""The form for a vote's outcome."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField
from wtforms.validators import InputRequired, Optional

from ...core.http.forms import CalendarDate, Form, TextBlock
from ..models import Statement
from ..results.outcomes import LONGEST


class StatementForm(Form):
    """The text, and the day of the review."""

    body = TextBlock(
        _l("Outcome"),
        InputRequired(_l("Enter the outcome.")),
        most=LONGEST,
    )
    review_on = CalendarDate(_l("Review on"), [Optional()])
    version = HiddenField()

    def __init__(self, statement: Statement | None = None) -> None:
        names = ("body", "review_on", "version")
        super().__init__(
            data={name: getattr(statement, name) for name in names} if statement is not None else {}
        )

    @property
    def of_version(self) -> int:
        """The version that the person saw; 0 if it's not a number."""
        value = self.version.data or ""
        return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else 0

    def agree_on(self, statement: Statement) -> None:
        """Accept the current version, so that submitting again replaces it."""
        self.version.data = str(statement.version)
