"""Format templates: indented by block, at most 100 characters a line, the same pages as before.

    python scripts/format_templates.py [--check] [file or folder …]

What fits on one line is on one line. Otherwise there is one attribute, one argument or one element
a line. `-}}` at the end of a line, `{%-` and `{{-` at the beginning of the next say that there's no
whitespace between them in the page, `+%}` that there is. Indentation isn't sent
(`webapp/core/ui/template_engine.py`).
"""

import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from jinja2 import TemplateSyntaxError

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from scripts.layout import WIDTH, Break, Choice, Group, Indent, Line, laid_out  # noqa: E402
from scripts.template_code import inside  # noqa: E402
from scripts.template_tree import (  # noqa: E402
    RAW,
    Block,
    Comment,
    Element,
    Expression,
    Holder,
    Quoted,
    Reader,
    Statement,
    Tag,
    Thing,
    Unformattable,
)

#: Whitespace beside them isn't seen.
_BLOCKS = {
    *("html", "head", "body", "title", "meta", "link", "script", "style", "template"),
    *(
        "header",
        "footer",
        "main",
        "nav",
        "section",
        "article",
        "aside",
        "div",
        "dialog",
        "hr",
        "br",
    ),
    *("h1", "h2", "h3", "h4", "h5", "h6", "p", "ul", "ol", "li", "dl", "dt", "dd", "blockquote"),
    *("table", "caption", "colgroup", "col", "thead", "tbody", "tfoot", "tr", "th", "td", "pre"),
    *("form", "fieldset", "legend", "select", "option", "optgroup", "datalist", "hx-partial"),
    *("figure", "figcaption", "details", "summary", "address"),
    *("g", "path", "circle", "ellipse", "rect", "line", "polyline", "polygon", "text", "use"),
    *("defs", "desc", "symbol", "stop", "mask", "pattern", "lineargradient", "radialgradient"),
}
#: Lists of words, in which a line break is a space.
_LISTS = {"class", "rel", "d", "points", "aria-labelledby", "aria-describedby", "sandbox"}
_STATEMENTS = (Statement, Block, Comment)
_JINJA = (*_STATEMENTS, Expression)


def formatted(source: str) -> str:
    """Return the template, formatted. Raises Unformattable."""
    try:
        root = Reader().read(source)
    except TemplateSyntaxError as error:
        raise Unformattable(f"line {error.lineno}: {error.message}") from error
    if root.items:
        root.items[0].gap = ""
    docs = _Sequence(root.items, None, None, "", _InText()).docs
    text = laid_out(Group([docs], is_broken=True))
    for number, line in enumerate(text.splitlines(), 1):
        if len(line) > WIDTH:
            raise Unformattable(f"line {number} would have {len(line)} characters: {line.strip()}")
    return text


class _InText:
    """How things follow each other between tags."""

    is_text = True

    def between(self, left: Thing | None, gap: str, right: Thing) -> tuple[Any, str, str]:
        """Return what is between them, and the marks that end the left and begin the right if it
        is a line break.
        """
        if not gap:
            return _unspaced(left, right)
        if _is_word(left) and _is_word(right):
            return Group([Line(" ")]), "", ""
        if "\n" not in gap:
            return Line(" "), "+" if isinstance(left, _STATEMENTS) else "", ""
        if isinstance(left, _STATEMENTS):
            return Break(2), "", ""
        return Break(min(gap.count("\n"), 2)), "", ""


class _InTag:
    """How attributes follow each other."""

    is_text = False

    def between(self, left: Thing | None, gap: str, right: Thing) -> tuple[Any, str, str]:
        """As in text."""
        if not gap:
            return _unspaced(left, right)
        return Line(" "), "+" if isinstance(left, _STATEMENTS) else "", ""


class _InValue:
    """How things follow each other in the value of an attribute."""

    is_text = False

    def __init__(self, attribute: str) -> None:
        self._is_list = attribute in _LISTS
        self._has_commas = attribute == "hx-trigger"

    def between(self, left: Thing | None, gap: str, right: Thing) -> tuple[Any, str, str]:
        """As in text."""
        if left is None:
            return " " if gap else "", "", ""
        if not gap:
            return _unspaced(left, right)
        if self._has_commas and _is_word(left) and left.text.endswith(","):
            return Line(" "), "", ""
        if not self._is_list:
            return Break() if "\n" in gap else " ", "", ""
        if _is_word(left) and _is_word(right):
            return Group([Line(" ")]), "", ""
        return Line(" "), "+" if isinstance(left, _STATEMENTS) else "", ""


