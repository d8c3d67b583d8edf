"""The vote form: input is kept, and errors are explained at their field."""

from datetime import UTC, datetime, time, timedelta

import pytest
import sqlalchemy as sa

from tests import factories
from webapp.core.extensions import db
from webapp.core.time import clock, time_zones
from webapp.voting import access
from webapp.voting.electorate import roll
from webapp.voting.models import AFTER_CLOSE, Vote
from webapp.voting.tally.rules import APPROVAL

from .. import making
from ..kinds import THREE
from ..making import only


@pytest.fixture(autouse=True)
def october(at):
    """A week before Lisbon's clocks are put back."""
    at(datetime(2027, 10, 24, 12, tzinfo=UTC))


def filled(**values):
    fields = {"title": "Soup or stew?", "options": "Soup\r\n\r\n  Stew \r\n"}
    return {
        **fields,
        "begins": "now",
        "closes": "2027-10-30T18:00",
        "results": "after_close",
        **values,
    }


def test_a_vote_is_created_with_the_form(group, ana, browser):
    page = browser(ana)
    page.get(f"/votes/new/single?group={group.slug}")

    page.submit("kind=single", **filled(description="Because it is cold."))

    vote = only()
    assert page.path == f"/votes/{vote.slug}"
    assert [option.title for option in vote.options] == ["Soup", "Stew"]
    assert vote.closes_at == datetime(2027, 10, 30, 17, tzinfo=UTC)
    assert (vote.results, vote.zone, vote.is_open) == (AFTER_CLOSE, "Europe/Lisbon", True)
    assert "We’ll tell everyone who can vote." in page.text


def test_title_and_options_are_enough(group, ana, browser):
    page = browser(ana)
    page.get(f"/votes/new?group={group.slug}")

    page.submit("kind=single", title="Soup or stew?", options="Soup\nStew")

    week = time_zones.wall(clock.now(), "Europe/Lisbon").date() + timedelta(days=7)
    closes = time_zones.wall(only().closes_at, "Europe/Lisbon")
    assert closes == datetime.combine(week, time(20))
    assert (only().kind, only().results, only().is_anonymous) == ("single", "after_voting", True)


def test_the_settings_are_summarized_beside_more_options(group, ana, browser):
    page = browser(ana)
    page.get(f"/votes/new?group={group.slug}")

    said = " ".join(page.page.select_one("summary small").get_text().split())
    assert said == "All members vote · names hidden · results after voting · no quorum"


def test_a_vote_can_open_later(group, ana, browser):
    page = browser(ana)
    page.get(f"/votes/new/single?group={group.slug}")

    page.submit("kind=single", **filled(begins="later", opens="2027-10-25T09:00"))

    assert only().opens_at == datetime(2027, 10, 25, 8, tzinfo=UTC)
    assert "we’ll tell people when it opens" in page.text.lower()


def test_an_approval_vote_can_limit_the_number_of_choices(group, ana, browser):
    page = browser(ana)
    page.get(f"/votes/new/approval?group={group.slug}")

    page.submit("kind=approval", **filled(options="A\nB\nC", choices_min="2", choices_max=""))

    vote = only()
    assert (vote.kind, vote.choices_min, vote.choices_max) == (APPROVAL, 2, 3)


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({"title": "  "}, "title", "Enter a question."),
        ({"options": "Soup"}, "options", "at least two"),
        ({"options": "Soup\nsoup"}, "options", "Option 2 is the same as option 1"),
        ({"closes": ""}, "closes", "Enter when voting closes."),
        ({"closes": "2027-10-20T18:00"}, "closes", "in the future"),
        ({"begins": "later", "opens": ""}, "opens", "Enter when voting opens"),
        ({"begins": "later", "opens": "2027-10-30T18:00"}, "closes", "after the opening time"),
        ({"begins": "later", "opens": "2027-10-20T18:00"}, "opens", "in the past"),
        (
            {"threshold": "more-1-2", "threshold_of": "present"},
            "threshold_of",
            "Choose one from the list",
        ),
        ({"quorum": "101"}, "quorum", "1 to 100 percent"),
        ({"closes": "2028-03-26T01:30"}, "closes", "1:30 doesn’t exist on that day"),
        ({"closes": "2027-10-31T01:30"}, "closes_fold", "happens twice on that day"),
    ],
)
def test_a_refused_form_keeps_what_was_typed(group, ana, browser, values, field, words):
    page = browser(ana)
    page.get(f"/votes/new/single?group={group.slug}")

    answer = page.submit("kind=single", **filled(description="Kept as typed", **values))

    assert answer.status_code == 422
    assert words in page.error_at(field)
    assert page.page.title.string.startswith("Error:")
    assert page.page.find(id="description").get_text().strip() == "Kept as typed"
    assert page.page.select("[autofocus]")
    assert db.session.scalar(sa.select(sa.func.count(Vote.id))) == 0


