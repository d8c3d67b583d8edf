"""Documents are correct: generated ones are up to date, and names, links and commands exist."""

import re
import subprocess
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

from scripts import routes
from tests.wording import AVOIDED, glossary_expressions

pytestmark = pytest.mark.any_database

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
DECISIONS = sorted((DOCS / "decisions").glob("*.md"))
#: Written by people; others are generated from docstrings and measurements.
WRITTEN = [
    *ROOT.glob("*.md"),
    *(path for path in DOCS.glob("*.md") if path.name not in {"routes.md", "faults.md", "deep.md"}),
    *DECISIONS,
    ROOT / "bench" / "README.md",
]
#: For developers: names in code type are paths, modules or members of modules.
NAMING = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    *(DOCS / f"{name}.md" for name in ("architecture", "adding", "configuration", "glossary")),
]
NOT_IN_THE_REPOSITORY = {"instance/"}
PACKAGES = {path.name for path in (ROOT / "webapp").iterdir() if path.is_dir()}


def texts(paths: list[Path]) -> list[tuple[str, str]]:
    return [(path.relative_to(ROOT).as_posix(), path.read_text()) for path in paths]


def test_the_list_of_routes_is_up_to_date(app):
    assert routes.TARGET.read_text() == routes.text(app), "python scripts/routes.py writes it"


def test_decisions_are_numbered_without_gaps():
    numbers = [int(path.name[:4]) for path in DECISIONS]

    assert numbers == list(range(1, len(numbers) + 1))
    assert all(
        path.read_text().startswith(f"# {number}. ")
        for number, path in zip(numbers, DECISIONS, strict=True)
    )


def test_decisions_have_a_context_a_decision_and_consequences():
    wanted = ["Context", "Decision", "Consequences"]
    found = {page.name: re.findall(r"^## (.*)$", page.read_text(), re.M) for page in DECISIONS}

    assert {name: parts for name, parts in found.items() if parts != wanted} == {}


def test_files_named_in_guides_and_decisions_exist():
    path = re.compile(r"`((?:webapp|tests|deploy|scripts|static|templates)/[\w./-]+)`")
    named = [(where, name) for where, text in texts(WRITTEN) for name in path.findall(text)]

    assert len(named) > 50
    assert [(where, name) for where, name in named if not (ROOT / name).exists()] == []


def test_paths_and_members_named_in_documents_exist():
    missing = [
        f"{where}: {name}"
        for where, text in texts(NAMING)
        for name in re.findall(r"`@?([\w./-]+)(?:\([^`]*\))?`", text)
        if not exists(name)
    ]
    assert not missing


def test_a_name_that_does_not_exist_is_found():
    assert exists("attendance.rsvps.answer")
    assert exists("tests/conftest.py")
    assert not exists("attendance.rsvps.answered")
    assert not exists("tests/conftests.py")


def exists(name: str) -> bool:
    """Whether a path, or a dotted name below webapp, exists. Other words always do."""
    if name in NOT_IN_THE_REPOSITORY:
        return True
    if "/" in name and not name.startswith("/"):
        return any((folder / name).exists() for folder in (ROOT, ROOT / "webapp"))
    first, *others = name.split(".")
    return first not in PACKAGES or not others or is_member(f"webapp.{name}")


@cache
def is_member(name: str) -> bool:
    """Whether it's a module or a member of one."""
    try:
        import_module(name)
    except ModuleNotFoundError:
        holder, _dot, member = name.rpartition(".")
        return bool(holder) and is_member(holder) and hasattr(import_module(holder), member)
    return True


def test_links_in_documents_work():
    broken = []
    for path in [*WRITTEN, DOCS / "routes.md"]:
        for link in re.findall(r"\]\(([^)\s]+)\)", path.read_text()):
            target, _hash, heading = link.partition("#")
            page = (path.parent / target).resolve() if target else path
            if "://" in link or page.exists() and (not heading or heading in headings(page)):
                continue
            broken.append(f"{path.relative_to(ROOT)}: {link}")
    assert not broken


@cache
def headings(page: Path) -> set[str]:
    """Return the anchors that forges create for a page's headings."""
    found = re.findall(r"^#+ (.*)$", page.read_text(), re.M)
    return {re.sub(r"[^\w -]", "", words.lower()).strip().replace(" ", "-") for words in found}


def test_make_commands_named_in_documents_exist():
    known = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.M))
    named = {
        (where, word)
        for where, text in texts(WRITTEN)
        for word in re.findall(r"(?:^    |`)make ([a-z]+)", text, re.M)
    }
    assert {word for _where, word in named} >= {"run", "test"}
    assert [(where, word) for where, word in named if word not in known] == []


def test_documents_use_the_words_of_the_glossary():
    words = glossary_expressions()
    assert "say that I come" in words
    wrong = re.compile(rf"\b(?:{'|'.join([*words, *AVOIDED])})\b", re.I)
    used = [
        f"{where}: {word}"
        for where, text in texts(WRITTEN)
        for word in wrong.findall(re.sub(r"`[^`]*`|\]\([^)]*\)", "", text))
    ]
    assert not used


def test_architecture_lists_every_folder_and_every_part_of_the_core():
    text = (DOCS / "architecture.md").read_text()
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    tracked = [Path(path).parent.parts for path in listed if not path.startswith(".")]
    folders = {parts[0] for parts in tracked if parts} | {
        f"webapp/{parts[1]}" for parts in tracked if parts[:1] == ("webapp",) and len(parts) > 1
    }
    core = {
        path.stem for path in (ROOT / "webapp" / "core").iterdir() if not path.name.startswith("_")
    }

    assert folders - {"webapp"} - set(re.findall(r"^    ([\w/]+)/ ", text, re.M)) == set()
    assert core - set(re.findall(r"`core\.(\w+)", text)) == set()


def test_introductory_documents_are_short():
    lengths = {"README.md": 60, "docs/architecture.md": 200}
    assert not [
        name for name, most in lengths.items() if len((ROOT / name).read_text().splitlines()) > most
    ]
    recipes = (DOCS / "adding.md").read_text().split("\n## ")[1:]
    assert not [
        recipe.splitlines()[0]
        for recipe in recipes
        if len(re.findall(r"^(?:\d+\.|   ) .+", recipe, re.M)) > 10
    ]
