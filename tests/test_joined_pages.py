"""Pages with several features: a group's page shows its events and votes, an event's page its
votes.
"""

import pytest

from tests import factories
from tests.voting import making
from webapp.conversation import threads
from webapp.core.extensions import db
from webapp.events import planning
from webapp.groups.models import ORGANIZER


def headings(tab, part: str) -> set[str]:
    return {heading.get_text() for heading in tab.page.select(f"#{part} h3 a")}


def test_a_groups_page_shows_upcoming_events_and_open_votes(browser, ana, ben):
    group = factories.group(ana, ben)
    factories.event(ana, group, title="Seed swap")
    factories.event(ana, group, title="Only an idea", state="draft")
    making.vote(group, ana, title="Which seeds?")
    db.session.commit()

    tab = browser(ben)
    tab.get(f"/groups/{group.slug}")

    assert headings(tab, "events") == {"Seed swap"}
    assert headings(tab, "votes") == {"Which seeds?"}


@pytest.mark.parametrize("part", ["events", "votes", "talk"])
def test_partials_of_a_groups_page_are_returned_alone(browser, ana, part):
    group = factories.group(ana)

    tab = browser(ana)
    answer = tab.fragment(f"/groups/{group.slug}", part)

    assert "<html" not in answer.text
    assert [element["id"] for element in tab.page.find_all(recursive=False)] == [part]


def test_only_members_see_the_latest_threads(browser, visitor, ana, ben, cem):
    group = factories.group(ana, ben)
    threads.start(group, ana, "Who has the key?", "I do not.")
    db.session.commit()
    member = browser(ben)
    member.get(f"/groups/{group.slug}")
    assert headings(member, "talk") == {"Who has the key?"}

    for tab in (visitor, browser(cem)):
        tab.get(f"/groups/{group.slug}")
        assert "Who has the key?" not in tab.text
        tab.fragment(f"/groups/{group.slug}", "talk")
        assert "Who has the key?" not in tab.answer.text


def test_a_closed_groups_page_shows_outsiders_no_events_and_votes(browser, visitor, ana, cem):
    group = factories.group(ana, visibility="closed", join_policy="approve")
    factories.event(ana, group, title="Seed swap", audience="group")
    making.vote(group, ana, title="Which seeds?")
    db.session.commit()

    for tab in (visitor, browser(cem)):
        tab.get(f"/groups/{group.slug}")
        assert "Seed swap" not in tab.text
        assert "Which seeds?" not in tab.text
        for part in ("events", "votes"):
            tab.fragment(f"/groups/{group.slug}", part)
            assert "Seed swap" not in tab.answer.text
            assert "Which seeds?" not in tab.answer.text


def test_an_events_page_shows_its_votes_to_those_who_can_see_them(browser, visitor, ana, ben):
    group = factories.group(ana, ben)
    event = factories.event(ana, group)
    making.vote(group, ana, title="Soup or stew?", event=event)
    db.session.commit()

    tab = browser(ben)
    tab.get(f"/events/{event.slug}")
    visitor.get(f"/events/{event.slug}")

    assert headings(tab, "votes") == {"Soup or stew?"}
    assert "Soup or stew?" not in visitor.text


def test_changes_to_an_event_signal_the_pages_of_event_and_group(signals, ana, ben):
    group = factories.group(ana, ben)
    factories.membership(group, factories.user("Fay"), ORGANIZER)
    event = factories.event(ana, group, state="draft")
    signals.clear()

    planning.publish(event, by=ana)
    db.session.commit()

    assert {f"event:{event.id}:plan", f"event:{event.id}:rsvps", f"group:{group.id}:events"} <= set(
        signals
    )


def test_opening_a_vote_signals_the_pages_of_group_and_event(signals, ana):
    group = factories.group(ana)
    event = factories.event(ana, group)
    signals.clear()

    vote = making.vote(group, ana, event=event)
    db.session.commit()

    assert {f"vote:{vote.id}", f"group:{group.id}:votes", f"event:{event.id}:votes"} <= set(signals)
