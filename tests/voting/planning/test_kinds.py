"""The form of each kind of vote shows exactly the fields that the kind needs."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from tests import factories
from tests.browser_like import values_of
from webapp.config import ROOT
from webapp.voting.models import Vote, VoteDefault
from webapp.voting.planning.methods import METHODS
from webapp.voting.tally.rules import DATE, KINDS, PROPOSAL

from .. import making
from ..kinds import SAMPLES
from ..making import only

EVERY = set().union(*(sample.fields for sample in SAMPLES.values()))


@pytest.fixture(autouse=True)
def october(at):
    """A week before Lisbon's clocks are put back."""
    at(datetime(2027, 10, 24, 12, tzinfo=UTC))


def filled(**values):
    return {"title": "What now?", "closes": "2027-10-29T18:00", **values}


def names(page):
    return {control.get("name") for control in page.page.select("main form [name]")}


def test_the_name_of_every_kind_fits_its_database_columns():
    room = min(table.__table__.c.kind.type.length for table in (Vote, VoteDefault))

    assert [kind for kind in KINDS if len(kind) > room] == []


def test_every_kind_has_an_icon():
    symbols = re.findall(r'<symbol id="([a-z-]+)"', (ROOT / "static/icons.svg").read_text("utf-8"))

    assert [kind for kind, method in METHODS.items() if method.icon not in symbols] == []


def test_every_kind_has_a_button_that_keeps_what_was_entered(group, ana, browser):
    page = browser(ana)
    page.get(f"/votes/new?group={group.slug}")
    buttons = {
        button["formaction"].partition("?")[0].rpartition("/")[2]: button
        for button in page.page.select(".kinds button")
    }

    assert buttons.keys() == KINDS.keys()
    assert [kind for kind, button in buttons.items() if button.svg.find() is None] == []
    assert buttons["single"]["aria-pressed"] == "true"
    for kind, button in buttons.items():
        assert str(METHODS[kind].good_for) in button.get_text()
        typed = values_of(page.forms[0]) | {"title": "Soup?", "quorum": "20"}
        page.post(button["formaction"], typed)
        assert page.answer.status_code == 200
        assert page.page.find(id="title")["value"] == "Soup?"
        assert page.page.find(id="quorum")["value"] == "20"
        assert not page.page.select(".err")
        page.get(f"/votes/new?group={group.slug}")
    assert page.get(f"/votes/new/lottery?group={group.slug}").status_code == 404
    assert page.post(f"/votes/new/lottery?group={group.slug}", filled()).status_code == 404
    assert page.post(f"/votes?group={group.slug}&kind=lottery", filled()).status_code == 404
    assert page.post(f"/votes?group={group.slug}", filled()).status_code == 404


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_shows_only_its_own_fields(group, ana, browser, kind):
    page = browser(ana)
    page.get(f"/votes/new/{kind}?group={group.slug}")

    assert names(page) & EVERY == SAMPLES[kind].fields


