"""Links in the documents lead somewhere, and the files that they name exist."""

import re
from functools import cache
from pathlib import Path

import pytest

pytestmark = pytest.mark.any_database

ROOT = Path(__file__).parent.parent
PAGES = [*sorted((ROOT / "docs").rglob("*.md")), *sorted(ROOT.glob("*.md"))]
GUIDES = ["deploying", "operating", "session-check", "verifying"]
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))
NAMED = re.compile(r"`((?:webapp|tests|deploy|scripts|static|templates)/[\w./-]+)`")
LINK = re.compile(r"\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]+))?\)")


@cache
def anchors(page: Path) -> set[str]:
    """The anchors that GitHub makes of a page's headings."""
    prose = re.sub(r"```.*?```", "", page.read_text(), flags=re.S)
    headings = re.findall(r"^#+ (.*)$", prose, re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def is_broken(page: Path, path: str, anchor: str) -> bool:
    """Whether a link of `page` leads nowhere."""
    target = page.parent / path if path else page
    if not target.exists():
        return True
    return bool(anchor) and target.suffix == ".md" and anchor not in anchors(target)


def test_links_between_documents_lead_to_files_and_headings():
    broken = [
        f"{page.relative_to(ROOT)}: {path}#{anchor}"
        for page in PAGES
        for path, anchor in LINK.findall(page.read_text())
        if is_broken(page, path, anchor)
    ]
    assert broken == []


def test_a_broken_link_is_found():
    page = ROOT / "docs" / "operating.md"

    assert is_broken(page, "nowhere.md", "")
    assert is_broken(page, "", "no-such-heading")
    assert not is_broken(page, "deploying.md", "upgrade")


def test_files_that_guides_and_decisions_name_exist():
    pages = [*DECISIONS, *(ROOT / "docs" / f"{name}.md" for name in GUIDES)]
    missing = [
        f"{page.name}: {path}"
        for page in pages
        for path in NAMED.findall(page.read_text())
        if not (ROOT / path).exists()
    ]
    assert missing == []


def test_decisions_have_a_context_a_decision_and_consequences():
    wanted = ["Context", "Decision", "Consequences"]
    found = {page.name: re.findall(r"^## (.*)$", page.read_text(), re.M) for page in DECISIONS}

    assert {name: parts for name, parts in found.items() if parts != wanted} == {}