@pytest.mark.parametrize(("which", "hour"), [("0", 0), ("1", 1)])
def test_an_ambiguous_time_is_asked_about(group, ana, browser, which, hour):
    page = browser(ana)
    page.get(f"/votes/new/single?group={group.slug}")
    page.submit("kind=single", **filled(closes="2027-10-31T01:30"))

    page.submit("kind=single", closes_fold=which)

    assert only().closes_at == datetime(2027, 10, 31, hour, 30, tzinfo=UTC)


def test_a_vote_about_an_event_can_be_for_its_attendees(group, ana, browser):
    event = factories.event(ana, group, starts_at=clock.now() + timedelta(days=3))
    elsewhere = factories.event(ana, factories.group(ana))
    page = browser(ana)
    assert (
        page.get(f"/votes/new/single?group={group.slug}&event={elsewhere.slug}").status_code == 404
    )

    page.get(f"/votes/new/single?group={group.slug}&event={event.slug}")
    page.submit("kind=single", **filled(electorate="going"))
    page.submit("kind=single", button="Open it anyway")

    assert (only().event_id, only().electorate) == (event.id, "going")


def test_a_vote_without_an_event_is_for_members_only(group, ana, browser):
    page = browser(ana)
    page.get(f"/votes/new/single?group={group.slug}")
    offered = [one["value"] for one in page.page.find_all(attrs={"name": "electorate"})]
    assert offered == ["members", "roles", "invited"]

    assert page.submit("kind=single", **filled(electorate="going")).status_code == 422
    page.submit("kind=single", **filled(electorate="roles", roles=["owner"]))
    page.submit("kind=single", button="Open it anyway")

    assert (only().electorate, only().roles, only().roll_count) == (
        "roles",
        ["owner"],
        1,
    )


def test_without_a_group_the_form_asks_for_one(group, ana, ben, browser):
    page = browser(ana)
    assert page.get("/votes/new").headers["Location"].endswith(f"?group={group.slug}")
    factories.group(ana, name="Second")

    page.get("/votes/new/date")
    assert "Choose a group" in page.text
    assert page.page.find("a", string="Second")["href"].startswith("/votes/new/date?group=second")
    other = browser(ben)
    other.get("/votes/new")
    assert "No group to create a vote in" in other.text


def test_the_form_names_its_group_and_offers_the_others(group, ana, browser):
    page = browser(ana)
    page.get(f"/votes/new/single?group={group.slug}")
    assert f"In {group.name}" in page.text
    assert "Change group" not in page.text

    factories.group(ana, name="Second")
    page.get(f"/votes/new/single?group={group.slug}")
    assert "Change group" in page.text
    assert page.page.find("a", string="Second")["href"] == "/votes/new?group=second"


def test_saving_an_unchanged_edit_form_changes_nothing(group, ana, browser):
    vote = making.coming(group, ana, kind=APPROVAL, choices_min=2)
    before = {column.key: getattr(vote, column.key) for column in sa.inspect(Vote).columns}
    page = browser(ana)
    page.get(f"/votes/{vote.slug}/edit")

    assert page.submit("/edit").status_code == 200

    after = {column.key: getattr(only(), column.key) for column in sa.inspect(Vote).columns}
    assert after == before


def test_once_ballots_are_in_the_question_cannot_be_edited(group, ana, browser):
    vote = making.vote(group, ana)
    closes = vote.closes_at
    making.cast(vote, ana, 1)
    page = browser(ana)
    page.get(f"/votes/{vote.slug}/edit")
    names = {control.get("name") for control in page.page.select("main form [name]")}
    assert not names & {"title", "options", "kind", "opens", "begins", "electorate"}

    later = time_zones.wall(closes + timedelta(days=1), vote.zone)
    page.submit(
        "/edit",
        closes=f"{later:%Y-%m-%dT%H:%M}",
        title="Changed?",
        options="X\nY",
        description="More to know.",
    )

    vote = only()
    assert (vote.title, vote.description) == ("What do we bring?", "More to know.")
    assert [option.title for option in vote.options] == list(THREE)
    assert vote.closes_at > closes


def test_shortening_a_vote_is_refused_at_its_field(group, ana, browser):
    vote = making.vote(group, ana, closes_at=clock.now() + timedelta(days=3))
    making.cast(vote, ana, 1)
    page = browser(ana)
    page.get(f"/votes/{vote.slug}/edit")

    sooner = time_zones.wall(clock.now() + timedelta(days=1), vote.zone)
    answer = page.submit("/edit", closes=f"{sooner:%Y-%m-%dT%H:%M}")

    assert answer.status_code == 422
    assert "not earlier" in page.error_at("closes")


def test_settings_that_cannot_be_loosened_are_not_offered(group, ana, browser):
    vote = making.vote(group, ana, results=AFTER_CLOSE)
    page = browser(ana)
    page.get(f"/votes/{vote.slug}/edit")
    assert [box["value"] for box in page.page.select("[name=results]")] == ["after_close"]

    assert page.submit("/edit", results="always").status_code == 422
    assert only().results == AFTER_CLOSE


