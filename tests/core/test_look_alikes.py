"""Names that look alike: handles tell them apart in every list of a page."""

import pytest

from tests import sample_site, snapshots
from webapp.core.http import pages
from webapp.core.text.look_alikes import look
from webapp.core.ui import look_alikes
from webapp.core.ui.look_alikes import name_of, with_handles

pytestmark = pytest.mark.any_database
#: Faces beside names; and those beside the one name that a page is about.
FACE, ALONE = ".av", "header .av, .avs .av"


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


def test_every_list_of_people_shows_the_handles_of_namesakes(app, context, monkeypatch):
    marks = look_alikes._MARK.sub
    monkeypatch.setattr(pages, "with_handles", lambda html: marks(r" @\1", html))
    here = snapshots.sample_site_of(app, secret=False)
    tab, bare, lists = here.browser(app, "owner"), [], set()
    for rule in sample_site.rules(app, "GET"):
        answer = tab.get(here.path(rule))
        if answer.mimetype != "text/html" or 'class="av ' not in answer.text:
            continue
        for face in tab.page.select(f"main {FACE}:not({ALONE})"):
            words = face.parent.get_text(" ", strip=True)
            if any(person.name in words for person in here.people.values()):
                lists.add(rule.endpoint)
                bare += [f"{rule.endpoint}: {words[:80]}"] if "@" not in words else []
    assert not bare
    assert {"events.show", "threads.index"} <= lists
    assert len(lists) > 10, lists