@pytest.mark.parametrize(
    ("kind", "values", "columns"),
    [
        ("score", {"score_max": "10"}, {"score_max": 10}),
        ("star", {"quorum": "40"}, {"quorum": 40}),
        (
            "dots",
            {"budget": "6", "per_option": "3", "spend_all": "y"},
            {"budget": 6, "per_option": 3, "spend_all": True},
        ),
        (
            "dots",
            {"budget": "", "per_option": ""},
            {"budget": 10, "per_option": None, "spend_all": False},
        ),
        (
            "irv",
            {"threshold": "more-1-2", "threshold_of": "roll"},
            {"threshold_of": "roll", "threshold_whole": 2},
        ),
        ("irv", {}, {"threshold_of": None}),
        (
            "schulze",
            {"names": "named", "reasons": "required"},
            {"is_anonymous": False, "reasons": "required"},
        ),
        (
            "stv",
            {"seats": "2", "roll_at": "close"},
            {"seats": 2, "roll_at": "close", "leavers": "lose"},
        ),
        (
            "proposal",
            {},
            {"threshold_of": "voices", "threshold_strict": True, "threshold_part": 1, "blocks": 1},
        ),
        (
            "proposal",
            {"threshold": "least-2-3", "threshold_of": "roll", "blocks": ""},
            {
                "threshold_of": "roll",
                "threshold_strict": False,
                "threshold_part": 2,
                "threshold_whole": 3,
                "blocks": None,
            },
        ),
    ],
)
def test_the_settings_of_each_kind_are_saved_and_shown_again(
    group, ana, browser, kind, values, columns
):
    page = browser(ana)
    page.get(f"/votes/new/{kind}?group={group.slug}")
    given = {} if kind == PROPOSAL else {"options": "Ada\nBen\nCem"}

    assert page.submit(f"kind={kind}", **filled(**given, **values)).status_code == 200
    vote = only()
    assert (vote.kind, {name: getattr(vote, name) for name in columns}) == (kind, columns)
    before = {column.key: getattr(vote, column.key) for column in sa.inspect(Vote).columns}
    page.get(f"/votes/{vote.slug}/edit")
    page.submit("/edit")
    assert {
        column.key: getattr(only(), column.key) for column in sa.inspect(Vote).columns
    } == before


@pytest.mark.parametrize(
    ("kind", "values", "field", "words"),
    [
        ("score", {"score_max": "11"}, "score_max", "2 to 10"),
        ("score", {"score_max": "many"}, "score_max", "Enter a whole number"),
        ("dots", {"budget": "0"}, "budget", "1 to 100"),
        ("dots", {"budget": "5", "per_option": "6"}, "per_option", "no more than each person has"),
        (
            "dots",
            {"budget": "10", "per_option": "3", "spend_all": "y"},
            "per_option",
            "people can use all",
        ),
        ("stv", {"seats": "3"}, "seats", "fewer seats than options"),
        ("stv", {"seats": ""}, "seats", "Enter the number of seats."),
        ("approval", {"choices_min": "4"}, "choices_max", "no more than the number of options"),
        ("proposal", {"blocks": "0"}, "blocks", "Enter at least 1, or leave empty"),
        ("irv", {"quorum": "0"}, "quorum", "1 to 100 percent"),
    ],
)
def test_invalid_settings_of_a_kind_are_refused_at_their_field(
    group, ana, browser, kind, values, field, words
):
    page = browser(ana)
    page.get(f"/votes/new/{kind}?group={group.slug}")
    given = {} if kind == PROPOSAL else {"options": "Ada\nBen\nCem"}

    assert page.submit(f"kind={kind}", **filled(**given, **values)).status_code == 422
    assert words in page.error_at(field)
    assert page.page.find(id=field)["value"] == values[field] if field in values else True
    assert all(
        "open" in part.attrs for part in page.page.select("details.needs") if part.find(id=field)
    )


def test_only_a_vote_about_an_event_counts_those_present(group, ana, browser):
    event = factories.event(ana, group, starts_at=datetime(2027, 11, 9, 18, tzinfo=UTC))
    page = browser(ana)
    page.get(f"/votes/new/proposal?group={group.slug}")
    assert not page.page.select("[value=present]")

    page.get(f"/votes/new/proposal?group={group.slug}&event={event.slug}")
    page.submit("kind=proposal", **filled(threshold="more-1-2", threshold_of="present"))

    assert only().threshold_of == "present"


def test_a_date_poll_takes_times_in_the_groups_zone(group, ana, browser):
    page = browser(ana)
    page.get(f"/votes/new/date?group={group.slug}")

    page.submit(
        "kind=date", **filled(dates=["2027-11-02T19:00", "", "2027-10-30T19:00"], lasts="90")
    )

    vote = only()
    starts = [option.starts_at for option in vote.options]
    assert starts == [
        datetime(2027, 10, 30, 18, tzinfo=UTC),
        datetime(2027, 11, 2, 19, tzinfo=UTC),
    ]  # across the change
    assert {option.ends_at - option.starts_at for option in vote.options} == {timedelta(minutes=90)}
    page.get(f"/votes/{vote.slug}/edit")
    assert [box["value"] for box in page.page.select("[name=dates]")[:3]] == [
        "2027-10-30T19:00",
        "2027-11-02T19:00",
        "",
    ]


