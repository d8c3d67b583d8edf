"""Few secret ballots: fewer than five publish no figures, and fewer than three nothing at all."""

import json
import re
from itertools import cycle

import pytest
import sqlalchemy as sa

from tests.fan_outs import run_fan_outs
from tests.voting import kinds, making
from webapp.core.extensions import db
from webapp.core.http.errors import Conflict
from webapp.mail.jobs import rendering
from webapp.mail.leases import LeasedEmail
from webapp.mail.models import OutgoingEmail
from webapp.notifications.models import Notification
from webapp.voting.results import counting, schedule_event
from webapp.voting.secret import bundle
from webapp.voting.tally.rules import DATE, IRV, KINDS, PROPOSAL

from . import boxes

#: what says who won, whether something was carried, or how many chose what
WINNER = re.compile(
    r"was chosen|Carried[:.]|Not carried|Elected|is ahead|[Dd]ecided by lot|No one chose|A tie:"
)
FIGURE = re.compile(r"\d+ (?:ballot|abstain|point|dot)|\d+ of \d|\d+ ?%|\d+ more|by \d")
FILES = ("ballots.zip", "ballots.csv", "ballots.blt", "rounds.csv", "outcome.json")


@pytest.fixture(autouse=True)
def results_are_emailed(emailed):
    emailed("vote.closed")


def closed(ana, at, kind, number):
    """Return a closed secret vote in which this many of eight took part, after its voters were
    notified.
    """
    more = {"dates": making.evenings(2, 3, 4)} if kind == DATE else {}
    it = boxes.box(ana, kind=kind, **kinds.SAMPLES[kind].few_rules, **more)
    choices = [choice for choice in kinds.few_ballots(kind) if choice]
    for person, choice in zip(it.people[:number], cycle(choices), strict=False):
        boxes.says(it.vote, person, choice)
    vote = boxes.closed(it.vote, at)
    run_fan_outs()
    return vote


def notified(vote, ana, browser):
    """Return each place where the result of a vote is told, with its text."""
    page = browser(ana)
    page.get(vote.path)
    found = {
        part: page.page.find(id=part).get_text(" ", strip=True)
        for part in ("results", "turnout", "outcome")
    }
    places = {
        "list": "/votes?tab=closed",
        "home": "/",
        "inbox": "/inbox",
        "checkpoints": f"{vote.path}/checkpoints",
    }
    for name, path in places.items():
        assert page.get(path).status_code == 200, path
        main = page.page.find("main")
        found[name] = main.get_text(" ", strip=True)
    lines = sa.select(Notification.label, Notification.params).where(
        Notification.kind == "vote.closed"
    )
    found["lines"] = " ".join(f"{label} {words}" for label, words in db.session.execute(lines))
    letter = db.session.scalars(
        sa.select(OutgoingEmail).where(OutgoingEmail.template == "voting/closed")
    ).first()
    ids = {"user": str(ana.id), "vote": str(vote.id)}
    email = rendering.written(
        LeasedEmail(
            **{**{name: getattr(letter, name, None) for name in LeasedEmail._fields}, "ids": ids}
        )
    )
    return {**found, "email": f"{email.subject} {email.body} {email.html}"}


@pytest.mark.parametrize("number", [1, 2])
@pytest.mark.parametrize("kind", ["single", PROPOSAL, DATE])
def test_fewer_than_three_ballots_publish_nothing(ana, at, browser, kind, number):
    vote = closed(ana, at, kind, number)

    assert vote.finding == {"kind": kind, "cast": 0, "blank": 0}
    for place, words in notified(vote, ana, browser).items():
        assert not WINNER.search(words), place
        assert not FIGURE.search(words), place
    assert "Fewer than 3 people voted" in counting_words(vote)
    assert schedule_event.winner(vote) is None


def counting_words(vote):
    return db.session.scalar(
        sa.select(Notification.label).where(Notification.kind == "vote.closed")
    )


@pytest.mark.parametrize("kind", [IRV, PROPOSAL, DATE])
def test_four_ballots_publish_the_outcome_without_figures(ana, at, browser, kind):
    vote = closed(ana, at, kind, 4)

    for place, words in notified(vote, ana, browser).items():
        assert not FIGURE.search(words), place
    assert WINNER.search(counting_words(vote))


@pytest.mark.any_database
@pytest.mark.parametrize("kind", KINDS)
def test_the_stored_outcome_of_four_ballots_has_no_numbers(ana, at, kind):
    vote = closed(ana, at, kind, 4)

    assert set(vote.finding) <= {"kind", "cast", "blank", "leaders", "winners", "verdict", "ties"}
    for tie in vote.finding.get("ties", ()):
        assert (tie["who"], tie["lots"], tie["picked"], tie["stage"]) == ([], [], [], 0)
    assert (vote.finding["cast"], vote.finding["blank"]) == (0, 0)
    assert vote.finding.get("winners") or vote.finding.get("verdict")
    assert WINNER.search(counting_words(vote))
    assert counting.lot_of(vote) is None
    with pytest.raises(Conflict):
        bundle.bundle_of(vote)


def test_a_vote_with_few_ballots_has_no_files(ana, at, browser):
    vote = closed(ana, at, IRV, 4)
    page = browser(ana)
    page.get(vote.path)

    assert not page.page.select("#results a[download]")
    assert {page.get(f"{vote.path}/{name}").status_code for name in FILES} == {404}


def test_control_five_ballots_are_published_in_full(ana, at, browser):
    """The control: what is searched for is there."""
    words = notified(closed(ana, at, IRV, 5), ana, browser)

    assert {place for place, said in words.items() if FIGURE.search(said)} >= {
        "results",
        "turnout",
        "list",
        "email",
        "lines",
    }


def test_a_date_chosen_by_four_ballots_can_schedule_the_event(ana, at):
    vote = closed(ana, at, DATE, 4)

    outlook = schedule_event.preview(vote)

    assert (outlook.option.number, outlook.yes, outlook.maybe) == (2, 0, 0)


def test_the_home_page_and_the_outcome_show_no_numbers_of_few_ballots(ana, at, browser):
    vote = closed(ana, at, "single", 4)

    first_page = browser(ana).get("/").text
    assert vote.title in first_page
    assert not FIGURE.search(first_page)
    assert json.dumps(counting.outcome_of(vote).as_json()).count("0") == 2
