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
_MARK = re.compile("<!--@([^ >]*) ([0-9a-f]+)-->")


def name_of(who: Any) -> Markup:
    """Return the name of someone in a list, marked with their handle; guests and people who left
    have none.
    """
    known = who if isinstance(who, dict) else {one: getattr(who, one, None) for one in _KNOWN}
    return _marked(known["name"], "" if known["deactivated_at"] else known["handle"] or "")


@lru_cache(8192)
def _marked(name: str, handle: str) -> Markup:
    mark = Markup("<!--@{} {:x}-->").format(handle, crc32(look(name).encode()))
    return Drawing(Markup(escape_text(name)) + mark)


def with_handles(html: str) -> str:
    """Replace the marks of this page: by handles where names of several people look alike."""
    if "<!--@" not in html:
        return html
    handles = defaultdict(set)
    for handle, key in _MARK.findall(html):
        handles[key].add(handle)

    def shown(mark: re.Match[str]) -> str:
        handle, key = mark.groups()
        is_shown = handle and len(handles[key]) > 1
        return Markup(' <span class="meta">@{}</span>').format(handle) if is_shown else ""

    return _MARK.sub(shown, html)
