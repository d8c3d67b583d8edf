"""Detect the kind of feed by content, since headers are often wrong; and decode its text.

Web pages aren't feeds, but many link to theirs: `<link rel="alternate" type="application/rss+xml"
href="…">`.
"""

import codecs
import re

from ..fetch_errors import FetchError
from ..html_tokens import Token, tokens
from . import json, xml
from .feed import Feed, link

#: Encodings that feeds really use. Python knows others, which aren't encodings of text or are slow.
_KNOWN = re.compile(
    r"utf-?8|utf-?16(-?[bl]e)?|us-ascii|ascii|iso-?8859-?\d{1,2}|latin-?1"
    r"|windows-?\d{3,4}|cp\d{3,4}|koi8-?[ru]|shift[_-]?jis|euc-?jp|euc-?kr|gb2312|gbk|gb18030|big5"
)
_DECLARED = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9_.:-]{1,40})[\"']")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9_.:-]{1,40})", re.IGNORECASE)
_BYTE_ORDER_MARKS = [
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"<\x00", "utf-16-le"),
    (b"\x00<", "utf-16-be"),
    (b"{\x00", "utf-16-le"),
    (b"\x00{", "utf-16-be"),
]


def decoded(body: bytes, content_type: str = "") -> str:
    """Decode a body and strip what precedes the text.

    UTF-8 if valid, because nothing else looks like it; then what the bytes and header say, then
    Windows-1252.
    """
    return _text(body, content_type).lstrip("\ufeff \t\r\n\x00")


def _text(body: bytes, content_type: str) -> str:
    for mark, encoding in _BYTE_ORDER_MARKS:
        if body.startswith(mark):
            return body.decode(encoding, "replace")
    for encoding in ("utf-8", *_declared_charset(body, content_type)):
        try:
            return body.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    return body.decode("cp1252", "replace")


def _declared_charset(body: bytes, content_type: str) -> list[str]:
    in_text, in_header = _DECLARED.match(body.lstrip()[:300]), _CHARSET.search(content_type)
    said = [in_text[1].decode() if in_text else "", in_header[1] if in_header else ""]
    return [name.lower() for name in said if _KNOWN.fullmatch(name.lower())]


#: The types of feeds that pages link to. Not plain JSON, which is mostly something else.
_FEEDS = {"application/rss+xml", "application/atom+xml", "application/feed+json"}
#: How many characters are searched for the link: a page's head can be long.
_LOOKED_AT = 100_000
_A_PAGE = re.compile(
    r"\s*(<\?xml[^>]*\?>\s*)?(<!--.{0,500}?-->\s*)?<(!doctype\s+html|html)\b",
    re.IGNORECASE | re.DOTALL,
)


def is_page(text: str) -> bool:
    """Whether this is a web page."""
    return _A_PAGE.match(text) is not None


def named_feed(body: bytes, base: str, content_type: str = "") -> str:
    """Return the URL of the first feed that this web page, loaded from `base`, links to; else "".

    A page loaded over HTTPS can't lead to an HTTP feed.
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


def read(body: bytes, base: str, content_type: str = "") -> Feed:
    """Parse a feed loaded from the URL `base`.

    Raises FetchError if it isn't one.
    """
    text = decoded(body, content_type)
    if text[:1] in {"{", "["}:
        feed = json.feed_of(text, base)
    elif text[:1] == "<":
        feed = _of_xml(text, base)
    else:
        feed = None
    if feed is None:
        raise FetchError("no_feed")
    return feed


def _of_xml(text: str, base: str) -> Feed | None:
    if is_page(text):
        raise FetchError("page")
    root = xml.tree_of(text)
    return xml.rss_feed(root, base) or xml.atom_feed(root, base)
