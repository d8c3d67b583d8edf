"""A person's page leads with what the reader shares with them, and claims no more than is known."""

from datetime import timedelta

import pytest

from tests import factories
from webapp.attendance import rsvps
from webapp.core.extensions import db
from webapp.core.time import clock
from webapp.events.models import CANCELLED, DRAFT, Rsvp
from webapp.groups.models import INVITE, SECRET
from webapp.people import reads

pytestmark = [pytest.mark.usefixtures("context"), pytest.mark.any_database]


@pytest.fixture
def walk(ana, ben, cem):
    """An event that both go to, in the group of all three."""
    group = factories.group(cem, ana, ben, name="River walkers", slug="walkers")
    made = factories.event(cem, group, title="Moss walk", slug="moss-walk")
    for person in (ana, ben):
        rsvps.answer(made, by=person)
    db.session.commit()
    return made


def test_the_page_leads_with_shared_groups_and_events(walk, ana, ben, browser):
    page = browser(ana)
    page.get(f"/people/{ben.handle}")

    section = page.page.select_one('section[aria-labelledby="shared"]')
    assert section.find("a", string="River walkers")["href"] == "/groups/walkers"
    assert section.find("a", string="Moss walk")["href"] == "/events/moss-walk"
    assert "Both members since" in section.get_text()
    assert page.page.main.find("section") == section
    assert "introduction" not in page.text
    last = [link["href"] for link in page.page.main.select("a")][-2:]
    assert any(link.endswith("/block") or "report" in link for link in last)


def test_both_are_members_since_the_later_one_joined(walk, ana, ben):
    for one in reads.groups_seen(ben, ana, False):
        assert one.since is not None
    theirs = db.session.query(reads.Membership).filter_by(user_id=ben.id).one()
    theirs.created_at = clock.now() + timedelta(days=3)
    db.session.commit()
    [one] = reads.groups_seen(ben, ana, False)
    assert one.since == theirs.created_at


@pytest.mark.parametrize(
    "changes",
    [
        {"shows_attendees": False},
        {"state": DRAFT},
        {"state": CANCELLED},
        {"hidden_at": clock.now()},
        {"deleted_at": clock.now()},
    ],
)
def test_events_are_shared_only_where_attendees_are_shown(walk, ana, ben, browser, changes):
    for name, value in changes.items():
        setattr(walk, name, value)
    db.session.commit()
    page = browser(ana)
    page.get(f"/people/{ben.handle}")
    assert "Moss walk" not in page.text
    assert "River walkers" in page.text


@pytest.mark.parametrize("changes", [{"is_anonymous": True}, {"state": "maybe"}])
def test_events_of_anonymous_attendees_are_not_shared(walk, ana, ben, browser, changes):
    theirs = db.session.query(Rsvp).filter_by(user_id=ben.id).one()
    for name, value in changes.items():
        setattr(theirs, name, value)
    db.session.commit()
    page = browser(ana)
    page.get(f"/people/{ben.handle}")
    assert "Moss walk" not in page.text


def test_others_learn_nothing_of_what_two_people_share(walk, ana, ben, dia, browser):
    walk.group.visibility, walk.group.join_policy = SECRET, INVITE
    ben.profile_visibility = "everyone"
    db.session.commit()
    for page in (browser(dia), browser()):
        page.get(f"/people/{ben.handle}")
        assert "River walkers" not in page.text
        assert "Moss walk" not in page.text


def test_without_an_introduction_the_page_says_just_that(ana, ben, browser):
    ben.profile_visibility = "everyone"
    db.session.commit()
    page = browser(ana)
    page.get(f"/people/{ben.handle}")

    assert f"{ben.first_name} hasn’t added an introduction yet." in page.text
    assert "written anything" not in page.text
