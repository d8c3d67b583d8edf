"""Which kind of feed an answer is, by its content, since headers are often wrong; and its text.

Web pages are no feeds, but many name theirs to browsers:
`<link rel="alternate" type="application/rss+xml" href="…">`.
"""

import codecs
import re

from ..fetch_errors import FetchError
from ..html_tokens import Token, tokens
from . import json, xml
from .feed import Feed, link

#: Bytes as text, of encodings that feeds are really written in. Python knows others, which are no
#: encodings of text or slow.
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
    """The text from its first letter on. What is right as UTF-8 is UTF-8, for nothing else looks
    like it; then what the bytes and the header say is tried; at last every byte is some letter."""
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


#: As what a page names its feeds. Plain JSON is not among them: it is mostly something else.
_FEEDS = {"application/rss+xml", "application/atom+xml", "application/feed+json"}
#: Characters in which they are looked for: a page's head, though much else may be in it.
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


def read(body: bytes, base: str, content_type: str = "") -> Feed:
    """The feed that these bytes are, read at the address `base`.

    Raises FetchError when they are none.
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
