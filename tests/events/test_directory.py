"""The event list: filters, pagination, and what each reader may find."""

from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
import time_machine

from tests import factories
from webapp.core.db import keyset
from webapp.core.db.keyset import Cursor
from webapp.core.extensions import db
from webapp.core.text import search
from webapp.core.time import clock
from webapp.core.time.time_zones import to_utc
from webapp.events import directory
from webapp.events.directory import MONTH, PAST, TODAY, WEEK, WEEKEND, Days, EventSearch
from webapp.groups import categories
from webapp.groups.models import CLOSED, INVITE, Category

pytestmark = pytest.mark.usefixtures("context")

#: A Wednesday
NOON = datetime.fromisoformat("2026-05-06T12:00:00+00:00")


def titles(user, place=None, **wanted):
    return [row.title for row in directory.listed(user, EventSearch(**wanted), place).items]


def on(ana, day, hour=18, zone="Europe/Lisbon", **values):
    """Create an event on this day of May 2026, in the time of its place."""
    return factories.event(
        ana, starts_at=to_utc(datetime(2026, 5, day, hour), zone), zone=zone, **values
    )


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"Café by the weir", "Bread"}),
        ("?words=cafe", {"Café by the weir"}),
        ("?words=WEIR+café", {"Café by the weir"}),
        ("?words=%25", set()),
        ("?words=';--", set()),
        ("?place=hall", {"Bread"}),
        ("?when=past", {"Long ago"}),
        ("?page=999", {"Café by the weir", "Bread"}),
        ("?after=99999999999999999-01a1fc54-7634-777a-87a8-a5435a8284e1", set()),
        ("?after=9e99-x&before=1", {"Café by the weir", "Bread"}),
        ("?page=nonsense&from=nonsense&to=2031-02-30", {"Café by the weir", "Bread"}),
    ],
)
def test_event_search_ignores_case_and_accents(visitor, ana, query, found):
    factories.event(ana, title="Café by the weir")
    factories.event(ana, title="Bread", venue="Whetstone Hall")
    factories.event(ana, title="Long ago", starts_at=clock.now() - timedelta(days=3))
    factories.event(ana, title="A draft", state="draft")

    visitor.get(f"/events{query}")

    assert {heading.get_text() for heading in visitor.page.select("article h3")} == found


def test_lists_show_each_reader_only_events_that_they_may_find(browser, visitor, ana, ben, cem):
    group = factories.group(ana, ben)
    factories.event(ana, group, title="For members", audience="group")
    factories.event(ana, title="By link", audience="link")
    titles = {}
    for name, tab in {
        "visitor": visitor,
        "member": browser(ben),
        "stranger": browser(cem),
        "owner": browser(ana),
    }.items():
        tab.get("/events")
        titles[name] = {heading.get_text() for heading in tab.page.select("article h3")}

    assert titles == {
        "visitor": set(),
        "member": {"For members"},
        "stranger": set(),
        "owner": {"For members", "By link"},
    }


def test_the_event_list_takes_the_same_number_of_statements_at_any_length(
    browser, ana, statements_of
):
    tab = browser(ana)
    factories.event(ana, factories.group(ana))
    one = statements_of(lambda: tab.get("/events"))
    for _ in range(2):
        factories.event(ana, factories.group(ana))

    assert statements_of(lambda: tab.get("/events")) == one <= 7


def test_the_default_list_equals_the_list_of_all_days(ana, ben, cem, monkeypatch):
    monkeypatch.setattr(directory, "SIZE", 2)
    monkeypatch.setattr(directory, "MOST", 3)
    group = factories.group(ana, ben, visibility="secret", join_policy=INVITE)
    for number in range(2):
        factories.event(ana, group, title=f"Ours {number}")
        factories.event(ana, title=f"Open {number}", starts_at=clock.now() + timedelta(days=number))
    factories.event(ana, title="Over", starts_at=clock.now() - timedelta(days=9))
    db.session.commit()

    for reader in (ana, ben, cem):
        usual = directory.listed(reader, EventSearch())
        assert usual == directory.listed(reader, EventSearch(first=date(1990, 1, 1)))
        assert len(usual.items) == 2
        assert usual.has_more is (reader is not cem)


def test_the_event_list_is_served_as_a_fragment(visitor, ana):
    factories.event(ana, title="Bread")

    answer = visitor.fragment("/events", "event-list")

    assert "<html" not in answer.text
    assert visitor.page.find(id="event-list")
    assert "Bread" in visitor.text


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("name", "days"),
    [
        (TODAY, Days(date(2026, 5, 6), date(2026, 5, 6))),
        (WEEKEND, Days(date(2026, 5, 9), date(2026, 5, 10))),
        (WEEK, Days(date(2026, 5, 6), date(2026, 5, 10))),
        (MONTH, Days(date(2026, 5, 6), date(2026, 5, 31))),
        (PAST, Days()),
        ("", Days()),
    ],
)
def test_date_spans_cover_the_rest_of_the_period_they_name(name, days):
    assert directory.span_of(name, date(2026, 5, 6)) == days


