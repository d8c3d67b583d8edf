"""How templates import macros, and keep what some of them draw."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from flask import Flask
from jinja2 import Template
from jinja2.environment import TemplateModule

from ..i18n.language import locale_here


class PlainTemplate(Template):
    """A template that is imported with the environment's globals, for none of ours has others.

    Jinja compares their names at every import, some thousand comparisons a page: a twentieth of its
    time.
    """

    def _get_default_module(self, ctx: Any = None) -> TemplateModule:
        if self._module is None:
            self._module = self.make_module()
        return self._module


def kept(app: Flask, template: str, macro: str, most: int) -> Callable[..., Any]:
    """The macro, as a function that keeps the latest `most` of its drawings: for lists of hundreds
    that are asked for again and again. What it draws depends on its arguments and on the reader's
    language alone. Arguments have hashes."""

    def draw(_language: str, *values: Any) -> Any:
        return getattr(app.jinja_env.get_template(template).module, macro)(*values)

    drawn = draw if app.jinja_env.auto_reload else lru_cache(most)(draw)
    return lambda *values: drawn(str(locale_here()), *values)
