"""Templates as trees of HTML elements and Jinja blocks.

Each thing knows the whitespace before it as the browser gets it, which is what formatting keeps.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from jinja2 import Environment

from scripts.template_code import Token, tokens_of

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
RAW = {"pre", "textarea", "script", "style"}
_BEGINS = {"if", "for", "block", "macro", "call", "filter", "with", "set"}
_GOES_ON = {"else", "elif"}

_IN_TEXT = re.compile(
    r"\s+|[\w:-]+=\"[^\"<]*\"|<!--.*?-->|<![^>]*>|</[\w:-]+\s*>|<(?!/)[\w:-]*|[^\s<]+|<", re.S
)
_IN_TAG = re.compile(r"\s+|/?>|[\"']|[^\s\"'>]+")
_IN_VALUE = {'"': re.compile(r"\s+|\"|[^\s\"]+"), "'": re.compile(r"\s+|'|[^\s']+")}
_IN_RAW = re.compile(r"</[\w:-]+\s*>|(?:(?!</\w).)+", re.S)


class Unformattable(Exception):
    """The template can't be read as a tree."""


@dataclass(eq=False)
class Thing:
    """Text (a word, a tag that has no partner), or what the others are in addition."""

    text: str = ""
    #: The whitespace before it.
    gap: str = field(default="", kw_only=True)


@dataclass(eq=False)
class Comment(Thing):
    """`{# … #}`"""


@dataclass(eq=False)
class Expression(Thing):
    """`{{ … }}`"""

    tokens: list[Token] = field(default_factory=list)


@dataclass(eq=False)
class Statement(Thing):
    """`{% … %}`"""

    tokens: list[Token] = field(default_factory=list)


@dataclass(eq=False)
class Holder(Thing):
    """Something with content. `end_gap` is the whitespace after the last of it."""

    items: list[Thing] = field(default_factory=list)
    end_gap: str = ""


@dataclass(eq=False)
class Quoted(Holder):
    """The value of an attribute, from quote to quote (`text`)."""

    attribute: str = ""


@dataclass(eq=False)
class Tag(Holder):
    """`<name …>`; its items are pieces of attributes."""

    end: str = ">"

    @property
    def name(self) -> str:
        """The element's name."""
        return self.text[1:].lower()


@dataclass(eq=False)
class Element(Holder):
    """From tag to tag; `text` is the closing one."""

    tag: Tag = field(default_factory=Tag)


@dataclass(eq=False)
class Branch(Holder):
    """A statement and what follows, up to the block's next statement."""

    statement: Statement = field(default_factory=Statement)


@dataclass(eq=False)
class Block(Holder):
    """`{% if %}` and its like, to its end; its items are branches."""

    end: Statement = field(default_factory=Statement)

    @property
    def branches(self) -> list[Branch]:
        """Its parts."""
        return [item for item in self.items if isinstance(item, Branch)]


_JINJA = Environment(trim_blocks=True, lstrip_blocks=True)


def pieces(source: str) -> Iterator[tuple[str, Any]]:
    """Yield (kind, text or pieces of code), without the indentation, which isn't sent."""
    kind = ""
    inside: list[tuple[str, str]] = []
    before = "\n"
    for _line, found, text in _JINJA.lex(source):
        if found.endswith("_begin"):
            kind, inside = found.removesuffix("_begin"), []
        elif found.endswith("_end"):
            yield kind, (inside, text)
            kind, before = "", text
        elif kind:
            inside.append((found, text))
        else:
            text = re.sub(r"\n[ \t]+", "\n", text)
            yield "data", text.lstrip(" \t") if before.endswith("\n") else text
            before = ""


