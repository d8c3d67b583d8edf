"""Ballots of every kind, filled in by hand: by dragging, by keyboard, and without scripts."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from . import forms, steps
from .pages.looking import axe, sideways
from .test_acting_first import Held, is_refresh

pytestmark = [pytest.mark.browser, pytest.mark.small]

#: kind -> what is done on the ballot, and what it says afterwards
OTHERS = {
    "single": (lambda ballot: ballot.get_by_label("Ben").check(), "Ben"),
    "approval": (
        lambda ballot: [ballot.get_by_label(name).check() for name in ("Ada", "Cem")],
        "Ada, Cem",
    ),
    "score": (
        lambda ballot: [score(ballot, "Ada", "5"), score(ballot, "Cem", "2")],
        "Ada: 5, Cem: 2",
    ),
    "star": (
        lambda ballot: [score(ballot, "Ada", "4 stars"), score(ballot, "Ben", "1 star")],
        "Ada: 4, Ben: 1",
    ),
    "dots": (
        lambda ballot: [dots(ballot, "Ada", "7"), dots(ballot, "Dora", "3")],
        "Ada: 7, Dora: 3",
    ),
    "irv": (
        lambda ballot: [place(ballot, "Cem", "1"), place(ballot, "Ada", "2")],
        "1. Cem, 2. Ada",
    ),
    "schulze": (
        lambda ballot: [place(ballot, "Cem", "1"), place(ballot, "Ada", "1")],
        "1. Ada, 1. Cem",
    ),
    "stv": (
        lambda ballot: [place(ballot, "Dora", "1"), place(ballot, "Ben", "2")],
        "1. Dora, 2. Ben",
    ),
    "proposal": (
        lambda ballot: ballot.get_by_role("radio", name=re.compile("^Disagree")).check(),
        "Disagree",
    ),
    "date": (
        lambda ballot: ballot.get_by_role("radio", name="If need be").first.check(),
        "If need be",
    ),
}


@pytest.fixture
def ana(site, people, request):
    """Someone with a group of her own."""
    ana = people(
        site, "Ana Souza", javascript=getattr(request, "param", True), reduced_motion="reduce"
    )
    steps.become_a_member_of_the_site(ana)
    return ana


def asked(ana, kind, group="", **values):
    """Open the page of a vote of this kind that she creates in this group or in her own."""
    later = datetime.now(UTC) + timedelta(days=7)
    given = {"title": f"By {kind}", "closes": steps.wall(later)}
    if not group:
        group = steps.make_group(ana, f"Voters of {kind} with {ana.handle}")
        given["roll_at"] = "close"  # otherwise nobody could vote yet
    group = group.rpartition("/")[2]
    if kind == "date":
        given["dates"] = [steps.wall(later + timedelta(days=day)) for day in (3, 4, 5)]
    elif kind != "proposal":
        given["options"] = "Ada\nBen\nCem\nDora"
    ana.visit(forms.send(ana, f"/votes/new/{kind}?group={group}", **given, **values))
    return ana.page.get_by_role("region", name="Your ballot")


def score(ballot, option, value):
    """Give the option this score."""
    ballot.get_by_role("radiogroup", name=option).get_by_role(
        "radio", name=value, exact=True
    ).check()


#: Dispatch the signal that the vote has changed, and wait until the ballot has been refreshed.
VOTE_CHANGES = """() => new Promise(resolve => {
  const [topic] = document.querySelector("#ballot").getAttribute("hx-trigger").split(" ");
  document.addEventListener("htmx:finally:request", () => setTimeout(resolve), {once: true});
  document.body.dispatchEvent(new CustomEvent(topic));
})"""


def dots(ballot, option, number):
    """Type this number of dots for the option."""
    ballot.get_by_label(option, exact=True).fill(number)


def place(ballot, option, number):
    """Give the option this rank in its field."""
    ballot.get_by_label(option, exact=True).select_option(number)


def is_in(ballot, words):
    """Expect the ballot to have been cast, with this text."""
    expect(ballot.get_by_role("heading", name="You’ve voted")).to_be_visible()
    expect(ballot.locator(".notice p")).to_contain_text(words)


def cast(ana, ballot):
    """Submit the ballot."""
    steps.press(ana, "Cast ballot", within=ballot)


def places(ballot):
    """Return the options in order, each with its rank."""
    found = ballot.locator(".ranking > li")
    return [
        (row.locator("label").inner_text(), row.locator("select").input_value())
        for row in found.all()
    ]


def drag(ana, ballot, option, above):
    """Drag the option by its grip above another one."""
    rows = {row.locator("label").inner_text(): row for row in ballot.locator(".ranking > li").all()}
    mouse, grip, goal = (
        ana.page.mouse,
        rows[option].locator(".grip").bounding_box(),
        rows[above].bounding_box(),
    )
    mouse.move(grip["x"] + 5, grip["y"] + 10)
    mouse.down()
    mouse.move(goal["x"] + 20, goal["y"] + 30, steps=4)
    mouse.move(goal["x"] + 20, goal["y"] + 4, steps=4)
    mouse.up()


def test_rankings_dots_and_dates_can_be_filled_in_by_mouse_and_keyboard(ana):
    ballot = asked(ana, "irv")
    up = ballot.get_by_role("button", name="Move Cem up")
    up.focus()
    up.press("Enter")
    assert places(ballot)[0] == ("Cem", "1")
    up = ballot.get_by_role("button", name="Move Ada up")
    up.focus()
    up.press("Enter")
    expect(up).to_be_focused()
    up.press("Enter")
    expect(
        ballot.get_by_role("button", name="Move Ada down")
    ).to_be_focused()  # the first option can't move up
    drag(ana, ballot, "Dora", above="Ada")
    assert places(ballot) == [("Dora", "1"), ("Ada", "2"), ("Cem", "3"), ("Ben", "")]
    expect(ballot.locator("[data-status]")).to_have_text("Dora: 1st")
    ballot.get_by_role("button", name="Move Cem down").press("Enter")
    place(ballot, "Ada", "1")
    assert places(ballot) == [("Ada", "1"), ("Dora", "2"), ("Ben", ""), ("Cem", "")]
    cast(ana, ballot)
    is_in(ballot, "1. Ada, 2. Dora")

    ballot = asked(ana, "dots", per_option="8")
    left = ballot.locator("[data-left]")
    ballot.get_by_role("button", name="Add a dot to Ada").dblclick()
    expect(left).to_have_text("8 of 10 dots left")
    dots(ballot, "Ben", "٩")
    expect(left).to_have_text("1 too many: remove some")
    held = Held(ana, is_refresh)
    with ana.page.expect_request(is_refresh):
        ana.page.evaluate(f"() => {{ ({VOTE_CHANGES})(); }}")
    cast(ana, ballot)
    expect(ballot.locator("#choice-err")).to_have_text(
        re.compile(r"more dots than you have \(10\).*at most 8 of your dots", re.DOTALL)
    )
    with ana.page.expect_response(lambda answer: is_refresh(answer.request)):
        held.let_go()
    ana.page.evaluate(VOTE_CHANGES)  # twice, and the refused ballot must stay as it is
    dots(ballot, "Ben", "८")
    expect(left).to_have_text("All dots used")
    cast(ana, ballot)
    is_in(ballot, "Ada: 2, Ben: 8")

    ballot = asked(ana, "date")
    for number, answer in enumerate(("Yes", "If need be", "No")):
        ballot.get_by_role("radio", name=answer).nth(number).check()
    cast(ana, ballot)
    is_in(ballot, re.compile("Yes.*If need be.*No"))
    assert [
        line for line in ana.complaints if "Failed to load resource" not in line
    ] == []  # one ballot was refused


@pytest.mark.deep
@pytest.mark.parametrize("ana", [True, False], ids=["scripts", "no scripts"], indirect=True)
@pytest.mark.parametrize("kind", OTHERS)
def test_every_kind_of_ballot_can_be_cast_without_problems(ana, kind):
    fill, words = OTHERS[kind]
    ballot = asked(ana, kind)
    if ana.javascript:
        assert [*axe(ana.page), *sideways(ana.page)] == []
    fill(ballot)
    cast(ana, ballot)
    is_in(ballot, words)
    ballot.get_by_text("Change ballot").first.click()
    if ana.javascript:
        assert [*axe(ana.page), *sideways(ana.page)] == []
    steps.press(ana, "Change ballot", within=ballot)
    is_in(ballot, words)
    assert ana.complaints == []


@pytest.mark.deep
def test_tied_ranks_can_be_chosen_and_undone_by_keyboard_and_dragging(ana):
    ballot = asked(ana, "schulze")
    for option in ("Ada", "Ben"):
        ballot.get_by_role("button", name=f"Move {option} up").press("Enter")
    ballot.get_by_role("button", name="Move Ben up").press("Enter")
    assert places(ballot)[:2] == [("Ben", "1"), ("Ada", "2")]
    expect(ballot.locator("[data-status]")).to_have_text("Ben: 1st")
    ballot.get_by_label("Ada", exact=True).select_option("1")
    assert places(ballot)[:2] == [("Ada", "1"), ("Ben", "1")]
    drag(ana, ballot, "Dora", above="Ben")
    assert places(ballot)[:3] == [("Ada", "1"), ("Ben", "1"), ("Dora", "1")]
    ballot.get_by_role("button", name="Move Dora down").press("Enter")
    assert places(ballot)[:3] == [("Ada", "1"), ("Ben", "1"), ("Dora", "2")]
    ballot.get_by_role("button", name="Move Ben up").press("Enter")
    assert places(ballot)[:3] == [("Ben", "1"), ("Ada", "2"), ("Dora", "3")]
    cast(ana, ballot)
    is_in(ballot, "1. Ben, 2. Ada, 3. Dora")


@pytest.mark.deep
@pytest.mark.parametrize("ana", [True, False], ids=["scripts", "no scripts"], indirect=True)
def test_a_date_vote_can_be_created_with_any_number_of_rows(ana):
    group = steps.make_group(ana, f"Planners with {ana.handle}")
    ana.visit(group)
    ana.page.get_by_role("link", name="Create vote").click()
    steps.fill(ana, Question="When?")
    ana.page.get_by_role("button", name="Find a date").click()
    expect(ana.page.get_by_role("button", name="Find a date", pressed=True)).to_be_visible()
    expect(ana.page.get_by_label("Question")).to_have_value("When?")
    later = datetime.now(UTC) + timedelta(days=9)
    rows = ana.page.get_by_label(re.compile(r"^Date \d+$"))
    if ana.javascript:
        expect(rows.locator("visible=true")).to_have_count(4)
        steps.press(ana, "Add date")
        expect(rows.nth(4)).to_be_focused()
    for number in range(5):
        rows.nth(number).fill(steps.wall(later + timedelta(days=number)))
    steps.fill(ana, Closes=steps.wall(later - timedelta(days=1)))
    steps.press(ana, "Create vote")
    steps.expect_heading(ana, "When?")
    expect(ana.page.locator(".ballot .seg")).to_have_count(5)
    assert ana.complaints == []


def keeps_rank_and_announcement(ballot):
    expect(ballot.get_by_label("Ada", exact=True)).to_have_value("1")
    expect(ballot.locator("[data-status]")).to_have_text(
        "Ada: 1st" if ballot.page.evaluate("!!window.htmx") else ""
    )


@pytest.mark.deep
@pytest.mark.parametrize("ana", [True, False], ids=["scripts", "no scripts"], indirect=True)
@pytest.mark.parametrize("kind", ["single", "score", "irv", "dots"])
def test_a_vote_edited_while_voting_keeps_the_choices_that_still_exist(  # noqa: E501
    ana, kind
):
    """With scripts the open page fetches the current question; without, the ballot comes back with
    it.
    """
    chosen = {
        "single": lambda: ballot.get_by_label("Ada").check(),
        "score": lambda: score(ballot, "Ada", "4"),
        "irv": lambda: place(ballot, "Ada", "1"),
        "dots": lambda: dots(ballot, "Ada", "7"),
    }
    kept = {
        "single": lambda: expect(ballot.get_by_label("Ada")).to_be_checked(),
        "score": lambda: expect(
            ballot.get_by_role("radiogroup", name="Ada").get_by_role("radio", name="4")
        ).to_be_checked(),
        "irv": lambda: keeps_rank_and_announcement(ballot),
        "dots": lambda: expect(ballot.get_by_label("Ada", exact=True)).to_have_value("7"),
    }
    ballot = asked(ana, kind, reasons="optional")
    vote = steps.path_of(ana.page)
    chosen[kind]()
    ballot.get_by_label("Reason").fill("She knows the river.")
    forms.send(ana, f"{vote}/edit", options="Ada\nBen\nEve")
    if not ana.javascript:
        cast(ana, ballot)
        expect(ballot.locator("#choice-err")).to_contain_text(
            "The question was changed while you were choosing."
        )

    expect(ballot.get_by_text("Eve").first).to_be_visible()
    expect(ballot.get_by_text("Dora")).to_have_count(0)
    kept[kind]()
    expect(ballot.get_by_label("Reason")).to_have_value("She knows the river.")
    cast(ana, ballot)
    is_in(ballot, "Ada")