@pytest.mark.parametrize("closes", ["9999-12-31T23:59", "0001-01-01T00:00", "2201-01-01T00:00"])
def test_an_unrealistic_year_is_refused_at_its_field(group, ana, browser, closes):
    page = browser(ana)
    for values in ({"closes": closes}, {"begins": "later", "opens": closes}):
        assert (
            page.post(f"/votes?group={group.slug}&kind=single", filled(**values)).status_code == 422
        )
    assert "Choose a year between 1970 and 2200." in page.text


def test_invisible_characters_do_not_reach_the_description(group, ana, browser):
    browser(ana).post(
        f"/votes?group={group.slug}&kind=single", filled(description="Because\x00 it is\x1b cold.")
    )
    assert only().description == "Because it is cold."


def test_an_event_with_an_impossible_slug_is_not_found(group, ana, browser):
    assert browser(ana).get(f"/votes/new?group={group.slug}&event=river%00side").status_code in (
        400,
        404,
    )


def test_the_second_of_two_editors_gets_a_conflict(group, ana, browser):
    vote = making.vote(group, ana)
    first, second = browser(ana), browser(ana)
    for page in (first, second):
        page.get(f"{vote.path}/edit")
    first.submit("/edit", description="From the first")

    assert second.submit("/edit", description="From the second").status_code == 409
    assert "Someone else has changed this vote" in second.text
    db.session.rollback()
    assert db.session.get(Vote, vote.id, populate_existing=True).description == "From the first"
    assert second.submit("/edit").status_code == 200
    db.session.rollback()
    assert db.session.get(Vote, vote.id, populate_existing=True).description == "From the second"


def alone(ana, browser, **values):
    """Send Ana's form in a group with nobody else, without people who join later."""
    group = factories.group(ana)
    page = browser(ana)
    page.get(f"/votes/new/single?group={group.slug}")
    page.submit("kind=single", **filled(**{"roll_at": "opening", **values}))
    return group, page


def test_a_vote_that_only_its_author_could_cast_asks_before_it_opens(ana, browser):
    _group, page = alone(ana, browser)

    assert page.answer.status_code == 422
    assert "No one else could vote" in page.text
    assert db.session.scalar(sa.select(sa.func.count(Vote.id))) == 0
    assert page.page.find(id="title")["value"] == "Soup or stew?"
    notified = {button["value"] for button in page.page.select("button[name=alone]")}
    assert notified == {"join", "only"}


def test_in_a_group_of_one_people_who_join_can_vote_by_default(ana, browser):
    group = factories.group(ana)
    page = browser(ana)
    page.get(f"/votes/new?group={group.slug}")
    assert "people who join can vote too" in page.text

    page.submit("kind=single", **filled())

    assert (only().is_open, only().roll_at) == (True, "close")


def test_one_click_lets_people_who_join_before_closing_vote(ana, browser):
    group, page = alone(ana, browser, leavers="keep")

    page.submit("kind=single", button="Let people who join")

    assert (only().is_open, only().roll_at, only().leavers) == (
        True,
        "close",
        "lose",
    )
    ben = factories.user("Ben")
    factories.membership(group, ben)
    roll.follow(only())
    assert only().roll_count == 1
    assert access.can_vote(ben, only())


def test_an_author_who_confirms_opens_a_vote_that_only_they_can_cast(ana, browser):
    _group, page = alone(ana, browser)

    page.submit("kind=single", button="Open it anyway")

    assert (only().is_open, only().roll_at, only().roll_count) == (
        True,
        "opening",
        1,
    )


@pytest.mark.parametrize(
    "values",
    [
        {"roll_at": "close"},
        {"begins": "later", "opens": "2027-10-25T09:00"},
        {"electorate": "invited"},
    ],
)
def test_nothing_is_asked_where_others_may_still_join(ana, browser, values):
    _group, page = alone(ana, browser, **values)

    assert page.answer.status_code == 200
    assert "No one else could vote" not in page.text


def test_inviting_only_oneself_asks_before_the_vote_opens(ana, browser):
    _group, page = alone(ana, browser, electorate="invited")

    page.submit("/people", who=[str(ana.id)])
    assert page.answer.status_code == 422
    assert (only().opened_at, "No one else could vote" in page.text) == (None, True)
    page.submit("/people", button="Let people I invite")

    assert (only().is_open, only().roll_at, only().roll_count) == (
        True,
        "close",
        1,
    )


def test_opening_a_scheduled_vote_now_asks_too(ana, browser):
    vote = making.coming(factories.group(ana), ana)
    page = browser(ana)
    page.get(f"{vote.path}/edit")

    page.submit("/edit", begins="now")
    assert (page.answer.status_code, only().opened_at) == (422, None)
    page.submit("/edit", button="Open it anyway")

    assert only().is_open
