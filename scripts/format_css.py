"""Format style sheets: one declaration a line, at most 100 characters, a blank line around each
rule that has more than one line.

    python scripts/format_css.py [--check] [file or folder …]
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from scripts.format_templates import format_files  # noqa: E402
from scripts.layout import INDENT, WIDTH, Break, Choice, Group, Indent, Line, laid_out  # noqa: E402

_TOKEN = re.compile(r"/\*.*?\*/|\"[^\"]*\"|'[^']*'|url\([^)]*\)|\s+|[{};]|[^\s{};\"'/]+|/", re.S)
_WORD = re.compile(r"(?:\"[^\"]*\"|'[^']*'|url\([^)]*\)|[^\s\"'])+")


def formatted(source: str) -> str:
    """Return the style sheet, formatted."""
    return laid_out(Group(_items(iter(_TOKEN.findall(source)), WIDTH)))


def _items(tokens: Iterator[str], width: int) -> list[Any]:
    """Return the documents of rules, declarations and comments, to the end of their block."""
    docs: list[Any] = []
    text, spaced, before = "", "", ""
    for token in tokens:
        if token.isspace() and not text:
            spaced += token
            continue
        if token not in ("{", ";", "}") and (text or not token.startswith("/*")):
            text += token
            continue
        if text or token not in (";", "}"):
            doc, kind = _item(text, token, tokens, width)
            docs += [_gap(before, kind, spaced), doc] if docs else [doc]
            before, text, spaced = kind, "", ""
        if token == "}":
            break
    return docs


def _item(text: str, token: str, tokens: Iterator[str], width: int) -> tuple[Any, str]:
    if token == "{":
        return _rule(_selector(text), _items(tokens, width - len(INDENT)), width)
    if token.startswith("/*"):
        return Indent(_filled(token.split())), "comment"
    return [_declaration(text), ";"], "declaration"


def _gap(before: str, after: str, spaced: str) -> Break:
    """Return the line breaks between two things."""
    is_blank = before == "rule" or after == "rule" and before != "comment"
    return Break(2 if is_blank or spaced.count("\n") > 1 else 1)


def _rule(selector: Any, items: list[Any], width: int) -> tuple[Any, str]:
    """Return a rule, and "line" if it is on one line, as one with one declaration may be."""
    if len(items) == 1 and isinstance(items[0], list) and items[0][-1] == ";":
        declaration = [items[0][0], Choice(";", "")]
        rule = Group([selector, " {", Indent([Line(" "), declaration]), Line(" "), "}"])
        return rule, "rule" if "\n" in laid_out(rule, width).strip() else "line"
    return [selector, " {", Indent([Break(), *items]), Break(), "}"], "rule"


def _selector(text: str) -> Any:
    docs: list[Any] = []
    depth = 0
    for word in text.split():
        docs.append(word)
        depth += word.count("(") - word.count(")")
        docs.append(Line(" ") if word.endswith(",") and not depth else Group([Line(" ")]))
    return Group(docs[:-1])


def _declaration(text: str) -> Any:
    name, colon, value = text.partition(":")
    if not colon or text.startswith("@"):
        return " ".join(text.split())
    return Group([name.strip(), ": ", Indent(_filled(_WORD.findall(value)))])


def _filled(words: list[str]) -> list[Any]:
    docs: list[Any] = words[:1]
    for word in words[1:]:
        docs += [Group([Line(" ")]), word]
    return docs


if __name__ == "__main__":
    sys.exit(format_files(formatted, ROOT / "static" / "css", ".css"))
