"""The group's picture and name lead every tab of a group, and the tab says where one is."""

import pytest

from tests import factories
from webapp.core.extensions import db
from webapp.groups.models import APPROVE, CLOSED

pytestmark = [pytest.mark.usefixtures("context"), pytest.mark.any_database]


@pytest.fixture
def group(ana):
    """An open group with news, so that it has every tab."""
    made = factories.group(ana, name="Harbour Cyclists", slug="harbour")
    made.has_news = True
    db.session.commit()
    return made


@pytest.mark.parametrize(("role", "number"), [("owner", 6), ("visitor", 4)])
def test_every_tab_begins_with_the_groups_picture_and_name(
    group, ana, browser, visitor, role, number
):
    page = browser(ana) if role == "owner" else visitor
    page.get("/groups/harbour")
    tabs = {link.get_text(strip=True): link["href"] for link in page.page.select("nav.tabs a")}
    assert len(tabs) == number
    if role == "visitor":
        tabs.pop("Votes")  # leads to the page to sign in

    for name, path in tabs.items():
        page.get(path)
        assert page.page.h1.text.strip().startswith("Harbour Cyclists"), name
        assert page.page.select_one(".group-head .av, .cover.banner"), name
        links = [
            link["href"] for link in page.page.select(f'nav.tabs[aria-label="{group.name}"] a')
        ]
        assert set(tabs.values()) <= set(links), name
        [here] = page.page.select(f'nav.tabs[aria-label="{group.name}"] [aria-current]')
        assert here.get_text(strip=True) == name


def test_events_of_a_closed_group_have_no_tabs_for_strangers(group, visitor):
    group.visibility, group.join_policy = CLOSED, APPROVE
    db.session.commit()
    visitor.get("/events?group=harbour")

    assert visitor.page.h1.text.strip().startswith("Harbour Cyclists")
    assert not visitor.page.select("nav.tabs")
