"""Web pages: no feeds, but many name theirs to browsers, `<link rel="alternate"
type="application/rss+xml" href="…">`.
"""

import re

from ..markup import Token, tokens
from .decoding import decoded
from .said import link

#: As what a page names its feeds. Plain JSON is not among them: it is mostly something else.
_FEEDS = {"application/rss+xml", "application/atom+xml", "application/feed+json"}
#: Characters in which they are looked for: a page's head, though much else may stand in it.
_LOOKED_AT = 100_000
_A_PAGE = re.compile(
    r"\s*(<\?xml[^>]*\?>\s*)?(<!--.{0,500}?-->\s*)?<(!doctype\s+html|html)\b",
    re.IGNORECASE | re.DOTALL,
)


def is_page(text: str) -> bool:
    """Whether this is a web page."""
    return _A_PAGE.match(text) is not None


def named_feed(body: bytes, base: str, content_type: str = "") -> str:
    """The address of the first feed that this web page, read at `base`, names; "" without one, and
    for all that is no page.

    What came over a secure line leads to none over one that is not.
    """
    text = decoded(body, content_type)
    if not is_page(text):
        return ""
    is_secure = base.startswith("https:")
    for token in tokens(text[:_LOOKED_AT], {"script", "style", "template"}):
        if token.tag == "body":
            break
        if token.tag == "base":
            base = link(base, token.attributes.get("href")) or base
        elif _is_of_feed(token):
            url = link(base, token.attributes.get("href"))
            if url and not (is_secure and url.lower().startswith("http:")):
                return url
    return ""


def _is_of_feed(token: Token) -> bool:
    if token.tag != "link":
        return False
    rel, kind = (token.attributes.get(name, "").lower() for name in ("rel", "type"))
    return "alternate" in rel.split() and kind.partition(";")[0].strip() in _FEEDS
