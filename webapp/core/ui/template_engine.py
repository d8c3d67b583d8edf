"""Jinja as the site uses it: autoescaped, without plug-ins, with templates that never change.

That saves a third of a page's function calls, and renders the same: `tests/core/test_templating.py`
compares the two.
"""

from types import BuiltinFunctionType, FunctionType, MethodType
from typing import Any

from flask import Flask
from flask.templating import Environment
from jinja2 import Template
from jinja2.compiler import CodeGenerator, Frame
from jinja2.environment import TemplateModule
from jinja2.nodes import Expr, Node, Template as TemplateNode
from jinja2.runtime import Context, Macro
from jinja2.utils import _PassArg, missing
from markupsafe import Markup, _escape_inner, escape as escape_anything

from ..text.bidi import FSI, has_rtl, isolated
from .html_places import Place, places_of

#: How values are written in each place but attributes.
_WRITTEN_BY = {Place.TEXT: "escape_text", Place.DRAWN: "escape_drawn"}
_EVAL = _PassArg.eval_context
_FUNCTIONS = {FunctionType, MethodType, BuiltinFunctionType}
#: Arguments that Jinja adds to every call in a block or a loop.
_ADDED_BY_JINJA = ("_block_vars", "_loop_vars")


class FastEnvironment(Environment):
    """Cache templates by name, without Jinja's check for newer versions."""

    def __init__(self, app: Flask, **options: Any) -> None:
        super().__init__(app, cache_size=-1, **options)  # unlimited: templates are few
        self.template_class, self.context_class = FastTemplate, FastContext
        self.code_generator_class = JoiningCodeGenerator

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
    """A template that has only the environment's globals, and writes values with `escape`.

    Jinja gives each template its own layer above the globals, and compares their names at every
    import.
    """

    @classmethod
    def _from_namespace(cls, environment: Any, namespace: Any, globals: Any) -> "FastTemplate":
        namespace["escape"] = escape
        made: Any = super()._from_namespace(environment, namespace, environment.globals)
        return made

    def _get_default_module(self, ctx: Any = None) -> TemplateModule:
        if self._module is None:
            self._module = self.make_module()
        return self._module


class FastContext(Context):
    """Call plain functions and macros without Jinja's checks for `pass_context` and the like: a
    tenth of the function calls of a page.
    """

    def call(self, thing: Any, /, *args: Any, **kwargs: Any) -> Any:
        """Return what `thing` returns."""
        kind = type(thing)
        wanted = _EVAL if kind is Macro else getattr(thing, "jinja_pass_arg", None)
        if wanted is not _EVAL and (wanted or kind not in _FUNCTIONS):
            return super().call(thing, *args, **kwargs)
        for name in _ADDED_BY_JINJA:
            if name in kwargs:
                del kwargs[name]
        if kind is Macro and self.eval_ctx.autoescape and not thing.caller:
            return _call_macro(thing, args, kwargs)
        return thing(self.eval_ctx, *args, **kwargs) if wanted else thing(*args, **kwargs)


def _call_macro(macro: Macro, args: tuple[Any, ...], given: dict[str, Any]) -> str:
    names = macro.arguments[len(args) :]
    if macro.catch_kwargs or macro.catch_varargs or (given and not given.keys() <= {*names}):
        return macro(*args, **given)
    html = macro._func(*args, *[given.get(name, missing) for name in names])
    return Markup(html)  # noqa: S704 - a macro escapes


class JoiningCodeGenerator(CodeGenerator):
    """Compile templates so that each block and each include yields one text.

    Jinja passes on each of their pieces through every template around them: an eighth of a page's
    function calls.
    """

    def visit_Template(  # noqa: N802 - Jinja names it
        self, node: TemplateNode, frame: Frame | None = None
    ) -> None:
        """Write the template's code; values in text may get an element around them."""
        self._places = places_of(node)
        self.writeline(f"from {__name__} import {', '.join(_WRITTEN_BY.values())}")
        super().visit_Template(node, frame)

    def _output_child_pre(self, node: Expr, frame: Frame, finalize: Any) -> None:
        place = self._places.get(id(node), Place.PLAIN)
        if frame.eval_ctx.autoescape and not frame.eval_ctx.volatile and place in _WRITTEN_BY:
            self.write(f"{_WRITTEN_BY[place]}(")
        else:
            super()._output_child_pre(node, frame, finalize)

    def writeline(self, x: str, node: Node | None = None, extra: int = 0) -> None:
        """Write a line of the template's code."""
        if x.startswith("yield from "):
            x = f"yield concat({x.removeprefix('yield from ')})"
        elif x == "for event in gen:":
            x = "for event in (concat(gen),):"
        super().writeline(x, node, extra)


class Drawing(Markup):
    """HTML among a macro's values. It never equals a text of the same characters, which must be
    escaped.
    """

    __hash__ = Markup.__hash__

    def __eq__(self, other: object) -> bool:
        return type(other) is Drawing and str.__eq__(self, other)

    def __ne__(self, other: object) -> bool:
        return not self == other


def escape(value: Any) -> str:
    """Return what a template writes for a value. markupsafe creates a Markup for each, which takes
    a tenth of a page's function calls.
    """
    kind = type(value)
    if kind is Markup or kind is Drawing:
        return value
    return _escape_inner(value) if kind is str else escape_anything(value)


def escape_text(value: Any) -> str:
    """Return what a template writes for a value in text. What people wrote from right to left is
    isolated, unless it's a sentence of ours in which their words already are.
    """
    if type(value) is not str or value.isascii() or not has_rtl(value) or FSI in value:
        return escape(value)
    return f"<bdi>{_escape_inner(value)}</bdi>"


def escape_drawn(value: Any) -> str:
    """Return what a template writes where there are no elements: in drawings, options, titles."""
    return escape(isolated(value) if type(value) is str else value)