class _InRaw:
    """How things follow each other where all whitespace is seen."""

    is_text = False

    def between(self, left: Thing | None, gap: str, right: Thing) -> tuple[Any, str, str]:
        """As in text."""
        return gap, "", ""


def _unspaced(left: Thing | None, right: Thing) -> tuple[Any, str, str]:
    if isinstance(left, _STATEMENTS):
        return Line(), "", ""
    if isinstance(right, _STATEMENTS) or isinstance(right, Expression) and not _is_word(left):
        return Line(), "", "-"
    if isinstance(left, Expression) and not _is_word(right):
        return Line(), "-", ""
    return (Line() if _is_unseen(left, right) else ""), "", ""


def _is_unseen(left: Thing | None, right: Thing) -> bool:
    """Return whether a browser ignores whitespace between two tags."""
    if _is_word(left) or _is_word(right):
        return False
    if isinstance(left, _Edge) or isinstance(right, _Edge):
        return all(one.is_block for one in (left, right) if isinstance(one, _Edge))
    return _is_block(left) and _is_block(right)


def _is_word(thing: Thing | None) -> bool:
    return type(thing) is Thing and not thing.text.startswith("<")


def _is_block(thing: Thing | None) -> bool:
    if isinstance(thing, Element):
        return thing.tag.name in _BLOCKS
    if isinstance(thing, Tag):
        return thing.name in _BLOCKS
    name = re.match(r"<[/!]?([\w:-]+)", thing.text if thing else "")
    return name is not None and (name[1].lower() in _BLOCKS or name[0].startswith("<!"))


class _Edge(Thing):
    """The opening or closing tag of an element, from inside."""

    is_block = False


class _Sequence:
    """The documents of things that follow each other, between what is on their left and right."""

    def __init__(
        self, items: list[Thing], left: Thing | None, right: Thing | None, end_gap: str, place: Any
    ) -> None:
        self.docs: list[Any] = []
        self.closing = self.opening = ""
        self.last: Any = ""
        follow = [*items, *([right] if right else [])]
        gaps = [item.gap for item in items] + ([end_gap] if right else [])
        lines = []
        before = left
        for gap, thing in zip(gaps, follow, strict=True):
            lines.append(place.between(before, gap, thing) if before else ("", "", ""))
            before = thing
        if left and lines:
            self.closing = lines[0][1]
        for number, item in enumerate(items):
            line, _, opening = lines[number]
            closing = lines[number + 1][1] if number + 1 < len(lines) else ""
            if number or left:
                self.docs.append(line)
            self.docs.append(_doc(item, opening, closing, place))
        if right:
            self.last, _, self.opening = lines[-1]


def _braces(opened: str, closed: str, opening: str, closing: str) -> tuple[Any, Any]:
    return (
        Choice(opened + opening, opened) if opening else opened,
        Choice(closing + closed, closed) if closing else closed,
    )


def _doc(thing: Thing, opening: str, closing: str, place: Any) -> Any:
    if isinstance(thing, Comment):
        return _comment(thing, *_braces("{#", "#}", opening, closing))
    if isinstance(thing, Expression):
        opened, closed = _braces("{{", "}}", opening, closing)
        return [opened, inside(thing.tokens, is_statement=False), closed]
    if isinstance(thing, Statement):
        opened, closed = _braces("{%", "%}", opening, closing)
        return [opened, inside(thing.tokens, is_statement=True), closed]
    if isinstance(thing, Block):
        opened, closed = _braces("{%", "%}", opening, closing)
        return [opened, _block(thing, place), closed]
    if isinstance(thing, Quoted):
        inner = _Sequence(thing.items, None, None, "", _InValue(thing.attribute.lower()))
        end = " " if thing.end_gap else ""
        docs = [Indent(inner.docs)] if len(thing.items) > 1 else inner.docs
        return Group([thing.text, *docs, end, thing.text])
    if isinstance(thing, Element):
        return _element(thing)
    if isinstance(thing, Tag):
        return _tag(thing)
    return _lines(thing.text)


def _lines(text: str) -> Any:
    """Return text in which there are line breaks: that of elements such as <textarea>."""
    first, *others = text.split("\n")
    docs: list[Any] = [first]
    for line in others:
        docs += [Break(), line]
    return docs


