"""In tests no template names an attribute that a row, a record or a module of ours lacks.

Jinja draws nothing in its place, so that a renamed column would leave a page without a word.
"""

from types import ModuleType
from typing import Any

import sqlalchemy as sa
from flask import Flask
from jinja2 import Undefined
from jinja2.utils import missing
from wtforms import Field, Form


class Lacking(Undefined):
    """Nothing, as elsewhere; but a mistake where it is of something of ours."""

    def __init__(
        self, hint: str | None = None, obj: Any = missing, *more: Any, **named: Any
    ) -> None:
        super().__init__(hint, obj, *more, **named)
        if is_ours(obj):
            self._fail_with_undefined_error()


def is_ours(obj: Any) -> bool:
    """Whether we say which attributes it has; forms and fields are asked for what some lack."""
    ours = type(obj).__module__.startswith("webapp.") and not isinstance(obj, Form | Field)
    return ours or isinstance(obj, sa.Row | ModuleType)


def make_strict(app: Flask) -> None:
    """Pages of this application fail where a template names such an attribute."""
    app.jinja_env.undefined = Lacking
