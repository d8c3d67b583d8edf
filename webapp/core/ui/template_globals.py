"""What the macros call: gathered here and given to every template."""

import re
from collections.abc import Callable, Hashable
from datetime import date
from functools import lru_cache
from types import BuiltinFunctionType, FunctionType, MethodType
from typing import Any, NamedTuple

from babel import Locale
from babel.dates import format_date
from flask import Flask
from flask.templating import Environment
from jinja2 import Template
from jinja2.compiler import CodeGenerator
from jinja2.environment import TemplateModule
from jinja2.nodes import Node
from jinja2.runtime import Context, Macro
from jinja2.utils import _PassArg, missing
from markupsafe import Markup, _escape_inner
from markupsafe import escape as escape_anything

from webapp.core.ui.artwork import hue_for, initials_of, scene_for

from ..http.forms import form_errors_of
from ..i18n import language_of, locale_here
from .charts import ring_stones, stones_each

#: A hole in a drawing: nothing that a person writes has this character.
_HOLE = re.compile("\0([a-z]+)\0")


class Leaf(NamedTuple):
    """A calendar leaf: the date for machines, then three words for people."""

    iso: str
    weekday: str
    date: str
    month: str


def leaf(wall: date) -> Leaf:
    """The calendar leaf of a date or of a wall time, in the reader's language."""
    return _leaf(wall.year, wall.month, wall.day, str(locale_here() or "en"))


@lru_cache(maxsize=4096)
def _leaf(year: int, month: int, day: int, locale: str) -> Leaf:
    day_of_year = date(year, month, day)
    weekday, month_name = (format_date(day_of_year, part, locale=locale) for part in ("EEE", "LLL"))
    return Leaf(day_of_year.isoformat(), weekday, str(day), month_name)


@lru_cache(maxsize=8192)
def avatar(
    id: Hashable, name: str, size: str = "", alone: bool = False, src: str = "", srcset: str = ""
) -> Markup:
    """The picture at `src`, or two initials, of anyone or anything.

    Beside the written name it decorates; alone, it says it.
    """
    said = (
        Markup('role="img" aria-label="{}"').format(name) if alone else Markup('aria-hidden="true"')
    )
    picture = (
        _portrait(src, srcset) if src else ""
    )  # over the initials, which stay until it has come
    return Markup('<span class="av a{} {}" {}>{}{}</span>').format(
        hue_for(id), size, said, initials_of(name), picture
    )


def _portrait(src: str, srcset: str) -> Markup:
    fine = Markup(' srcset="{}"').format(srcset) if srcset else ""
    return Markup('<img src="{}"{} alt="" loading="lazy" decoding="async">').format(src, fine)


@lru_cache(maxsize=512)
def ring_svg(total: int, taken: int, mine: int = 0, waiting: int = 0) -> Markup:
    """The stones of a ring as SVG: up to 120 of them are no work for a template at every view."""
    stones = "".join(_stone(*stone) for stone in ring_stones(total, taken, mine, waiting))
    return Markup(stones)  # noqa: S704 - our own numbers


def _stone(x: float, y: float, angle: int, kind: str, width: float, height: float) -> str:
    looks, turned = (
        f' class="{kind}"' if kind else "",
        f' transform="rotate({angle} {x} {y})"' if angle else "",
    )
    corner = f'x="{round(x - width / 2, 1)}" y="{round(y - height / 2, 1)}"'
    return f'<rect{looks} {corner} width="{width}" height="{height}" rx="{width / 2}"{turned}/>'


def page_language() -> tuple[str, str]:
    """(code, direction) for the page's root element."""
    locale = locale_here()
    if not locale:
        return "en", "ltr"
    return language_of(str(locale)).replace("_", "-"), locale.text_direction


def register(app: Flask) -> None:
    """Every template can draw rings, scenes, avatars and calendar leaves, and sum up a form's
    problems.
    """
    helpers = (
        avatar,
        ring_stones,
        ring_svg,
        stones_each,
        scene_for,
        hue_for,
        initials_of,
        leaf,
        page_language,
        form_errors_of,
        hole,
    )
    app.jinja_env.globals.update({helper.__name__: helper for helper in helpers})
    for part in ("start", "scripts", "brand", "top", "foot"):
        app.jinja_env.globals[f"page_{part}"] = cached_macro(app, "layout/_parts.html", part, 200)


def escape(value: Any) -> str:
    """What a template writes of a value. markupsafe's own makes a Markup of it, only to be joined
    with others: it takes a tenth of all function calls of a page.
    """
    kind = type(value)
    if kind is Markup:
        return value
    return _escape_inner(value) if kind is str else escape_anything(value)


