"""What people read goes through gettext: in templates, and in the sentences that routes and
rules say.
"""

import ast
import re
from pathlib import Path

import pytest

from scripts.check_templates import CODE, COMMENT

pytestmark = pytest.mark.any_database

ROOT = Path(__file__).parent.parent
#: What stands between tags or in a spoken attribute without being words of a language.
NAMES = {"Folkmoot", "x", "text", "html"}
SAYING = {"UserError", "Conflict", "flash", "ValidationError"}
UNREAD = re.compile(r"<(style|script)\b.*?</\1>|<!--.*?-->|<!doctype[^>]*>", re.S | re.I)
SPOKEN = re.compile(r"\s(?:aria-label|title|alt|placeholder|aria-description)=\"([^\"]*)\"")
ATTRIBUTE = re.compile(r"[\w:-]+=\"[^\"]*\"")
TAG = re.compile(r"<(?:\"[^\"]*\"|'[^']*'|[^'\">])*>", re.S)
TEMPLATES = sorted(
    path for path in (ROOT / "templates").rglob("*") if path.suffix in {".html", ".txt"}
)


def bare_words(source: str) -> set[str]:
    """The words of a template that no gettext has seen."""
    bare = UNREAD.sub(" ", CODE.sub(" ", COMMENT.sub(" ", source)))
    spoken = " ".join(SPOKEN.findall(bare))
    text = re.sub(r"&#?\w+;", " ", ATTRIBUTE.sub(" ", TAG.sub(" ", bare)) + " " + spoken)
    return set(re.findall(r"[^\W\d_]+", text)) - NAMES


def test_templates_hold_no_words_that_skip_gettext():
    found = {path.relative_to(ROOT).as_posix(): bare_words(path.read_text()) for path in TEMPLATES}
    assert {path: words for path, words in found.items() if words} == {}


def test_bare_words_are_found():
    assert bare_words('<p title="Oh">No {{ _("yes") }}</p>') == {"Oh", "No"}


def test_sentences_for_people_go_through_gettext():
    wrong = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in sorted((ROOT / "webapp").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in SAYING and node.args
        if isinstance(node.args[0], ast.Constant | ast.JoinedStr)
    ]
    assert not wrong
