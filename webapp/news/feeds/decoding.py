"""The bytes of a feed as text, whatever they say of themselves."""

import codecs
import re

#: Bytes as text, of encodings that feeds are really written in. Python knows others, which are no
#: encodings of text or slow.
_KNOWN = re.compile(
    r"utf-?8|utf-?16(-?[bl]e)?|us-ascii|ascii|iso-?8859-?\d{1,2}|latin-?1|windows-?\d{3,4}|cp\d{3,4}|koi8-?[ru]"
    r"|shift[_-]?jis|euc-?jp|euc-?kr|gb2312|gbk|gb18030|big5"
)
_DECLARED = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9_.:-]{1,40})[\"']")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9_.:-]{1,40})", re.IGNORECASE)
_MARKS = [
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
]
_MARKS += [
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
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            return body.decode(encoding, "replace")
    for encoding in ("utf-8", *_said(body, content_type)):
        try:
            return body.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    return body.decode("cp1252", "replace")


def _said(body: bytes, content_type: str) -> list[str]:
    in_text, in_header = _DECLARED.match(body.lstrip()[:300]), _CHARSET.search(content_type)
    said = [in_text[1].decode() if in_text else "", in_header[1] if in_header else ""]
    return [name.lower() for name in said if _KNOWN.fullmatch(name.lower())]