@pytest.mark.any_database
def test_on_a_sunday_only_that_day_is_left_of_the_weekend():
    assert directory.span_of(WEEKEND, date(2026, 5, 10)) == Days(
        date(2026, 5, 10), date(2026, 5, 10)
    )
    assert directory.span_of(WEEK, date(2026, 5, 10)) == Days(date(2026, 5, 10), date(2026, 5, 10))
    assert directory.span_of(MONTH, date(2026, 12, 31)) == Days(
        date(2026, 12, 31), date(2026, 12, 31)
    )


@time_machine.travel(NOON, tick=False)
def test_date_filters_use_the_local_date_of_the_event(ana, ben):
    on(ana, 8, 23, title="Late on Friday")
    on(ana, 9, 8, "Pacific/Auckland", title="Early on Saturday, far in the east")
    on(ana, 10, 22, "Pacific/Honolulu", title="Late on Sunday, far in the west")
    on(ana, 11, 0, title="Monday")

    weekend = ["Early on Saturday, far in the east", "Late on Sunday, far in the west"]
    assert titles(ben, when=WEEKEND) == weekend
    assert titles(ben, first=date(2026, 5, 9), last=date(2026, 5, 10)) == weekend
    assert titles(ben, first=date(2026, 5, 11)) == ["Monday"]
    assert set(titles(ben, when=WEEK)) == {"Late on Friday", *weekend}
    assert titles(ben, when=WEEKEND, last=date(2026, 5, 9)) == weekend[:1]
    assert titles(ben, first=date(2026, 5, 10), last=date(2026, 5, 9)) == []


@time_machine.travel(NOON, tick=False)
def test_events_over_several_days_are_found_on_each_of_them(ana, ben):
    camp = on(ana, 7, title="Camp")
    camp.ends_at, camp.ends_wall = (
        camp.ends_at + timedelta(days=50),
        camp.ends_wall + timedelta(days=50),
    )
    gone = on(ana, 1, title="Gone")
    gone.starts_at, gone.starts_wall = (
        gone.starts_at - timedelta(days=50),
        gone.starts_wall - timedelta(days=50),
    )
    db.session.commit()

    assert titles(ben, first=date(2026, 6, 20), last=date(2026, 6, 20)) == ["Camp"]
    assert titles(ben, first=date(2026, 6, 29)) == []
    assert titles(ben, when=PAST, first=date(2026, 4, 1), last=date(2026, 4, 1)) == ["Gone"]
    assert titles(ben, when=TODAY) == []


