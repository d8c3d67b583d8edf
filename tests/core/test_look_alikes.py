"""Names that look alike: handles tell them apart in every list of a page."""

import re

import pytest

from tests import sample_site, snapshots
from webapp.core.http import pages
from webapp.core.text.look_alikes import look
from webapp.core.ui import look_alikes
from webapp.core.ui.look_alikes import name_of, with_handles

pytestmark = pytest.mark.any_database
#: Elements that hold nothing but text; and headings, which name what a page is about.
ELSEWHERE = ["option", "textarea", "script", "svg", "h1"]
#: Where a page speaks of the one person whom it is about, and lists of several names in words.
ABOUT_ONE = re.compile("We’ll tell |You can also block|Want nothing more|, Host No")


@pytest.mark.parametrize(
    "name",
    [
        "Ingr\u03b9d Solheim",  # a Greek iota
        "lngrid Solheim",  # a small L
        "\u0406ngrid \u0405olheim",  # Cyrillic capitals
        "INGRID SOLHEIM",
        "Ingrid S\u1d0flheim",
        "\uff29ngrid  Solheim",  # full width
        "Ingrid So1heirn",
    ],
)
def test_names_look_alike_in_other_letters(name):
    assert look(name) == look("Ingrid Solheim")


@pytest.mark.parametrize("name", ["Astrid Solheim", "Ingrid Solberg", "Íngrid Solheim", "王小明"])
def test_other_names_do_not_look_alike(name):
    assert look(name) != look("Ingrid Solheim")


def test_handles_are_shown_where_names_of_two_people_look_alike():
    ana, other, ben = (
        name_of({"name": name, "handle": handle, "deactivated_at": None})
        for name, handle in (("Ana", "ana"), ("\u0410n\u0430", "other"), ("Ben", "ben"))
    )
    guest = name_of({"name": "Ben", "handle": None, "deactivated_at": None})

    assert with_handles(f"{ana}, {ben}, {ana}") == "Ana, Ben, Ana"
    handle = ' <span class="meta">@{}</span>'.format
    assert with_handles(f"{ana}, {other}, {ben}") == (
        f"Ana{handle('ana')}, \u0410n\u0430{handle('other')}, Ben"
    )
    assert with_handles(f"{ben}, {guest}") == f"Ben{handle('ben')}, Ben"


def test_a_handle_that_is_written_anyway_is_not_repeated_but_counts():
    ana = {"name": "Ana", "handle": "ana", "deactivated_at": None}
    other = {"name": "Ana", "handle": "other", "deactivated_at": None}

    html = with_handles(f"{name_of(ana, has_handle=True)} @ana replied to {name_of(other)}")

    assert html == 'Ana @ana replied to Ana <span class="meta">@other</span>'


def test_every_name_in_a_list_or_a_sentence_shows_the_handles_of_namesakes(
    app, context, monkeypatch
):
    marks = look_alikes._MARK.sub
    monkeypatch.setattr(pages, "with_handles", lambda html: marks(r" @\2", html))
    here = snapshots.sample_site_of(app, secret=False)
    names = re.compile("|".join(person.name for person in here.people.values()))
    tab, bare, told = here.browser(app, "owner"), [], set()
    for rule in sample_site.rules(app, "GET"):
        answer = tab.get(here.path(rule))
        if answer.mimetype != "text/html" or not names.search(answer.text.partition("<main")[2]):
            continue
        for text in tab.page.select_one("main").find_all(string=names):
            if text.find_parent(ELSEWHERE) or text.find_parent(class_=["sr", "crumbs"]):
                continue
            inline = text.parent.name in ("a", "b", "span")
            words = (text.parent.parent if inline else text.parent).get_text(" ", strip=True)
            if "@" in words:
                told.add(rule.endpoint)
            else:
                bare.append(f"{rule.endpoint}: {words[:80]}")
    assert [line for line in bare if not ABOUT_ONE.search(line)] == []
    assert {"events.show", "threads.index", "event_files.index"} <= told
    assert len(told) > 10, told
