"""Names of people on a page: where two look alike, both have their handles beside them.

`name_of` marks each name as it is rendered, also in cached parts of pages; `with_handles` knows the
whole page.
"""

import re
from collections import defaultdict
from functools import lru_cache
from typing import Any
from zlib import crc32

from markupsafe import Markup

from ..text.look_alikes import look
from .template_engine import Drawing, escape_text

_KNOWN = ("name", "handle", "deactivated_at")
#: No text of a person contains a comment: it is escaped.
_MARK = re.compile("<!--([@=])([^ >]*) ([0-9a-f]+)-->")


def name_of(who: Any, has_handle: bool = False) -> Markup:
    """Return someone's name for a list or a sentence, marked with their handle; guests and people
    who left have none. `has_handle`: the handle is written beside it anyway.
    """
    known = who if isinstance(who, dict) else {one: getattr(who, one, None) for one in _KNOWN}
    handle = "" if known["deactivated_at"] else known["handle"] or ""
    return _marked(known["name"], handle, "=" if has_handle else "@")


def name_columns(person: Any, label: str) -> list[Any]:
    """Return the columns that `name_in` reads."""
    return [getattr(person, name).label(f"{label}_{name}") for name in _KNOWN]


def name_in(row: Any, label: str) -> str:
    """Return the marked name of someone whose columns the row has; "" if it's nobody."""
    known = {name: getattr(row, f"{label}_{name}") for name in _KNOWN}
    return name_of(known) if known["name"] else ""


@lru_cache(8192)
def _marked(name: str, handle: str, sign: str) -> Markup:
    mark = Markup("<!--{}{} {:x}-->").format(sign, handle, crc32(look(name).encode()))
    return Drawing(Markup(escape_text(name)) + mark)


def with_handles(html: str) -> str:
    """Replace the marks of this page: by handles where names of several people look alike."""
    handles = defaultdict(set)
    for _sign, handle, key in _MARK.findall(html):
        handles[key].add(handle)
    if not handles:
        return html

    def shown(mark: re.Match[str]) -> str:
        sign, handle, key = mark.groups()
        is_shown = sign == "@" and handle and len(handles[key]) > 1
        return Markup(' <span class="meta">@{}</span>').format(handle) if is_shown else ""

    return _MARK.sub(shown, html)
