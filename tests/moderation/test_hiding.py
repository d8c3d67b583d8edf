"""Hidden things are invisible to others: events to all but hosts and moderators, groups to all but
members.
"""

import pytest
from werkzeug.exceptions import NotFound

from tests import factories
from tests.events.change_notices import tell_everyone
from webapp.attendance import rsvps, waitlist
from webapp.core.extensions import db
from webapp.core.http.errors import UserError
from webapp.events import moderation
from webapp.events.models import GOING, LINK
from webapp.events.reads import listing, mine
from webapp.groups import access as group_access, groups
from webapp.groups.models import INVITE, JOIN, OPEN, SECRET

from .reporting import lines

PATHS = [
    "/",
    "/events",
    "/groups/river-walkers",
    "/events?group=river-walkers",
    "/events?q=watches",
]


@pytest.fixture
def hidden(event, ana):
    """Ben's event, hidden."""
    event.group.slug = "river-walkers"
    moderation.hide(event, ana)
    db.session.commit()
    return event


def test_control_before_hiding_it_is_listed_everywhere(browser, visitor, event, cem, oda):
    for tab in (visitor, browser(cem), browser(oda)):
        assert tab.get("/events/watches").status_code == 200
        for path in PATHS[1:]:
            tab.get(path)
            assert "/events/watches" in str(tab.page), path


def test_a_hidden_event_has_no_page_and_no_list_entry_for_others(
    browser, visitor, hidden, group, cem
):
    member = factories.user("Mel")
    factories.membership(group, member)
    for tab in (visitor, browser(cem), browser(member)):
        assert tab.get("/events/watches").status_code == 404
        for path in PATHS:
            tab.get(path)
            assert "/events/watches" not in str(tab.page), path


def test_hosts_and_moderators_see_a_hidden_event_with_a_notice(browser, hidden, ana, ben, mo, oda):
    for person in (ana, ben, mo, oda):
        tab = browser(person)
        assert tab.get("/events/watches").status_code == 200
        assert "Moderators have hidden this event" in tab.text


def test_a_hidden_event_leaves_attendees_lists_and_takes_no_answers(event, ana, cem, mo):
    from datetime import timedelta

    from webapp.core.time import clock

    rsvps.answer(event, by=cem, state=GOING)
    db.session.commit()
    moderation.hide(event, ana)
    db.session.commit()

    assert mine.counts(cem, clock.now())["going"] == 0
    with pytest.raises((UserError, NotFound)):
        rsvps.answer(event, by=cem, state=GOING)
    with pytest.raises(UserError, match="hidden"):
        rsvps.answer(event, by=mo, state=GOING)
    assert not waitlist.is_moving(event)
    moderation.unhide(event, ana)
    assert waitlist.is_moving(event)
    assert mine.counts(cem, clock.now() + timedelta(0))["going"] == 1


def test_a_hidden_link_only_event_is_hidden_from_link_holders(visitor, ana, ben):
    event = factories.event(ben, audience=LINK, slug="linked")
    assert visitor.get("/events/linked").status_code == 200
    moderation.hide(event, ana)
    db.session.commit()

    assert visitor.get("/events/linked").status_code == 404


def test_hosts_find_a_hidden_event_in_their_lists(hidden, ben, cem):
    assert [row.title for row in listing.upcoming_of(hidden.group, ben)] == ["Cheap watches"]
    assert listing.upcoming_of(hidden.group, cem) == []


def values(group, **more):
    return {
        "name": group.name,
        "visibility": group.visibility,
        "join_policy": group.join_policy,
        **more,
    }


def test_a_hidden_group_is_404_for_outsiders_and_cannot_unhide_itself(
    browser, visitor, group, ana, ben, cem, dia
):
    groups.hide(group, dia)
    db.session.commit()

    assert (group.visibility, group.join_policy, group.settings_before_hiding) == (
        SECRET,
        INVITE,
        (OPEN, JOIN, False),
    )
    for tab in (visitor, browser(cem), browser(dia)):
        assert tab.get(f"/groups/{group.slug}").status_code == 404
    tab = browser(ana)
    tab.get(f"/groups/{group.slug}")
    assert "have hidden this group" in tab.text
    with pytest.raises(UserError, match="have hidden this group"):
        groups.edit(group, ana, group.version, **values(group, visibility=OPEN, join_policy=JOIN))
    groups.edit(group, ana, group.version, **values(group, name="River talkers"))
    groups.unhide(group, dia)
    assert (group.visibility, group.join_policy, group.settings_before_hiding, group.name) == (
        OPEN,
        JOIN,
        None,
        "River talkers",
    )
    groups.edit(group, ana, group.version, **values(group, visibility=SECRET, join_policy=INVITE))


def test_outside_attendees_of_a_hidden_groups_event_lose_seats_and_are_notified(
    event, group, ana, cem, dia, emails
):
    rsvps.answer(event, by=cem, state=GOING)
    db.session.commit()
    groups.hide(group, dia)
    db.session.commit()

    assert event.seats_taken == 0
    assert any(
        "for group members only" in " ".join(email.get_body(("plain",)).get_content().split())
        for email in emails()
        if email["To"] == cem.email
    )


def test_a_secret_group_cannot_be_hidden(group, dia):
    group.visibility, group.join_policy = SECRET, INVITE
    db.session.commit()
    with pytest.raises(UserError):
        groups.hide(group, dia)
    assert group_access.may_see(dia, group) is False


def test_attendees_are_notified_when_an_event_is_hidden_and_unhidden(event, ana, mo, cem, ben):
    for person in (cem, mo):
        rsvps.answer(event, by=person)
    db.session.commit()
    for _twice in range(2):
        moderation.hide(event, mo)
        tell_everyone()
    moderation.unhide(event, mo)
    tell_everyone()
    db.session.commit()

    (line,) = lines(cem, "event.hidden")
    assert line == (
        "Moderators hid “Cheap watches”. Your answer is saved. Ask the hosts before you set out."
    )
    assert lines(cem, "event.shown") == [
        "“Cheap watches” is visible again. Your answer still counts."
    ]
    for person in (ana, ben, mo):
        assert lines(person, "event.hidden") == []
