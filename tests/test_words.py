"""Text for people goes through gettext, in the words of docs/glossary.md: in templates, emails, and
the messages of routes and rules.
"""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from scripts.check_templates import CODE, COMMENT
from tests.wording import AVOIDED, OTHER_NAMES, glossary_expressions, messages, names_in, replaced

pytestmark = pytest.mark.any_database

ROOT = Path(__file__).parent.parent
#: Text between tags, or in a spoken attribute, that isn't in any language.
NAMES = {"Folkmoot", "x", "text", "html"}
SAYING = {"UserError", "Conflict", "flash", "ValidationError"}
UNREAD = re.compile(r"<(style|script)\b.*?</\1>|<!--.*?-->|<!doctype[^>]*>", re.S | re.I)
SPOKEN = re.compile(r"\s(?:aria-label|title|alt|placeholder|aria-description)=\"([^\"]*)\"")
ATTRIBUTE = re.compile(r"[\w:-]+=\"[^\"]*\"")
TAG = re.compile(r"<(?:\"[^\"]*\"|'[^']*'|[^'\">])*>", re.S)
TEMPLATES = sorted(
    path for path in (ROOT / "templates").rglob("*") if path.suffix in {".html", ".txt"}
)
#: What the interface avoids besides, by what it says instead. A placeholder becomes a 9.
UNPLAIN = {
    "people": (r"nobody else", r"who (?:comes|goes)", r"those who are going"),
    "shown or listed": (r"stands?(?! by)", r"stood"),
    "approve": (r"sa(?:y|ys|id) yes", r"lets? (?:\w+ )?in"),
    "delete, remove, cancel, save, create or edit": (
        *(r"settl(?:e|es|ed|ing)", r"mend(?:s|ed|ing)?", r"t(?:ake|akes|aken|ook) (?:\w+ )?away"),
        *(r"call(?:s|ed|ing)? (?:\w+ )?off", r"let(?:s|ting)? (?:\w+ )?go"),
    ),
    "email": (
        r"(?<!capital )(?<!lowercase )(?<!small )(?<!random )letters?(?! a to z|,| and digits)",
        *(r"(?<!/)mails?(?! server)", r"e-mails?"),
    ),
    "waiting list": (r"queues?", r"in line", r"(?:back|front|end) of the line"),
    "seat": (
        r"9 places",
        r"(?:free|more|fewer|further) places?",
        r"places? (?:is|are|left|free|taken)",
    ),
    "plus-one": (r"companions?", r"part(?:y|ies)"),
    "voters, or who can vote": (r"(?<!electoral )rolls?",),
    "vote": (
        r"polls?",
        r"(?:put|open|close|start|end) (?:the|a) question",
        r"questions? (?:opens?|closes?|ends?)",
    ),
    "outcome": (r"what follows",),
    "feed": (r"sources?",),
    "link": (r"(?:web|page) address", r"(?:visit|at) (?:this|the) address"),
    "ended": (r"under ?way", r"(?:event|vote|session|it) (?:is|was) over", r"are over"),
    "upload": (r"bring (?:a|the|your) (?:file|picture)s?",),
    "plain words": (r"in vain", r"unanswered", r"by the clocks of", r"if (?:one|they) likes?"),
    "a contraction": (
        r"(?:do|does|did|is|are|was|were|could|should|would|has|have|had|will) not",
        r"cannot",
        r"(?-i:(?:You|We|They) (?:are|will)|It is|That is|There is(?! 9))",
    ),
}
#: Where such a word has another meaning, and which.
OTHERWISE = {
    ("templates/queue/", "waiting list"): "the queue of jobs, for admins",
    ("templates/voting/help/kind.html", "feed"): "the paper that describes a voting method",
    ("webapp/ops/retention/", "a contraction"): "the law’s text: what is kept, how long and why",
}
#: Where sentences may be long: explanations of counting, legal text, and help pages.
EXPLAINING = re.compile(
    r"webapp/(?:ops/retention|voting/planning/guides_)|templates/(?:privacy|\w+/help)/"
)
LONGEST_SENTENCE = 20
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")
NAMED = re.compile(r"<(button|a)\b[^>]*?aria-label=\"(\{\{.*?\}\})\"[^>]*>(.*?)</\1>", re.S)
GETTEXT = re.compile(r"\b_\(\s*([\"'])(.*?)\1", re.S)
#: Punctuation errors: a space before a percent sign, and a straight apostrophe.
SIGNS = re.compile(r"\s%|[^\W\d_]'[^\W\d_]")


def unplain(text: str, path: str = "") -> list[str]:
    """Return what is wrong with the wording of a string, each as “found: say this”."""
    text = PLACEHOLDER.sub("9", text)
    found = [f"{sign[0]}: a sign in the wrong place" for sign in SIGNS.finditer(text)]
    for words in avoided().finditer(text):
        plain = [*UNPLAIN, "see docs/glossary.md"][int(str(words.lastgroup)[1:])]
        if not any(path.startswith(where) and plain == key for where, key in OTHERWISE):
            found.append(f"{words[0]}: {plain}")
    return found