@pytest.mark.parametrize("past", [False, True])
@pytest.mark.parametrize(
    "narrowed", [{}, {"first": date(2020, 1, 1), "last": date(2100, 1, 1)}, {"words": "event"}]
)
def test_pagination_has_no_gaps_in_either_direction(ana, ben, past, narrowed):
    way = -1 if past else 1
    with factories.together():
        for number in range(45):
            factories.event(
                ana,
                starts_at=clock.now() + way * timedelta(days=2 + number // 3),
                title=f"Event no {number:02}",
            )
    wanted = EventSearch(when=PAST if past else "", **narrowed)
    pages, place = [], None
    for number in (1, 2, 3):
        pages.append(directory.listed(ben, wanted, place, number))
        place = _place(pages[-1].next, f"page={number + 1}&after=")
    found = [row.title for page in pages for row in page.items]

    assert len(found) == len(set(found)) == 45
    assert [(page.first, page.last, page.total, page.has_more) for page in pages] == [
        (1, 20, 45, False),
        (21, 40, 45, False),
        (41, 45, 45, False),
    ]
    assert place is None
    back = directory.listed(
        ben, wanted, _place(pages[2].previous, "page=2&before=")._replace(before=True), 2
    )
    assert [row.title for row in back.items] == [row.title for row in pages[1].items]


def _place(query, begins):
    if not query:
        return None
    assert query.startswith(begins)
    moment, _, row_id = query.removeprefix(begins).partition("-")
    return Cursor(keyset._EPOCH + timedelta(microseconds=int(moment)), UUID(row_id))


def test_very_long_lists_say_that_there_are_more_without_a_total(ana, ben, monkeypatch):
    monkeypatch.setattr(directory, "MOST", 22)
    with factories.together():
        for _ in range(23):
            factories.event(ana)

    page = directory.listed(ben, EventSearch())

    assert (page.total, page.has_more, len(page.items)) == (22, True, 20)


def test_frequent_search_words_are_read_in_order_without_counting(ana, ben, monkeypatch):
    monkeypatch.setattr(search, "MANY", 3)
    monkeypatch.setattr(keyset, "MOST_LOOKED_AT", 10)
    with factories.together():
        for number in range(12):
            factories.event(
                ana, title=f"{'Moss' if number in (1, 3, 8, 9, 11) else 'Fern'} no {number}"
            )

    first = directory.listed(ben, EventSearch(words="moss"))
    rest = directory.listed(ben, EventSearch(words="moss"), _place(first.next, "page=2&after="), 2)

    assert first.total is rest.total is None
    assert sorted(row.title for page in (first, rest) for row in page.items) == [
        f"Moss no {n}" for n in (1, 11, 3, 8, 9)
    ]
    assert rest.number == 2


def test_events_have_their_own_topic_or_the_topics_of_their_group(ana, ben):
    categories.ensure_defaults()
    db.session.commit()
    topics = {topic.slug: topic for topic in db.session.scalars(sa.select(Category))}
    choir = factories.group(ana, categories=[topics["music"], topics["neighbourhood"]])
    factories.event(ana, choir, title="Concert")
    factories.event(ana, choir, title="Soup", category_id=topics["food-and-gardens"].id)
    factories.event(ana, title="On my own", category_id=topics["music"].id)
    factories.event(ana, title="About nothing")

    assert set(titles(ben, category="music")) == {"Concert", "On my own"}
    assert titles(ben, category="neighbourhood") == ["Concert"]
    assert titles(ben, category="food-and-gardens") == ["Soup"]
    assert titles(ben, category="no-such-topic") == []
    assert set(titles(ben, category="music", group=choir.slug)) == {"Concert"}


def test_events_of_a_closed_group_are_hidden_from_outsiders(ana, ben, cem):
    closed = factories.group(ana, ben, visibility=CLOSED, join_policy=INVITE)
    factories.event(ana, closed, title="Inside", audience="group")

    assert titles(ben, group=closed.slug) == ["Inside"]
    assert titles(cem, group=closed.slug) == []


# The page


@pytest.mark.any_database
def test_each_filter_can_be_removed_and_the_url_holds_them_all(ana, visitor):
    group = factories.group(ana, name="Lake Riders")
    factories.event(
        ana, group, title="Swim", venue="Köln", starts_at=clock.now() + timedelta(days=40)
    )
    asked = f"/events?words=swim&place=koln&group={group.slug}&from=2020-01-02&to=2100-01-02"

    visitor.get(asked)

    chips = {
        link.get_text(" ").split("(")[0].strip(): link["href"]
        for link in visitor.page.select(".filters a")
    }
    assert list(chips) == [
        "“swim”",
        "in koln",
        "Lake Riders",
        "from 2 Jan 2020",
        "until 2 Jan 2100",
        "Clear all filters",
    ]
    assert (
        chips["in koln"] == f"/events?words=swim&group={group.slug}&from=2020-01-02&to=2100-01-02"
    )
    assert visitor.page.select_one("#place")["value"] == "koln"
    assert visitor.page.select_one("#from")["value"] == "2020-01-02"
    assert visitor.page.select_one('[name="group"]')["value"] == group.slug
    assert [h.get_text() for h in visitor.page.select("article h3")] == ["Swim"]
    assert visitor.page.select_one(".group-head a[href='/groups/lake-riders']")


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("query", "is_open"),
    [("", False), ("?words=swim", False), ("?place=koln", True), ("?from=2020-01-02", True)],
)
def test_filters_are_folded_until_one_is_in_use(ana, visitor, query, is_open):
    factories.event(ana, title="Swim", venue="Köln")
    visitor.get(f"/events{query}")

    assert visitor.page.select_one(".directory > .fold").has_attr("open") is is_open
    assert visitor.page.select_one("form[method=get] .fold #place")


@pytest.mark.any_database
def test_a_secret_group_is_not_named_to_others(ana, cem, browser):
    factories.group(ana, name="Night watch", visibility="secret", join_policy=INVITE)
    page = browser(cem)

    page.get("/events?group=night-watch")

    assert "Night watch" not in page.text
    assert "No events found" in page.text


@pytest.mark.any_database
def test_empty_results_say_what_to_do_next(visitor, ana):
    factories.group(ana)
    for address, words in {
        "/events": "No upcoming events",
        "/events?when=past": "No past events yet",
        "/events?words=zz": "search past events",
        "/events?words=zz&when=past": "No past event matches all of this",
    }.items():
        visitor.get(address)
        assert words in visitor.text


@pytest.mark.any_database
def test_pagination_links_keep_the_search(ana, visitor):
    with factories.together():
        for number in range(25):
            factories.event(
                ana, title=f"Swim no {number}", starts_at=clock.now() + timedelta(days=number + 1)
            )
    visitor.get("/events?words=swim")
    assert "1 to 20 of 25 · page 1" in visitor.text
    further = visitor.page.select_one('.pager [rel="next"]')["href"]
    assert further.startswith("/events?words=swim&page=2&after=")

    visitor.get(further)

    assert "21 to 25 of 25 · page 2" in visitor.text
    assert visitor.page.select_one('.pager [rel="prev"]')["href"].startswith(
        "/events?words=swim&page=1&before="
    )
