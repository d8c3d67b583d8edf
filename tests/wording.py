"""All messages of the interface and its emails, and the words that they avoid."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
LITERAL = r"(?:\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*')"
#: One string, perhaps in several pieces on separate lines.
PIECES = rf"{LITERAL}(?:\s*{LITERAL})*"
CALL = re.compile(rf"(?<![\w.])(_|_l|ngettext|lazy_ngettext)\(\s*({PIECES})(?:\s*,\s*({PIECES}))?")
#: Foreign-sounding or old words, besides those of the glossary.
AVOIDED = (
    *("whoever", "whomever", "somebody", "everybody", "anew", "nought", "shall"),
    *("thereby", "whereupon", "to be had", "e-mail", "mend(?:ed)?", "call(?:ed)? off"),
    *(
        "look(?:s|ed)? after",
        "lets? (?:them )?go",
        "stands? (?:here|in|on|under|there|below|above)",
    ),
)

#: Words that no function, class, module, field or argument may be named by -> replacement.
REPLACED = {
    r"mails?|mailed|letters?": "email",
    r"doors?": "check_in",
    r"told|telling": "notified",
    r"stands|standing|facing": "status, or is_current",
    r"waits|who_waits": "is_waiting",
    r"lacks": "has_no, or missing",
    r"take_back|taken_back": "delete, withdraw or undo",
    r"way_in": "join_policy",
    r"who_comes": "attendees",
    r"asks_which": "ambiguous_times",
    r"shel(f|ves)|desks?": "the thing itself",
    r"arrivals": "check_in, or admin_alerts",
}
#: Names with another meaning: letters of the alphabet, the queue of undeliverable emails, and names
#: that others chose.
OTHER_NAMES = {
    *("letter", "letter_of", "letters", "_letters", "dead_letters", "list_dead_letters"),
    *("mail", "mail_port"),
}


class Message(NamedTuple):
    """A string for gettext; `forms`: the one, or the singular and plural."""

    path: str
    line: int
    forms: tuple[str, ...]


@cache
def messages() -> list[Message]:
    """Return all strings for gettext, in templates and modules."""
    found = []
    paths = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "webapp").rglob("*.py")]
    for path in sorted(paths):
        source, where = path.read_text(), path.relative_to(ROOT).as_posix()
        for call in CALL.finditer(source):
            pieces = call.groups()[1:] if "ngettext" in call[1] else (call[2],)
            forms = tuple(ast.literal_eval(f"({piece})") for piece in pieces if piece)
            found.append(Message(where, source.count("\n", 0, call.start()) + 1, forms))
    return found


def names_in(source: str) -> Iterator[tuple[int, str]]:
    """Yield the functions, classes, fields and arguments that a module names, with their lines."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.lineno, node.name
        if isinstance(node, ast.arg):
            yield node.lineno, node.arg
        if isinstance(node, ast.ClassDef):
            for field in node.body:
                targets = getattr(field, "targets", [getattr(field, "target", None)])
                yield from ((one.lineno, one.id) for one in targets if isinstance(one, ast.Name))
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.attr


@cache
def replaced(name: str) -> list[str]:
    """Return replacements for words of a name, which are separated by underscores."""
    parts = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
    return [
        instead
        for words, instead in REPLACED.items()
        if name not in OTHER_NAMES and re.search(rf"(?:^|_)(?:{words})(?:$|_)", parts)
    ]


def glossary_expressions() -> list[str]:
    """Return what the glossary prints `like this` in its column of words to avoid."""
    rows = re.findall(r"^\|.*\|(.*)\|$", (ROOT / "docs" / "glossary.md").read_text(), re.M)
    return [word for row in rows for word in re.findall(r"`([^`]+)`", row)]