@cache
def avoided() -> re.Pattern[str]:
    """All words to avoid. Group n0 has those of the first entry of UNPLAIN, and so on; the last has
    those of the glossary.
    """
    kinds = [*UNPLAIN.values(), (*glossary_expressions(), *AVOIDED)]
    groups = [f"(?P<n{number}>{'|'.join(words)})" for number, words in enumerate(kinds)]
    return re.compile(rf"\b(?:{'|'.join(groups)})\b", re.I)


def spoken_and_shown(source: str) -> Iterator[tuple[str, str]]:
    """Yield the aria-label and the text of each button and link of a template that has both."""
    for _tag, named, inner in NAMED.findall(source):
        said = GETTEXT.search(named)
        shown = " ".join(text for _quote, text in GETTEXT.findall(TAG.sub("", inner)))
        if said and shown:
            yield PLACEHOLDER.sub("9", said[2]), PLACEHOLDER.sub("9", shown)


def bare_words(source: str) -> set[str]:
    """Return a template's words that don't go through gettext."""
    bare = UNREAD.sub(" ", CODE.sub(" ", COMMENT.sub(" ", source)))
    spoken = " ".join(SPOKEN.findall(bare))
    text = re.sub(r"&#?\w+;", " ", ATTRIBUTE.sub(" ", TAG.sub(" ", bare)) + " " + spoken)
    return set(re.findall(r"[^\W\d_]+", text)) - NAMES


def test_templates_contain_no_untranslated_text():
    found = {path.relative_to(ROOT).as_posix(): bare_words(path.read_text()) for path in TEMPLATES}
    assert {path: words for path, words in found.items() if words} == {}


def test_untranslated_text_in_templates_is_found():
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


def test_strings_use_the_words_of_the_glossary():
    assert len(messages()) > 5000
    wrong = [
        f"{message.path}:{message.line}: {problem}"
        for message in messages()
        for form in message.forms
        for problem in unplain(form, message.path)
    ]
    assert not wrong


def test_sentences_have_at_most_twenty_words():
    wrong = [
        f"{message.path}:{message.line}: {sentence}"
        for message in messages()
        if not EXPLAINING.match(message.path)
        for form in message.forms
        for sentence in re.split(r"[.?!:;]\s", form)
        if len(re.findall(r"[\w’-]+", PLACEHOLDER.sub("9", sentence))) > LONGEST_SENTENCE
    ]
    assert not wrong


def test_accessible_names_contain_the_visible_text():
    """People who control a page by voice say what they see. If a name must say more, it's a hidden
    part of the text: `<span class="sr">`.
    """
    differing = {
        f"{path.relative_to(ROOT)}: {named} / {shown}"
        for path in TEMPLATES
        for named, shown in spoken_and_shown(path.read_text())
        if shown.lower() not in named.lower()
    }
    assert not differing


def test_control_a_differing_accessible_name_is_found():
    button = """<button aria-label="{{ _(
        'Join the %(group)s', group=name) }}">{{ icon("plus") }}{{ _("Join group") }}</button>"""
    assert list(spoken_and_shown(button)) == [("Join the 9", "Join group")]


def test_every_exception_to_the_glossary_is_still_used():
    used = {
        (where, plain)
        for where, plain in OTHERWISE
        for message in messages()
        if message.path.startswith(where)
        if any(problem.endswith(f": {plain}") for problem in unplain(" ".join(message.forms)))
    }
    assert used == set(OTHERWISE)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Whoever answers first", "Whoever"),
        ("It stands here once", "stands"),
        ("You are in the queue", "queue"),
        ("%(num)s places are free", "9 places"),
        ("The hosts let you in", "let you in"),
        ("Look into your mail", "mail"),
        ("17 ballots, 34 %%", " %"),
        ("You don't have permission", "n't"),
        ("This ballot was not counted", "was not"),
    ],
)
def test_control_words_the_glossary_avoids_are_found(text, found):
    assert any(found in problem for problem in unplain(text))


def test_control_avoided_words_with_another_meaning_pass():
    for text in (
        "A capital letter, and a digit",
        "Two places on a map",
        "The event takes place in %(place)s",
        "The mail server rejected it",
        "Stand by what you post",
        "28 letters and digits",
        "%(share)s%% of all",
    ):
        assert unplain(text) == []


def python_files() -> list[Path]:
    """Return our modules, including tests and scripts."""
    folders = ("webapp", "tests", "bench", "scripts")
    found = (path for folder in folders for path in (ROOT / folder).rglob("*.py"))
    return sorted(path for path in found if "vendor" not in path.parts)


def test_names_in_code_are_plain_words():
    known, wrong = set(), []
    for path in python_files():
        for line, name in [(1, path.stem), *names_in(path.read_text())]:
            known.add(name)
            if not name.startswith("test_"):
                where = f"{path.relative_to(ROOT)}:{line}: {name}"
                wrong += [f"{where}: {instead}" for instead in replaced(name)]
    assert not wrong
    assert known.issuperset(OTHER_NAMES)


@pytest.mark.parametrize(
    ("source", "instead"),
    [
        ("def take_back(): ...", "delete, withdraw or undo"),
        ("class WelcomeLetter: ...", "email"),
        ("class Row:\n    told: int", "notified"),
        ("def at(door): ...", "check_in"),
        ("row.is_told = 1", "notified"),
    ],
)
def test_control_names_in_other_words_are_found(source, instead):
    assert [found for _line, name in names_in(source) for found in replaced(name)] == [instead]