def _comment(comment: Comment, opened: Any, closed: Any) -> Any:
    lines = comment.text.splitlines()
    if not any(re.search(r"\S {2,}\S", line) for line in lines):
        return [opened, " ", Indent(_prose(comment.text.split(), 0)), " ", closed]
    margin = min(len(line) - len(line.lstrip()) for line in lines[1:] if line)
    docs = _prose(lines[0].split(), 0)
    for line in lines[1:]:  # a table: its lines stay
        line = line.rstrip()[margin:]
        column = len(re.match(r"( *)(\S+ {2,})?", line)[0])  # type: ignore[index]
        docs += [Break(), *_prose(re.split(r"(?<=\S) (?=\S)", line), column)]
    return [opened, " ", Indent(docs), " ", closed]


def _prose(words: list[str], column: int) -> list[Any]:
    """Return words that go on at a column in the next line when a line is full."""
    docs: list[Any] = words[:1]
    for word in words[1:]:
        docs += [Group([Line(" "), Choice(" " * column, "")]), word]
    return docs


def _block(block: Block, place: Any) -> Any:
    docs: list[Any] = []
    opening: Any = None
    is_broken = place.is_text and _is_rich(block)
    statements = [branch.statement for branch in block.branches] + [block.end]
    for branch, following in zip(block.branches, statements[1:], strict=True):
        inner = _Sequence(branch.items, branch.statement, following, branch.end_gap, place)
        opened, closed = _braces("{%", "%}", opening or "", inner.closing)
        docs += [opened] if opening is not None else []
        docs += [inside(branch.statement.tokens, is_statement=True), closed]
        docs += [Indent(inner.docs), inner.last]
        opening = inner.opening
    docs += [_braces("{%", "", opening, "")[0], inside(block.end.tokens, is_statement=True)]
    return Group(docs, is_broken=is_broken)


def _is_rich(block: Block) -> bool:
    """Return whether there are blocks or comments in the block, or it is a macro."""
    return block.branches[0].statement.tokens[0].text == "macro" or any(
        _has_block(branch) for branch in block.branches
    )


def _has_block(holder: Holder) -> bool:
    return any(
        isinstance(item, Block | Comment) or isinstance(item, Element) and _has_block(item)
        for item in holder.items
    )


def _element(element: Element) -> Any:
    name = element.tag.name
    before, after = _Edge(), _Edge(element.text)
    before.is_block = after.is_block = name in _BLOCKS and name != "text" or name == "svg"
    place = _InRaw() if name in RAW else _InText()
    if not element.items:
        return [_tag(element.tag), " " if element.end_gap else "", element.text]
    inner = _Sequence(element.items, before, after, element.end_gap, place)
    close = [inner.last, element.text]
    has_lines = any(isinstance(doc, Line | Break) for doc in inner.docs) and name != "html"
    content = [Indent(inner.docs)] if has_lines else inner.docs
    return [_tag(element.tag), Group([*content, *close])]


def _tag(tag: Tag) -> Any:
    if not tag.items:
        return tag.text + tag.end
    _separate(tag.items)
    inner = _Sequence(tag.items, Thing(tag.text), None, "", _InTag())
    return Group([tag.text, Indent(inner.docs), Line(), tag.end])


def _separate(items: list[Thing]) -> None:
    """See to it that there is space around attributes under conditions, which indentation isn't."""
    for number, item in enumerate(items):
        if isinstance(item, Block):
            for branch in item.branches:
                if branch.items and not item.gap and not branch.items[0].gap:
                    branch.items[0].gap = " "
                _separate(branch.items)
            follows = items[number + 1] if number + 1 < len(items) else None
            if follows and not follows.gap and not isinstance(follows, Block):
                follows.gap = " "


def format_files(formatted: Callable[[str], str], folder: Path, suffix: str) -> int:
    """Format the files of the command line, otherwise those of the folder; with --check say which
    ones are not. Return 1 if some aren't or can't be.
    """
    words = sys.argv[1:]
    failed = False
    for path in [Path(word) for word in words if word != "--check"] or [folder]:
        for file in sorted(path.rglob(f"*{suffix}")) if path.is_dir() else [path]:
            source = file.read_text()
            try:
                text = formatted(source)
            except Unformattable as error:
                print(f"{file}: {error}")
                failed = True
                continue
            if text != source and "--check" in words:
                print(f"{file}: not formatted")
                failed = True
            elif text != source:
                file.write_text(text)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(format_files(formatted, ROOT / "templates", ".html"))