class WholePartsGenerator(CodeGenerator):
    """Compiles templates so that a block or an include is handed on as one text, once it is whole.

    Jinja hands on each of its pieces, through every template around it: an eighth of all function
    calls of a page.
    """

    def writeline(self, x: str, node: Node | None = None, extra: int = 0) -> None:
        """Write a line of the template's code."""
        if x.startswith("yield from "):
            x = f"yield concat({x.removeprefix('yield from ')})"
        super().writeline(
            x.replace("for event in gen:", "for event in (concat(gen),):"), node, extra
        )


class PlainContext(Context):
    """Calls what a template calls: Jinja's own asks each thing eight times what it wants besides
    its arguments, a tenth of all function calls of a page.
    """

    def call(self, thing: Any, /, *args: Any, **kwargs: Any) -> Any:
        """What `thing` returns."""
        kind = type(thing)
        wanted = _EVAL if kind is Macro else getattr(thing, "jinja_pass_arg", None)
        if wanted is not _EVAL and (wanted or kind not in _FUNCTIONS):
            return super().call(thing, *args, **kwargs)
        for name in _FOR_JINJA:
            if name in kwargs:
                del kwargs[name]
        if kind is Macro and self.eval_ctx.autoescape and not thing.caller:
            return _drawn(thing, args, kwargs)
        return thing(self.eval_ctx, *args, **kwargs) if wanted else thing(*args, **kwargs)


def _drawn(macro: Macro, args: tuple[Any, ...], given: dict[str, Any]) -> str:
    """What the macro draws with these arguments."""
    names = macro.arguments[len(args) :]
    if macro.catch_kwargs or macro.catch_varargs or (given and not given.keys() <= {*names}):
        return macro(*args, **given)
    drawing = macro._func(*args, *[given.get(name, missing) for name in names])
    return Markup(drawing)  # noqa: S704 - a macro escapes


_EVAL = _PassArg.eval_context
_FUNCTIONS = {FunctionType, MethodType, BuiltinFunctionType}
#: What templates hand on with each call.
_FOR_JINJA = ("_block_vars", "_loop_vars")


class PlainEnvironment(Environment):
    """The site's templates, found by their names alone: Jinja asks at each use whether one has
    been replaced.
    """

    def __init__(self, app: Flask, **options: Any) -> None:
        super().__init__(app, cache_size=-1, **options)  # a dict: there is an end to templates
        self.template_class, self.context_class = PlainTemplate, PlainContext
        self.code_generator_class = WholePartsGenerator

    def get_template(self, name: Any, parent: str | None = None, globals: Any = None) -> Template:
        """The template of this name."""
        kept: Any = self.cache
        if self.auto_reload or name not in kept:
            kept[name] = super().get_template(name, parent, globals)
        template: Template = kept[name]
        return template


class PlainTemplate(Template):
    """A template that writes by our `escape`, and knows the environment's globals alone.

    Jinja gives each template a layer of its own above them, and compares their names at every
    import: some thousand comparisons a page.
    """

    @classmethod
    def _from_namespace(cls, environment: Any, namespace: Any, globals: Any) -> "PlainTemplate":
        namespace["escape"] = escape
        made: Any = super()._from_namespace(environment, namespace, environment.globals)
        return made

    def _get_default_module(self, ctx: Any = None) -> TemplateModule:
        if self._module is None:
            self._module = self.make_module()
        return self._module


def cached_macro(app: Flask, template: str, macro: str, most: int) -> Callable[..., Any]:
    """The macro, as a function that keeps the latest `most` of its drawings: for what is asked for
    again and again. What it draws depends on its arguments and on the reader's language alone.
    Arguments have hashes. Keywords fill the holes that the macro leaves.
    """

    def draw(_locale: Locale | None, *values: Any) -> list[Markup]:
        drawing = str(getattr(app.jinja_env.get_template(template).module, macro)(*values))
        return [Markup(text) for text in _HOLE.split(drawing)]  # noqa: S704 - a macro escapes

    kept = lru_cache(most, typed=True)(draw)
    drawn = draw if app.jinja_env.auto_reload else kept

    def filled(*values: Any, **holes: Any) -> Markup:
        pieces = drawn(locale_here(), *values)
        if len(pieces) == 1:
            return pieces[0]
        texts: list[str] = list(pieces)
        texts[1::2] = [escape(holes[name]) for name in pieces[1::2]]
        return Markup("".join(texts))  # noqa: S704 - each is escaped

    filled.cache_clear = kept.cache_clear  # type: ignore[attr-defined]
    return filled


def hole(name: str) -> Markup:
    """Where a macro leaves out what is one reader's: `cached_macro` fills it at each use."""
    return Markup(f"\0{name}\0")  # noqa: S704 - our own word
