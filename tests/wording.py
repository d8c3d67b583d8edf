"""Every sentence of the interface and of its emails, and the words that none of them has."""

import ast
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
LITERAL = r"(?:\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*')"
#: One string, perhaps in several pieces on lines of their own.
PIECES = rf"{LITERAL}(?:\s*{LITERAL})*"
CALL = re.compile(rf"(?<![\w.])(_|_l|ngettext|lazy_ngettext)\(\s*({PIECES})(?:\s*,\s*({PIECES}))?")
#: Words that sound foreign or old, besides those of the glossary.
AVOIDED = (
    *("whoever", "whomever", "somebody", "everybody", "anew", "nought", "shall"),
    *("thereby", "whereupon", "to be had", "e-mail", "mend(?:ed)?", "call(?:ed)? off"),
    *(
        "look(?:s|ed)? after",
        "lets? (?:them )?go",
        "stands? (?:here|in|on|under|there|below|above)",
    ),
)


class Message(NamedTuple):
    """A string for gettext; `forms`: the one, or those for one and for several."""

    path: str
    line: int
    forms: tuple[str, ...]


@cache
def messages() -> list[Message]:
    """All strings that gettext sees, in templates and modules."""
    found = []
    paths = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "webapp").rglob("*.py")]
    for path in sorted(paths):
        source, where = path.read_text(), path.relative_to(ROOT).as_posix()
        for call in CALL.finditer(source):
            pieces = call.groups()[1:] if "ngettext" in call[1] else (call[2],)
            forms = tuple(ast.literal_eval(f"({piece})") for piece in pieces if piece)
            found.append(Message(where, source.count("\n", 0, call.start()) + 1, forms))
    return found


def glossary_expressions() -> list[str]:
    """What the glossary prints `like this` in its column of words to avoid."""
    rows = re.findall(r"^\|.*\|(.*)\|$", (ROOT / "docs" / "glossary.md").read_text(), re.M)
    return [word for row in rows for word in re.findall(r"`([^`]+)`", row)]
