"""The directory: by words, topic and location, sorted, one's own groups, and suggestions."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests import factories
from webapp.core.extensions import db
from webapp.core.text import search
from webapp.core.text.search import search_text_of
from webapp.core.time import clock
from webapp.events.models import CANCELLED, DRAFT
from webapp.groups import access, categories, directory, memberships
from webapp.groups.directory import GroupSearch
from webapp.groups.models import APPROVE, CLOSED, INVITE, SECRET, Ban, Category, JoinRequest
from webapp.people import profiles, reads as people_reads


@pytest.fixture
def topics(context):
    categories.ensure_defaults()
    db.session.commit()
    return {topic.name: topic for topic in db.session.scalars(sa.select(Category))}


def names(user, page=1, **wanted):
    return [group.name for group in directory.listed(user, GroupSearch(**wanted), page).items]


def test_words_topic_and_location_filter_together(ana, ben, topics):
    factories.group(ana, name="Night choir", location="Köln", categories=[topics["Music"]])
    factories.group(ana, name="Day choir", location="Bonn", categories=[topics["Music"]])
    factories.group(
        ana, name="Choir gardens", location="Köln", categories=[topics["Food and gardens"]]
    )

    assert set(names(ben, words="choir")) == {"Night choir", "Day choir", "Choir gardens"}
    assert set(names(ben, words="choir", topic="music")) == {"Night choir", "Day choir"}
    assert names(ben, words="choir", topic="music", place="koln") == ["Night choir"]
    assert names(ben, topic="food-and-gardens", place="KÖLN") == ["Choir gardens"]
    assert names(ben, words="choir", place="köln bonn") == []


@pytest.mark.parametrize("many", [search.MANY, 1, 0])
@pytest.mark.parametrize("sort", ["", "newest"])
def test_results_for_words_and_topic_do_not_depend_on_the_index_limit(
    ana, ben, topics, monkeypatch, many, sort
):
    monkeypatch.setattr(search, "MANY", many)
    factories.group(ana, name="Night choir", summary="Food for all", categories=[topics["Music"]])
    factories.group(
        ana, name="Choir gardens", categories=[topics["Food and gardens"], topics["Music"]]
    )
    factories.group(
        ana, name="Songs", summary="choir, food and gardens", categories=[topics["Games"]]
    )
    categories.rename(topics["Food and gardens"], "Soup", by=ana)

    wanted = {
        name: GroupSearch(words="choir", topic=topics[name].slug, sort=sort)
        for name in ("Music", "Food and gardens", "Games")
    }
    found = {
        name: directory.listed(ben, one, topic=topics[name].name) for name, one in wanted.items()
    }

    assert {name: {group.name for group in page.items} for name, page in found.items()} == {
        "Music": {"Night choir", "Choir gardens"},
        "Food and gardens": {"Choir gardens"},
        "Games": {"Songs"},
    }


def test_filtering_by_words_and_topic_takes_no_extra_statement(ana, browser, topics, statements_of):
    factories.group(ana, name="Night choir", categories=[topics["Music"]])
    page = browser(ana)
    page.get("/groups?q=choir")

    few = statements_of(lambda: page.get("/groups?q=choir"))
    assert statements_of(lambda: page.get("/groups?q=choir&topic=music")) == few <= 5
    assert "Night choir" in page.text


def test_groups_can_be_sorted(ana, ben, cem):
    now = clock.now()
    factories.group(ana, name="B", created_at=now - timedelta(days=3))
    factories.group(ana, ben, cem, name="C", created_at=now - timedelta(days=2))
    factories.group(ana, ben, name="A", created_at=now - timedelta(days=1))

    assert (
        names(ben)
        == names(ben, sort="members")
        == names(ben, sort="best")
        == names(ben, sort="nonsense")
        == ["C", "A", "B"]
    )
    assert names(ben, sort="newest") == ["A", "C", "B"]
    assert names(ben, sort="name") == ["A", "B", "C"]


@pytest.mark.parametrize("many", [search.MANY, 2, 0])
def test_name_matches_rank_above_summary_matches(ana, ben, cem, monkeypatch, many):
    monkeypatch.setattr(search, "MANY", many)
    factories.group(ana, ben, cem, name="Stones", summary="and moss")
    factories.group(ana, name="Moss")
    factories.group(ana, ben, name="Mossy walls")
    factories.group(ana, name="Ferns")

    assert set(names(cem, words="moss")[:2]) == {"Moss", "Mossy walls"}
    if many:
        assert names(cem, words="moss")[-1] == "Stones"
        assert names(cem, words="moss", place="") == names(cem, words="moss")
    assert names(cem, words="moss", sort="members")[0] == "Stones"


def test_a_very_common_word_pages_without_gaps(ana, ben, monkeypatch):
    monkeypatch.setattr(search, "MANY", 5)
    for number in range(45):
        factories.group(
            ana, name=f"Moss {number:02}" if number < 4 else f"Stone {number:02}", summary="moss"
        )
    pages = [directory.listed(ben, GroupSearch(words="moss"), page) for page in (1, 2, 3)]
    found = [group.name for page in pages for group in page.items]

    assert [page.has_more for page in pages] == [True, True, True]
    assert len(found) == len(set(found)) == 45
    assert all(name.startswith("Moss") for name in found[:4])


def test_the_list_stops_at_its_maximum_and_says_that_there_is_more(ana, ben, monkeypatch):
    monkeypatch.setattr(directory, "MOST", 40)
    for number in range(43):
        factories.group(ana, name=f"Moss {number:02}")
    page = directory.listed(ben, GroupSearch(words="moss"), 2)

    assert (page.total, page.count, page.next, page.has_more, len(page.items)) == (
        40,
        2,
        None,
        True,
        20,
    )
    assert directory.listed(ben, GroupSearch(), 3).items == []
    assert not directory.listed(ben, GroupSearch(words="moss 01")).has_more


def test_secret_and_deleted_groups_are_not_found_by_outsiders(ana, ben, visitor, browser):
    factories.group(ana, name="Quiet moss", location="Nook", visibility=SECRET, join_policy=INVITE)
    factories.group(ana, name="Gone moss", location="Nook", deleted_at=clock.now())
    for page in (visitor, browser(ben)):
        for query in (
            "q=moss",
            "q=quiet",
            "place=nook",
            "q=moss&sort=newest",
            "view=mine&q=moss",
            "",
        ):
            assert " moss" not in page.get(f"/groups?{query}").text.lower()
            assert page.page.select("#listing article") == []

    assert (
        names(ana, words="moss")
        == names(ana, place="nook")
        == names(ana, words="moss", mine=True)
        == ["Quiet moss"]
    )
    assert directory.listed(ben, GroupSearch(words="moss")).total == 0


def test_my_groups_are_a_view_of_the_same_list(ana, ben, browser):
    factories.group(ana, ben, name="Ours", location="Porto")
    factories.group(ana, name="Theirs", location="Porto")
    page = browser(ben)
    page.get("/groups?view=mine")

    assert [line.text.strip() for line in page.page.select("#listing h3")] == ["Ours"]
    assert "Member" in page.page.select_one("#listing article").text
    page.get("/groups?view=mine&q=theirs")
    assert "No groups found" in page.text
    assert page.page.select_one("input[name=view]")["value"] == "mine"
    assert "No groups found" not in page.get("/groups?view=mine&place=porto").text


def test_a_visitor_has_no_my_groups_view(ana, visitor):
    factories.group(ana, name="Ours")
    visitor.get("/groups?view=mine")
    assert "Ours" in visitor.page.select_one("#listing").text
    assert visitor.page.select(".tabs") == []


def test_a_card_shows_the_next_event_its_reader_can_see(ana, ben, browser, visitor):
    group = factories.group(ana, ben, name="Ours")
    soon = clock.now() + timedelta(days=1)
    factories.event(ana, group, starts_at=soon, title="Draft of ours", state=DRAFT)
    factories.event(ana, group, starts_at=soon, title="Cancelled", state=CANCELLED)
    factories.event(ana, group, starts_at=clock.now() - timedelta(days=3), title="Long over")
    inside = factories.event(
        ana, group, starts_at=soon + timedelta(hours=1), title="For members", audience="group"
    )
    factories.event(ana, group, starts_at=soon + timedelta(days=1), title="For everyone")
    factories.event(ana, group, starts_at=soon + timedelta(days=2), title="Later on")

    visitor.get("/groups")
    assert "For everyone" in visitor.page.select_one("#listing").text
    page = browser(ben)
    page.get("/groups")
    card = page.page.select_one("#listing article")
    assert card.find("a", string="For members")["href"] == inside.path
    assert not [
        title
        for title in ("Draft of ours", "Cancelled", "Long over", "For everyone", "Later on")
        if title in card.text
    ]


def interested(user, *chosen):
    profiles.edit(
        user,
        (user.first_name, user.last_name),
        user.handle,
        user.profile_visibility,
        list(chosen),
        bio="",
        links=[],
    )
    db.session.commit()


def test_suggestions_match_a_persons_interests_and_name_them(ana, ben, cem, topics, browser):
    music, games, sport = topics["Music"], topics["Games"], topics["Sport and outdoors"]
    factories.group(ana, cem, name="Large choir", categories=[music])
    factories.group(
        ana, name="Singing games", categories=[games, music], join_policy=APPROVE, visibility=CLOSED
    )
    factories.group(ana, name="Runners", categories=[sport])
    interested(ben, music, games)
    page = browser(ben)
    page.get("/groups")
    liked = page.page.select_one("[aria-labelledby=suggested]")

    assert [line.text.strip() for line in liked.find_all("h3")] == ["Singing games", "Large choir"]
    because = [line.text for line in liked.select("p.small:not(.meta)")]
    assert because == ["You’re interested in: Games and Music", "You’re interested in: Music"]
    for query in ("q=choir", "topic=music", "page=2", "view=mine", "sort=name"):
        page.get(f"/groups?{query}")
        assert page.page.select("[aria-labelledby=suggested]") == []


def test_suggestions_omit_own_groups_and_those_one_cannot_join(ana, ben, topics):
    music = topics["Music"]
    of_music = {"categories": [music]}
    factories.group(ana, ben, name="Mine", **of_music)
    factories.group(ana, name="Invited only", join_policy=INVITE, **of_music)
    factories.group(
        ana, name="Closed, invited only", visibility=CLOSED, join_policy=INVITE, **of_music
    )
    factories.group(ana, name="Secret", visibility=SECRET, join_policy=INVITE, **of_music)
    factories.group(ana, name="Deleted", deleted_at=clock.now(), **of_music)
    banned = factories.group(ana, name="Banned", **of_music)
    asked = factories.group(ana, name="Asked", join_policy=APPROVE, **of_music)
    fine = factories.group(ana, name="Fine", **of_music)
    db.session.add(Ban(group_id=banned.id, user_id=ben.id))
    db.session.add(JoinRequest(group_id=asked.id, user_id=ben.id))
    interested(ben, music)
    access.forget_roles()

    def liked():
        mine = [topic for topic in people_reads.topics_for(ben) if topic.is_mine]
        return [(line.group.name, line.because) for line in people_reads.suggested_to(ben, mine)]

    assert liked() == [("Fine", ["Music"])]
    memberships.join(fine, by=ben)
    db.session.commit()
    assert liked() == []


def test_people_without_interests_get_a_link_to_choose_them(ana, ben, topics, browser, visitor):
    factories.group(ana, name="Ours")
    page = browser(ben)
    page.get("/groups")
    assert page.page.find("a", string="Choose your interests")["href"] == "/account/profile"
    assert "Choose your interests" not in page.get("/groups?q=ours").text
    assert "Choose your interests" not in visitor.get("/groups").text


def test_an_empty_list_links_to_a_next_step(ana, browser, visitor):
    page = browser(ana)
    page.get("/groups")
    assert page.page.select_one(".empty a")["href"] == "/groups/new"
    page.get("/groups?view=mine")
    assert page.page.select_one(".empty a")["href"] == "/groups"
    page.get("/groups?q=zzz")
    assert page.page.select_one(".empty a")["href"] == "/groups/new"
    visitor.get("/groups?place=zzz")
    assert visitor.page.select_one(".empty a")["href"] == "/groups"
    factories.group(ana, name="Ours")
    page.get("/groups?page=7")
    assert page.page.select_one(".empty a").text == "First page"


def test_typing_fetches_only_the_list(ana, ben, browser):
    factories.group(ana, name="Moss walkers")
    page = browser(ben)
    page.get("/groups")
    form = page.page.select_one("main form[role=search]")
    assert (form["hx-target"], form["hx-replace-url"], form["method"]) == (
        "#listing",
        "true",
        "get",
    )

    page.fragment("/groups?q=mos&topic=&place=&sort=", "div#listing")
    assert "Moss walkers" in page.text
    assert page.page.select("form") == []


def test_the_directory_takes_the_same_statements_for_many_groups(
    ana, ben, topics, browser, statements_of
):
    interested(ben, topics["Music"])
    factories.event(ana, factories.group(ana, name="Moss 1", categories=[topics["Music"]]))
    page = browser(ben)
    queries = ("", "?q=moss", "?q=moss&topic=music&place=porto", "?view=mine")
    page.get("/groups")
    before = [statements_of(lambda query=query: page.get(f"/groups{query}")) for query in queries]
    for number in range(24):
        factories.event(
            ana,
            factories.group(ana, ben, name=f"Moss number {number}", categories=[topics["Music"]]),
        )
    after = [statements_of(lambda query=query: page.get(f"/groups{query}")) for query in queries]

    assert after[:2] == before[:2]
    assert max(after) <= 5
    assert statements_of(lambda: page.fragment("/groups?q=moss", "div#listing")) == 4


def test_a_changed_group_is_found_by_its_new_text_at_once(ana, ben, topics):
    group = factories.group(ana, name="Moss walkers")
    assert names(ben, words="moss") == ["Moss walkers"]
    group.search_text = search_text_of("Fern walkers")
    db.session.commit()
    assert (names(ben, words="moss"), names(ben, words="fern")) == ([], ["Moss walkers"])


@pytest.mark.parametrize("signed_in", [True, False], ids=["member", "visitor"])
def test_the_topics_in_the_form_find_their_groups(browser, ana, topics, signed_in):
    factories.group(ana, name="Night choir", categories=[topics["Music"]])
    factories.group(ana, name="Allotments", categories=[topics["Food and gardens"]])
    db.session.commit()
    tab = browser(ana if signed_in else None)
    tab.get("/groups")
    offered = {
        option.get_text(): option["value"] for option in tab.page.select("select#topic option")
    }

    assert set(offered) == {"All topics", *topics}
    tab.get(f"/groups?topic={offered['Music']}")
    assert [card.text.strip() for card in tab.page.select(".grid.found h3")] == ["Night choir"]
    assert tab.page.select_one("select#topic option[selected]").get_text() == "Music"
