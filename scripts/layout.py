"""Lay out text so that no line is longer than it may be: what fits stays on one line, what doesn't
is broken at all its `Line`s, the outermost `Group` first.

After Philip Wadler, A prettier printer (2003).
"""

from dataclasses import dataclass
from typing import Any

WIDTH = 100
INDENT = "    "


@dataclass(eq=False)
class Group:
    """Documents that are on one line, if they fit."""

    docs: list[Any]
    is_broken: bool = False


@dataclass(eq=False)
class Indent:
    """Documents whose lines begin one step further right."""

    docs: list[Any]


@dataclass(eq=False)
class Line:
    """A line break, or what is written instead if the group is on one line."""

    flat: Any = ""


@dataclass(eq=False)
class Break:
    """Line breaks that are always there, so that the group is broken."""

    count: int = 1


@dataclass(eq=False)
class Choice:
    """What is written if a group, usually the one around it, is broken, and what if it isn't."""

    broken: Any
    flat: Any
    of: Group | None = None


def break_around(doc: Any) -> bool:
    """Break each group that contains a broken one; return whether `doc` does."""
    if isinstance(doc, str | Line | Choice | Break):
        return isinstance(doc, Break)
    docs = doc if isinstance(doc, list) else doc.docs
    is_broken = any(list(map(break_around, docs)))
    if isinstance(doc, Group):
        doc.is_broken = is_broken = is_broken or doc.is_broken
    return is_broken


def laid_out(doc: Any, width: int = WIDTH) -> str:
    """Return the text of a document."""
    break_around(doc)
    written: list[str] = []
    column = 0
    broken: dict[int, bool] = {}
    waiting: list[tuple[int, bool, Any]] = [(0, True, doc)]
    while waiting:
        level, breaks, part = waiting.pop()
        if isinstance(part, str):
            written.append(part)
            column += len(part)
        elif isinstance(part, Break) or isinstance(part, Line) and breaks:
            count = part.count if isinstance(part, Break) else 1
            written.append("\n" * count + INDENT * level)
            column = len(INDENT) * level
        elif isinstance(part, Group):
            left = width - column
            breaks = part.is_broken or not _fits((level, False, part), waiting, left, broken)
            broken[id(part)] = breaks
            waiting += [(level, breaks, inner) for inner in reversed(part.docs)]
        else:
            waiting += _parts(level, breaks, part, broken)
    lines = "".join(written).split("\n")
    return "\n".join(line.rstrip() for line in lines).strip("\n") + "\n"


def _parts(level: int, breaks: bool, part: Any, broken: dict[int, bool]) -> Any:
    if isinstance(part, Line):
        return [(level, breaks, part.flat)]
    if isinstance(part, Choice):
        is_broken = breaks if part.of is None else broken.get(id(part.of), False)
        return [(level, breaks, part.broken if is_broken else part.flat)]
    if isinstance(part, Indent):
        return [(level + 1, breaks, inner) for inner in reversed(part.docs)]
    return [(level, breaks, inner) for inner in reversed(part)]


def _fits(first: Any, after: list[Any], left: int, broken: dict[int, bool]) -> bool:
    waiting, rest = [first], len(after)
    while left >= 0:
        if not waiting:
            if not rest:
                return True
            rest -= 1
            waiting.append(after[rest])
        level, breaks, part = waiting.pop()
        if isinstance(part, str):
            left -= len(part)
        elif isinstance(part, Break) or isinstance(part, Line) and breaks:
            return True
        elif isinstance(part, Group):
            breaks = part.is_broken or breaks
            waiting += [(level, breaks, inner) for inner in reversed(part.docs)]
        else:
            waiting += _parts(level, breaks, part, broken)
    return False
