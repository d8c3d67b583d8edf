"""My events: tabs, time zones and number of statements."""

from datetime import timedelta

import pytest

from tests import factories
from webapp.core.extensions import db
from webapp.core.time import clock
from webapp.events.models import (
    CANCELLED,
    DRAFT,
    GOING,
    GROUP,
    MAYBE,
    NOT_GOING,
    OFFERED,
    WAITING,
    Event,
    EventHost,
    Rsvp,
)

TABS = ["going", "waiting", "maybe", "past", "hosting"]


def answer(event, user, state=GOING, **values):
    if state in (WAITING, OFFERED):
        values.setdefault("position", 1)
    if state == OFFERED:
        values.setdefault("offered_until", clock.now() + timedelta(hours=9))
    db.session.add(Rsvp(event_id=event.id, user_id=user.id, state=state, **values))
    db.session.commit()


def titles(page, tab):
    page.get(f"/events/mine?tab={tab}")
    assert page.answer.status_code == 200
    return [title.get_text() for title in page.page.select("article h2")]


def over(owner, **values):
    return factories.event(owner, starts_at=clock.now() - timedelta(days=3), **values)


@pytest.fixture
def page(browser, ben):
    return browser(ben)


def test_my_events_lists_each_event_under_the_right_tab(page, ana, ben):
    for title, state in (
        ("Yes", GOING),
        ("Waiting list", WAITING),
        ("Held", OFFERED),
        ("Perhaps", MAYBE),
        ("No", NOT_GOING),
    ):
        answer(
            factories.event(ana, title=title, starts_at=clock.now() + timedelta(days=len(title))),
            ben,
            state,
        )
    for title, state in (
        ("Went", GOING),
        ("Might have", MAYBE),
        ("Waited in vain", WAITING),
        ("Not there", NOT_GOING),
    ):
        answer(over(ana, title=title), ben, state)
    over(ben, title="Hosted before")
    factories.event(ben, title="Draft", state=DRAFT)
    factories.event(ben, title="Mine")
    named = factories.event(ana, title="Named host")
    db.session.add(EventHost(event_id=named.id, user_id=ben.id))
    db.session.commit()
    factories.event(ana, title="Someone else's")

    assert titles(page, "going") == ["Yes"]
    assert titles(page, "waiting") == ["Held", "Waiting list"]
    assert titles(page, "maybe") == ["Perhaps"]
    assert set(titles(page, "past")) == {"Went", "Might have", "Hosted before"}
    assert set(titles(page, "hosting")) == {"Draft", "Mine", "Named host"}
    counts = [link.get_text(" ", strip=True) for link in page.page.select(".tabs a")]
    assert counts == ["Going 1", "Waiting 2", "Maybe 1", "Past 3", "Hosting 3"]


def test_deleted_and_inaccessible_events_are_not_listed(page, ana, ben):
    group = factories.group(ana, ben)
    answer(factories.event(ana, title="Deleted", deleted_at=clock.now()), ben)
    answer(factories.event(ana, factories.group(ana), title="For others", audience=GROUP), ben)
    left = factories.group(ana, name="Left")
    factories.event(ben, left, title="No longer mine", audience=GROUP)
    factories.event(ben, title="Deleted, too", deleted_at=clock.now())
    put_away = factories.group(ana, ben, deleted_at=clock.now())
    answer(factories.event(ana, put_away, title="Put away"), ben)
    answer(factories.event(ana, group, title="Cancelled", state=CANCELLED), ben)

    assert [titles(page, tab) for tab in TABS] == [["Cancelled"], [], [], [], []]
    page.get("/events/mine?tab=going")
    assert page.page.select_one("article .chip").get_text() == "Cancelled"


def test_times_are_shown_in_my_zone_and_the_events_where_they_differ(page, ana, ben):
    ben.zone = "Asia/Tokyo"
    db.session.commit()
    starts = (clock.now() + timedelta(days=3)).replace(hour=22, minute=0, second=0, microsecond=0)
    answer(factories.event(ana, title="Harbour songs", zone="UTC", starts_at=starts), ben)
    answer(
        factories.event(
            ana, title="Next door", zone="Asia/Tokyo", starts_at=starts + timedelta(hours=1)
        ),
        ben,
    )
    titles(page, "going")
    abroad, near = (article.get_text(" ", strip=True) for article in page.page.select("article"))

    assert "07:00" in abroad
    assert "22:00 in UTC" in abroad
    assert "08:00" in near
    assert " in " not in near
    assert "Tokyo time" in page.text


@pytest.mark.parametrize(
    ("tab", "words"),
    [
        ("going", "Nothing planned yet"),
        ("waiting", "You’re not on any waiting lists"),
        ("maybe", "No maybes"),
        ("past", "No past events yet"),
        ("hosting", "You’re not hosting any events"),
    ],
)
def test_an_empty_tab_says_what_will_be_listed_there(page, tab, words):
    assert titles(page, tab) == []
    assert words in page.text


def test_the_first_tab_with_events_opens_by_default(page, ana, ben):
    for query in ("", "?tab=nonsense"):
        page.get(f"/events/mine{query}")
        assert page.page.select_one(".tabs [aria-current]").get_text() == "Going"
    answer(over(ana), ben)
    answer(factories.event(ana), ben, MAYBE)
    page.get("/events/mine")
    assert page.page.select_one(".tabs [aria-current]").get_text(" ", strip=True) == "Maybe 1"


def test_the_second_page_continues_where_the_first_ends(page, ana, ben):
    for number in range(21):
        answer(
            factories.event(
                ana,
                title=f"Walk {number:02}",
                starts_at=clock.now() + timedelta(days=2, hours=number),
            ),
            ben,
        )
    assert len(titles(page, "going")) == 20
    link = page.page.find("a", rel="next")
    page.get(link["href"])
    assert [title.get_text() for title in page.page.select("article h2")] == ["Walk 20"]
    assert "page 2 of 2" in page.text
    page.get("/events/mine?tab=going&page=9")
    assert "That page doesn’t exist" in page.text
    assert page.fragment("/events/mine?tab=going", "my-events").status_code == 200


@pytest.mark.parametrize("tab", TABS)
def test_my_events_takes_the_same_statements_for_one_and_three(page, ana, ben, statements_of, tab):
    def more():
        group = factories.group(ana, ben)
        for state in (GOING, WAITING, MAYBE):
            answer(factories.event(ana, group, capacity=1), ben, state)
        answer(over(ana), ben)
        factories.event(ben)

    more()
    few = statements_of(lambda: page.get(f"/events/mine?tab={tab}"))
    more()
    more()
    assert statements_of(lambda: page.get(f"/events/mine?tab={tab}")) == few <= 3


def test_no_event_gets_the_slug_mine(ana):
    from webapp.core.text.slugs import free_slug

    assert free_slug(Event.slug, "Mine", "event").startswith("mine-")
