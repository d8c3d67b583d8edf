"""Jinja as the site uses it: autoescaped, without plug-ins, with templates that never change.

It renders the same as Jinja's own (`tests/core/test_templating.py`), and isolates what people wrote
from right to left.
"""

import re
from typing import Any

from flask import Flask
from flask.templating import Environment
from jinja2 import Template, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.nodes import EvalContext
from markupsafe import Markup, escape as escape_anything

from ..text.bidi import FSI, has_rtl, isolated
from .html_places import Place, places_of

_INDENTATION = re.compile(r"\n[ \t]+")


class FastEnvironment(Environment):
    """Cache templates by name, without Jinja's check for newer versions."""

    def __init__(self, app: Flask, **options: Any) -> None:
        super().__init__(app, cache_size=-1, **options)  # unlimited: templates are few
        self.template_class = FastTemplate
        self.code_generator_class = IsolatingCodeGenerator
        self.filters.update(isolated_text=isolated_text, isolated_words=isolated_words)

    def preprocess(self, source: str, name: str | None = None, filename: str | None = None) -> str:
        """Return the template without its indentation, which nobody would see."""
        return _INDENTATION.sub("\n", super().preprocess(source, name, filename))

    def get_template(self, name: Any, parent: str | None = None, globals: Any = None) -> Template:
        """Return the template. Raises TypeError if it would get globals of its own."""
        if globals:
            raise TypeError("Templates know the environment's globals alone")
        kept: Any = self.cache
        if self.auto_reload or name not in kept:
            kept[name] = super().get_template(name, parent, globals)
        template: Template = kept[name]
        return template


class FastTemplate(Template):
    """A template that has only the environment's globals.

    Jinja gives each template its own layer above them, and compares their names at every import: a
    tenth of a page's time.
    """

    @classmethod
    def from_code(cls, environment: Any, code: Any, globals: Any, uptodate: Any = None) -> Template:
        """Return the compiled template."""
        return super().from_code(environment, code, environment.globals, uptodate)


#: The filters that write values in each place but attributes.
_WRITTEN_BY = {Place.TEXT: "isolated_text", Place.DRAWN: "isolated_words"}


class IsolatingCodeGenerator(CodeGenerator):
    """Compile templates so that values are written as their place in HTML allows, and escaped by
    `escape`.
    """

    def visit_Template(  # noqa: N802 - Jinja names it
        self, node: nodes.Template, frame: Frame | None = None
    ) -> None:
        """Write the template's code."""
        if EvalContext(self.environment, self.name).autoescape:
            places = places_of(node)
            for output in node.find_all(nodes.Output):
                output.nodes = [self._placed(child, places) for child in output.nodes]
        super().visit_Template(node, frame)

    def _placed(self, child: nodes.Expr, places: dict[int, Place]) -> nodes.Expr:
        place = places.get(id(child), Place.PLAIN)
        if place not in _WRITTEN_BY:
            return child
        name, line = _WRITTEN_BY[place], child.lineno
        written = nodes.Filter(child, name, [], [], None, None, lineno=line)
        written.set_environment(self.environment)
        return written

    def writeline(self, x: str, node: nodes.Node | None = None, extra: int = 0) -> None:
        """Write a line of the template's code. A block or an include yields one text, not each of
        its pieces through every template around it.
        """
        if x.startswith("yield from "):
            x = f"yield concat({x.removeprefix('yield from ')})"
        elif x == "for event in gen:":
            x = "for event in (concat(gen),):"
        super().writeline(x, node, extra)
        if x.startswith("from jinja2.runtime import "):
            super().writeline(f"from {__name__} import escape")


class Drawing(Markup):
    """HTML among a macro's values. It never equals a text of the same characters, which must be
    escaped.
    """

    __hash__ = Markup.__hash__

    def __eq__(self, other: object) -> bool:
        return type(other) is Drawing and str.__eq__(self, other)

    def __ne__(self, other: object) -> bool:
        return not self == other


_has_special = re.compile("[&<>'\"]").search


def escape(value: Any) -> str:
    """Return what a template writes for a value. markupsafe creates a Markup for each."""
    kind = type(value)
    is_ready = kind is Markup or kind is Drawing or (kind is str and not _has_special(value))
    return value if is_ready else escape_anything(value)


def isolated_text(value: Any) -> Any:
    """Return the value for a text. What people wrote from right to left is isolated, unless it's a
    sentence of ours in which their words already are.
    """
    if type(value) is not str or value.isascii() or not has_rtl(value) or FSI in value:
        return value
    return Markup("<bdi>{}</bdi>").format(value)


def isolated_words(value: Any) -> Any:
    """Return the value for where no elements are: in drawings, options, titles."""
    return isolated(value) if type(value) is str else value


def escape_text(value: Any) -> str:
    """Return what a template writes for a value in text."""
    return escape(isolated_text(value))
