"""The branches in templates of forms. Each produces a different form, which the walk must also see.

This includes the case without a field that the other case has.
"""

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from jinja2.ext import Extension

from .reading import TEMPLATES

#: The function that a template calls when it renders a branch.
CALL = "comes_to"
_TAGS = re.compile(
    r"(?P<form></?form\b)|"
    r"\{%-?\s*(?P<word>if|elif|else|endif|for|endfor|include)\b(?P<more>.*?)\s*-?%\}",
    re.S,
)
#: What creates a field or a button, or says how it is sent.
_FIELD = re.compile(
    r"<(input|button|select|textarea|option)\b|\b(field|seg|choice|check|pick|once|look|words)\("
    r"|\b(form|hx)[.-]|\binclude\b|disabled"
)
#: What only a form with errors contains.
_REFUSED = re.compile(r"\berrors?\b|takes_focus|is_wrong")


class BranchMarks(Extension):
    """Make each branch within a form report that it is rendered, through the global `comes_to`."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """Return the template's source with a call in each of these branches."""
        return with_calls(source, name or "")


class Branch(NamedTuple):
    """The position and the name of a branch. `is_empty`: the template has no tag for it."""

    place: int
    name: str
    is_empty: bool = False


@cache
def of_forms() -> frozenset[str]:
    """Return the names of all branches within forms, including those of included templates."""
    return frozenset(
        branch.name
        for name in _names()
        for branch in _branches(_source(name), name, name in _parts())
    )


def with_calls(source: str, name: str) -> str:
    """Return the template's source, with a call in each branch within a form."""
    pieces, last = [], 0
    for branch in _branches(source, name, name in _parts()):
        pieces.append(source[last : branch.place])
        pieces.append("{% else %}" if branch.is_empty else "")
        pieces.append(f"{{{{ {CALL}({json.dumps(branch.name)}) }}}}")
        last = branch.place
    return "".join([*pieces, source[last:]])


def _branches(source: str, name: str, is_part: bool) -> Iterator[Branch]:
    return iter(sorted(_unsorted(source, name, is_part)))


def _unsorted(source: str, name: str, is_part: bool) -> Iterator[Branch]:
    """Yield the branches. Those of an `if` or `for` are known only at its end, which may come after
    the end of an inner one.
    """
    open_ones: list[list[Branch]] = []
    for tag, depth in _tags(source, is_part):
        word, condition = tag["word"], " ".join((tag["more"] or "").split())
        if word in ("if", "for"):
            open_ones.append([Branch(tag.end(), f"{name}: {word} {condition}")])
        elif word == "elif":
            open_ones[-1].append(Branch(tag.end(), f"{name}: {word} {condition}"))
        elif word == "else":
            open_ones[-1].append(Branch(tag.end(), open_ones[-1][0].name + ", else"))
        elif word in ("endif", "endfor"):
            group = open_ones.pop()
            is_refusal = any(_REFUSED.search(one.name) for one in group)
            has_field = _FIELD.search(source, group[0].place, tag.start())
            if depth and has_field and not is_refusal:
                yield from group
                if not group[-1].name.endswith(", else") and word == "endif":
                    yield Branch(tag.start(), group[0].name + ", else", is_empty=True)


def _tags(source: str, is_part: bool) -> Iterator[tuple[re.Match[str], int]]:
    """Yield the tags of a template, each with the number of forms around it."""
    depth = int(is_part)
    for tag in _TAGS.finditer(source):
        if tag["form"]:
            depth += -1 if tag["form"].startswith("</") else 1
        else:
            yield tag, depth


@cache
def _parts() -> frozenset[str]:
    """Return the templates that forms include, directly or indirectly."""
    found: set[str] = set()
    waiting = [part for name in _names() for part in _included(name, is_part=False)]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += _included(name, is_part=True)
    return frozenset(found)


def _included(name: str, is_part: bool) -> Iterator[str]:
    for tag, depth in _tags(_source(name), is_part):
        if depth and tag["word"] == "include":
            [said, *_more] = re.findall(r'"([^"]+)"', tag["more"])
            yield from (one for one in _names() if one.startswith(said))


@cache
def _names() -> tuple[str, ...]:
    return tuple(
        path.relative_to(TEMPLATES).as_posix() for path in sorted(TEMPLATES.rglob("*.html"))
    )


def _source(name: str) -> str:
    return (TEMPLATES / name).read_text()
