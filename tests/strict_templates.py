"""In tests, templates fail if they use a missing attribute of a row, record or module of ours.

Jinja renders nothing instead, so a renamed column would silently leave a gap in a page.
"""

from types import ModuleType
from typing import Any

import sqlalchemy as sa
from flask import Flask
from jinja2 import Undefined
from jinja2.utils import missing
from wtforms import Field, Form


class Lacking(Undefined):
    """Undefined as usual, but an error for attributes of our own objects."""

    def __init__(
        self, hint: str | None = None, obj: Any = missing, *more: Any, **named: Any
    ) -> None:
        super().__init__(hint, obj, *more, **named)
        if is_ours(obj):
            self._fail_with_undefined_error()


def is_ours(obj: Any) -> bool:
    """Whether we define the object's attributes. Forms and fields are excluded: templates ask them
    for optional ones.
    """
    ours = type(obj).__module__.startswith("webapp.") and not isinstance(obj, Form | Field)
    return ours or isinstance(obj, sa.Row | ModuleType)


def make_strict(app: Flask) -> None:
    """Make the application's templates fail if they use such an attribute."""
    app.jinja_env.undefined = Lacking