@pytest.mark.parametrize(
    ("dates", "words"),
    [
        (["2027-11-02T19:00"], "at least two dates"),
        (["2027-11-02T19:00", "2027-11-02T19:00"], "is listed twice"),
        (["2027-11-02T19:00", "2027-10-02T19:00"], "2 October 2027, 19:00 is in the past"),
        (["2027-11-02T19:00", "soon"], "Date 2: Enter a date and time."),
        (["2027-11-02T19:00", "0001-01-01T00:00"], "Date 2: Choose a year between"),
        (["2027-11-02T19:00", "2028-03-26T01:30"], "Date 2: 1:30 doesn’t exist"),
        (["2027-11-02T19:00", "2027-10-31T01:30"], "Date 2: 1:30 happens twice"),
    ],
)
def test_invalid_dates_are_explained_at_their_row(group, ana, browser, dates, words):
    page = browser(ana)
    page.get(f"/votes/new/date?group={group.slug}")

    assert page.submit("kind=date", **filled(dates=dates)).status_code == 422
    summary = " ".join(page.page.select_one(".notice.no").get_text(" ").split())
    assert words in summary.replace("01:30", "1:30")
    at = page.page.find(
        id="dates-2-err" if words.startswith("Date 2: ") else "dates-err"
    ).get_text()
    assert words.removeprefix("Date 2: ") in at.replace("01:30", "1:30")
    assert [box["value"] for box in page.page.select("[name=dates]") if box["value"]] == dates


@pytest.mark.parametrize(("which", "hour"), [("0", 0), ("1", 1)])
def test_an_ambiguous_time_is_asked_about_at_its_row(group, ana, browser, which, hour):
    page = browser(ana)
    page.get(f"/votes/new/date?group={group.slug}")
    page.submit("kind=date", **filled(dates=["2027-11-02T19:00", "2027-10-31T01:30"]))
    assert [box.name for box in page.page.select("[name=dates_fold]")[:3]] == [
        "input",
        "select",
        "input",
    ]

    page.submit("kind=date", dates_fold=["", which, ""])

    assert only().options[0].starts_at == datetime(2027, 10, 31, hour, 30, tzinfo=UTC)


def test_a_scheduled_vote_can_change_its_kind(group, ana, browser):
    vote = making.coming(group, ana, kind="dots", budget=7)
    page = browser(ana)
    page.get(f"/votes/{vote.slug}/edit?kind=irv")

    page.submit("/edit?kind=irv", quorum="50")

    vote = only()
    assert (vote.kind, vote.budget, vote.quorum, vote.version) == ("irv", 10, 50, 2)


def test_once_ballots_are_in_the_kind_and_its_settings_cannot_be_edited(group, ana, browser):
    vote = making.vote(group, ana, kind=DATE, dates=making.evenings(5, 6), quorum=20)
    making.says(vote, ana, "1:y")
    page = browser(ana)
    page.get(f"/votes/{vote.slug}/edit?kind=irv")

    assert not names(page) & (EVERY | {"title", "quorum", "reasons"})
    assert "29 Oct" in page.page.select_one("main form ol li").get_text()
    assert page.submit("/edit", description="More to know.").status_code == 200
    assert (only().kind, only().description, only().quorum) == (
        DATE,
        "More to know.",
        20,
    )


def test_a_group_chooses_the_default_kind_of_its_votes(group, ana, browser):
    page = browser(ana)
    page.get(f"/groups/{group.slug}/manage/votes")
    assert [box["value"] for box in page.page.select("[name=kind]")] == list(KINDS)
    page.submit("/manage/votes", kind="schulze")

    page.get(f"/votes/new?group={group.slug}")

    assert page.page.select_one(".kinds [aria-pressed=true] b").get_text() == "Ranked"
