"""Macros whose HTML is cached, and shared by everyone who reads it."""

import re
import secrets
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from babel import Locale
from flask import Flask
from markupsafe import Markup

from ..i18n import locale_here
from .template_engine import Drawing, escape_text

#: What marks a placeholder. Nobody can guess it, and no text that people write has it.
_MARK = secrets.token_hex(8)
_PLACEHOLDER = re.compile(f"\0{_MARK}([a-z]+)\0")


def cached_macro(app: Flask, template: str, macro: str, most: int) -> Callable[..., Any]:
    """Return a function that renders the macro, and caches the latest `most` results by arguments
    and language.

    The macro may depend on nothing else: not on the reader, the request, the clock or a time zone.
    Arguments have hashes; HTML inside of tuples is a `Drawing`. `fill` has the texts of the
    macro's placeholders by name.
    """

    def render(_locale: Locale | None, *values: Any, **named: Any) -> list[Markup]:
        _refuse_ambiguous((*values, *named.values()))
        html = str(getattr(app.jinja_env.get_template(template).module, macro)(*values, **named))
        return [Markup(text) for text in _PLACEHOLDER.split(html)]  # noqa: S704 - a macro escapes

    cached = lru_cache(most, typed=True)(render)
    rendered = render if app.jinja_env.auto_reload else cached

    def filled(*values: Any, fill: Mapping[str, Any] = {}, **named: Any) -> Markup:
        pieces = rendered(locale_here(), *values, **named)
        if len(pieces) == 1:
            return pieces[0]
        texts: list[str] = list(pieces)
        texts[1::2] = [escape_text(fill[name]) for name in pieces[1::2]]
        return Markup("".join(texts))  # noqa: S704 - each is escaped

    filled.cache_clear = cached.cache_clear  # type: ignore[attr-defined]
    return filled


def _refuse_ambiguous(values: tuple[Any, ...]) -> None:
    """Raise TypeError at HTML inside of a tuple that a text could be taken for."""
    for value in values:
        for part in value if isinstance(value, tuple) else ():
            if isinstance(part, Markup) and not isinstance(part, Drawing):
                raise TypeError(f"HTML in a tuple must be a Drawing: {part[:60]!r}")
            _refuse_ambiguous((part,))


def placeholder(name: str) -> Markup:
    """Return what a cached macro writes where each reader has something of their own: `name`,
    in lower-case letters, is the key of its text in `fill`.
    """
    if not name.isalpha() or not name.islower() or not name.isascii():
        raise ValueError(f"{name!r} can't name a placeholder")
    return Markup(f"\0{_MARK}{name}\0")  # noqa: S704 - our own word
