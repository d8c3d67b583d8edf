"""Texts written from right to left, in pages whose own words are written from left to right.

Without isolation a title such as “שלום (19:00)!” lends its direction to what follows, and its own
digits and punctuation take that of the page:
https://www.w3.org/International/articles/inline-bidi-markup/
A text alone in an element is written as `<bdi>`, by `core.ui.template_engine`. Where there are no
elements (values in sentences, attributes, drawings, subjects), invisible characters do the same.
"""

import re

#: First strong isolate, and the character that ends it.
FSI, PDI = "\u2068", "\u2069"
#: Letters of scripts that are written from right to left, for a class of a pattern.
RIGHT_TO_LEFT = (
    "\u0590-\u061b\u061d-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff"
)
_RTL = re.compile(f"[{RIGHT_TO_LEFT}]")
_BLOCKS = re.compile(r"<(p|h[1-6]|ul|ol|blockquote|td|th)(?=[ >])")


def has_rtl(text: str) -> bool:
    """Whether some of it is written from right to left."""
    return not text.isascii() and _RTL.search(text) is not None


def isolated(text: str) -> str:
    """Return the text so that it neither changes nor takes on the direction of those around it."""
    return f"{FSI}{text}{PDI}" if has_rtl(text) and FSI not in text else text


def closed(text: str) -> str:
    """Return a text that was cut, with the isolation ended that its rest would have ended."""
    return text + PDI * (text.count(FSI) - text.count(PDI)) if FSI in text else text


def with_directions(html: str) -> str:
    """Let each block of this HTML have the direction of its first letter."""
    return _BLOCKS.sub(r'<\1 dir="auto"', html) if has_rtl(html) else html
