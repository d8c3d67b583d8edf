"""Unused icons and templates are deleted, and lists of routes name existing ones."""

import re
from functools import cache
from pathlib import Path

import pytest

from .browser.crawl import NO_PAGES, OWN, SEVERAL

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = ROOT / "templates"
#: Prefixes of names that code assembles.
BUILT = ("queue/", "events/calendar_re", "news/group_", "news/site_", "voting/ballots/_")

pytestmark = pytest.mark.any_database


@cache
def quoted():
    """Return all quoted strings in code and templates, and fragments of URLs."""
    found = (
        ("webapp", "*.py"),
        ("templates", "*.html"),
        ("templates", "*.txt"),
        ("static", "*.js"),
    )
    files = (path for folder, names in found for path in (ROOT / folder).rglob(names))
    named = re.compile(r"""["'#]([\w/.-]+)(?=["'])""")
    return {name for path in files for name in named.findall(path.read_text("utf-8"))}


def is_used(template):
    if template.startswith(BUILT) or "/help/" in template:
        return True
    email = template.removeprefix("emails/").rpartition(".")[0]
    return template in quoted() or email in quoted()


def test_every_icon_is_used():
    icons = re.findall(r'<symbol id="([a-z-]+)"', (ROOT / "static/icons.svg").read_text("utf-8"))
    assert len(icons) > 20
    assert [icon for icon in icons if icon not in quoted()] == []


def test_a_padlock_means_secret_or_locked():
    """Blocking, pausing, signing in and closing accounts have symbols of their own."""
    drawn = [
        path for path in TEMPLATES.rglob("*.html") if 'icon("lock")' in path.read_text("utf-8")
    ]

    assert {path.relative_to(TEMPLATES).as_posix() for path in drawn} == {
        "conversation/_aside.html",
        "voting/secret/_ballot_form.html",
    }


def test_every_template_is_used():
    templates = [path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.*")]
    assert len(templates) > 200
    assert [name for name in templates if not is_used(name)] == []


def test_routes_named_by_the_crawls_exist(app):
    assert (NO_PAGES | OWN | set(SEVERAL)) - set(app.view_functions) == set()