class Reader:
    """Reads a template from its pieces."""

    def __init__(self) -> None:
        self.root = Holder()
        self._open: list[Holder] = [self.root]
        self._gap = ""

    def read(self, source: str) -> Holder:
        """Return the tree."""
        for kind, found in pieces(source):
            if kind == "data":
                self._data(found)
                continue
            inside, end = found
            if kind == "comment":
                words = "".join(text for _, text in inside).strip()
                if words:
                    self._add(Comment(words))
            elif kind == "variable":
                self._add(Expression(tokens=tokens_of(inside)))
            else:
                self._statement(Statement(tokens=tokens_of(inside)))
            if end.startswith("+"):
                self._gap = "+"
        self._unclose(0)
        self._end()
        return self.root

    def _add(self, thing: Thing) -> None:
        thing.gap, self._gap = self._gap, ""
        self._open[-1].items.append(thing)

    def _begin(self, holder: Holder) -> None:
        self._add(holder)
        self._open.append(holder)

    def _end(self) -> Holder:
        ended = self._open.pop()
        ended.end_gap, self._gap = self._gap, ""
        return ended

    @property
    def _place(self) -> Holder:
        return next(one for one in reversed(self._open) if not isinstance(one, Block | Branch))

    def _data(self, text: str) -> None:
        at = 0
        while at < len(text):
            place = self._place
            if isinstance(place, Tag):
                found = _IN_TAG.match(text, at)
            elif isinstance(place, Quoted):
                found = _IN_VALUE[place.text].match(text, at)
            elif isinstance(place, Element) and place.tag.name in RAW:
                found = _IN_RAW.match(text, at)
            else:
                found = _IN_TEXT.match(text, at)
            if found is None:
                raise Unformattable(f"cannot read {text[at : at + 20]!r}")
            at = found.end()
            self._word(place, found[0])

    def _word(self, place: Holder, word: str) -> None:
        if word.isspace() and not (isinstance(place, Element) and place.tag.name in RAW):
            self._gap = "+" if self._gap == "+" else word
        elif isinstance(place, Quoted):
            if word == place.text:
                self._expect(place)
                self._end()
            else:
                self._add(Thing(word))
        elif isinstance(place, Tag):
            self._in_tag(place, word)
        elif word.startswith("</") and word.endswith(">"):
            self._close(word)
        elif re.fullmatch(r"<[\w:-]*", word):
            self._begin(Tag(word))
        else:
            self._add(Thing(word))

    def _in_tag(self, tag: Tag, word: str) -> None:
        if word in {'"', "'"}:
            items = self._open[-1].items
            before = items[-1].text if items and not self._gap else ""
            self._begin(Quoted(word, attribute=before.removesuffix("=")))
        elif word in {">", "/>"}:
            self._expect(tag)
            self._end()
            tag.end = word
            if tag.name not in VOID and word == ">":
                self._open[-1].items.pop()
                element = Element(tag=tag, gap=tag.gap)
                self._open[-1].items.append(element)
                self._open.append(element)
        else:
            self._add(Thing(word))

    def _expect(self, holder: Holder) -> None:
        if self._open[-1] is not holder:
            raise Unformattable(f"{holder.text} ends inside a block of Jinja")

    def _close(self, word: str) -> None:
        name = word[2:-1].strip().lower()
        for at in range(len(self._open) - 1, 0, -1):
            holder = self._open[at]
            if not isinstance(holder, Element):
                break
            if holder.tag.name == name:
                self._unclose(at)
                self._end()
                holder.text = word
                return
        self._add(Thing(word))

    def _unclose(self, depth: int) -> None:
        """Let the elements inside the one at `depth` end nowhere: their content follows them."""
        while len(self._open) - 1 > depth:
            element = self._open.pop()
            if not isinstance(element, Element):
                raise Unformattable(f"{element.text or 'a block'} has no end")
            items = self._open[-1].items
            items[-1:] = [element.tag, *element.items]

    def _statement(self, statement: Statement) -> None:
        name = statement.tokens[0].text
        is_assignment = name == "set" and any(token.text == "=" for token in statement.tokens)
        if name in _BEGINS and not is_assignment:
            self._begin(Block())
            self._begin(Branch(statement=statement))
        elif name in _GOES_ON or name.startswith("end"):
            depth = max(at for at, one in enumerate(self._open) if isinstance(one, Branch))
            self._unclose(depth)
            self._end()
            if name in _GOES_ON:
                self._begin(Branch(statement=statement))
            else:
                block = self._end()
                assert isinstance(block, Block)
                block.end = statement
        else:
            self._add(statement)
