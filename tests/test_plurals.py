"""Numbers agree with their nouns: “1 ballot”, “2 ballots”.

Sentences use ngettext, the command line uses `counted`.
"""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.wording import messages

pytestmark = pytest.mark.any_database

ROOT = Path(__file__).parent.parent
#: A number, optionally an adjective, and the noun.
NUMBERED = re.compile(r"%\((\w+)\)[sd] (?:(?:more|further|other|new|open) )?([a-z]+)")
#: A number, but not the second of two, and a plural verb.
SEVERAL = re.compile(r"(?<!of )%\((\w+)\)[sd] (are|were|have|do|don’t)\b")
#: Placeholders that hold text, or a share: "3 of 9 have voted".
WORDS = {"name", "options", "places", "whole", "party", "all", "roll", "group"}
#: Placeholders that are never one: our limits, and numbers with a fraction.
NEVER_ONE = {"most", "most_files", "least", "long", "fewest", "fraction"}
#: Words that follow a number in some sentence but aren't nouns.
VERBS = {"answers", "as", "has", "holds", "is", "needs", "was", "waits", "wants"}
#: Files in which a number before a plural is never one, and why.
FINE = {
    "webapp/voting/secret/checks.py": "no file is published of fewer than five ballots",
    "webapp/voting/secret/validation.py": "the number is a limit of ours",
}


def modules_with(text: str) -> Iterator[Path]:
    """Yield the modules whose source contains this: most needn't be parsed."""
    return (path for path in (ROOT / "webapp").rglob("*.py") if text in path.read_text())


@cache
def tree_of(path: Path) -> ast.Module:
    """Return the module, parsed once."""
    return ast.parse(path.read_text())


@cache
def nouns() -> frozenset[str]:
    """Return all nouns that are counted somewhere, in the plural."""
    plurals = (message.forms[1] for message in messages() if len(message.forms) > 1)
    found = {word for text in plurals for _name, word in NUMBERED.findall(text)}
    return frozenset(word for word in found if word.endswith("s") or word == "people") - VERBS


def uncounted(words: str) -> list[str]:
    """Return the nouns and verbs of a sentence that are plural whatever number precedes them."""
    found = [*NUMBERED.findall(words)]
    verbs = [word for name, word in SEVERAL.findall(words) if name not in WORDS | NEVER_ONE]
    return [word for name, word in found if word in nouns() and name not in NEVER_ONE] + verbs


def counted_by_hand(tree: ast.AST) -> Iterator[str]:
    """Yield the f-strings in which a whole number may precede a plural."""
    for node in ast.walk(tree):
        parts = node.values if isinstance(node, ast.JoinedStr) else []
        for value, after in zip(parts, parts[1:], strict=False):
            if (
                isinstance(value, ast.FormattedValue)
                and value.format_spec is None
                and isinstance(after, ast.Constant)
            ):
                word = re.match(r" ([a-z]+)", str(after.value))
                if word and word[1] in nouns() | {"letters", "rows", "tables", "jobs"}:
                    yield f"{ast.unparse(value.value)} {word[1]}"


def test_sentences_with_a_number_have_a_singular():
    assert [
        (it.path, it.line, it.forms[0])
        for it in messages()
        if len(it.forms) == 1 and uncounted(it.forms[0])
    ] == []


def test_hand_made_strings_with_a_number_have_a_singular():
    paths = {path.relative_to(ROOT).as_posix(): path for path in modules_with("} ")}
    wrong = {name for name, path in paths.items() if list(counted_by_hand(tree_of(path)))}
    assert wrong == set(FINE)


def test_control_a_plural_without_a_singular_is_found():
    assert {"ballots", "people", "seats", "votes"} <= nouns()
    assert uncounted("Chosen by %(n)s of the %(all)s ballots.") == ["ballots"]
    assert uncounted("%(name)s has %(most)s seats at most") == []
    assert uncounted("%(left)s are left for now") == ["are"]
    assert uncounted("%(voted)s of %(all)s have voted") == []
    assert list(counted_by_hand(ast.parse('f"{len(rows)} ballots came"'))) == ["len(rows) ballots"]
