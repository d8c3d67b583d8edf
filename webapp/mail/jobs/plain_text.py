"""An email's text, derived from its HTML: each email is written once."""

import re
from html.parser import HTMLParser

_SPACE = re.compile(r"[ \t\r\n]+")
_BLOCKS = {"p", "div", "blockquote", "ul", "ol", "li", "pre", "tr", "main", "h1", "h2", "h3", "h4"}
_VOID = {"br", "hr", "img", "meta", "link"}


def text_of(html: str) -> str:
    """Return what the HTML of an email says, with the address of each link.

    Not read: the head, the line beside the subject, and the address to copy, which the button has
    told. The site's name moves from the top to the foot.
    """
    reader = _HtmlReader()
    reader.feed(html)
    reader.close()
    return reader.text + "\n"


class _HtmlReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self._open: list[tuple[str, str, str]] = []  # tag, class, address
        self._line = ""  # the paragraph as far as it was read
        self._kind = self._kind_before = ""  # paragraphs of one kind follow without an empty line
        self._bullet = self._site = ""
        self._numbers: list[int] = []  # of items so far, in each open list
        self._label_at = 0  # where the words of a link begin

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a paragraph, or remember where a link begins."""
        if tag == "br":
            self._line = self._line.rstrip(" ") + "\n"
        if tag in _VOID:
            return
        given = {name: value or "" for name, value in attrs}
        name = given.get("class", "")
        self._open.append((tag, name, given.get("href", "")))
        if tag == "a":
            self._label_at = len(self._line)
        elif tag in _BLOCKS and self._kind != "fact":
            self._end_paragraph()
        if name == "why":
            self._begin_foot()
        if tag in {"ul", "ol"}:
            self._numbers.append(0)
        elif tag == "li" and self._numbers:
            self._numbers[-1] += 1
            is_numbered = "ol" in [one for one, *_ in self._open if one in {"ul", "ol"}][-1:]
            self._bullet = f"{self._numbers[-1]}. " if is_numbered else "- "

    def handle_endtag(self, tag: str) -> None:
        """End a paragraph, or say where a link leads."""
        while tag in (opened for opened, *_ in self._open):
            opened, name, address = self._open.pop()
            self._end(opened, name, address)
            if opened == tag:
                return

    def close(self) -> None:
        """End the last paragraph."""
        super().close()
        self._end_paragraph()

    def _end(self, tag: str, name: str, address: str) -> None:
        if tag in {"ul", "ol"}:
            self._numbers.pop()
        if name == "url":
            self._line = ""
        elif name == "about":
            self._line = self._line.upper()
        elif name == "label":
            self._line, self._kind = f"{self._line.rstrip()}: ", "fact"
        elif tag == "a":
            self._line = self._with_address(address)
        if tag in _BLOCKS and name != "label":
            self._end_paragraph(is_quoted=tag == "blockquote")

    def _with_address(self, address: str) -> str:
        before, label = self._line[: self._label_at], self._line[self._label_at :].strip()
        if label == address:
            return self._line
        if self._is_within("why"):
            return f"{before.rstrip()}\n{label}: {address}"
        return f"{before}{label} ({address})" if before.strip() else f"{label}: {address}"

    def handle_data(self, data: str) -> None:
        """Add to the paragraph; what people wrote without a form keeps its lines."""
        if self._is_within("from"):
            self._site += data.strip()
        elif self._is_within("head") or self._open[-1:] == [("p", "pre", "")]:
            return  # the line beside the subject is one, too
        elif self._is_within("why") and data.strip() == "·":
            return
        elif self._open and self._open[-1][0] in {"blockquote", "pre", "code"}:
            self._line += data
        else:
            words = _SPACE.sub(" ", data)
            self._line += words.lstrip(" ") if self._line[-1:] in {"", " ", "\n"} else words

    def _is_within(self, *names: str) -> bool:
        return any(tag in names or name in names for tag, name, _address in self._open)

    def _begin_foot(self) -> None:
        if self._site:
            self._line, self._kind = f"--\n{self._site}", "foot"
            self._end_paragraph()
            self._site = ""
        self._kind = "foot"

    def _end_paragraph(self, is_quoted: bool = False) -> None:
        lines = [line.rstrip() for line in self._line.strip().split("\n")]
        kind = "item" if self._bullet else self._kind
        self._line = self._kind = ""
        if lines == [""]:
            return
        if is_quoted or self._is_within("blockquote"):
            lines = [f"> {line}".rstrip() for line in lines]
        gap = "\n" if kind and kind == self._kind_before else "\n\n"
        self.text += (gap if self.text else "") + self._bullet + "\n".join(lines)
        self._bullet, self._kind_before = "", kind
