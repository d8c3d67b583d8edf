"""Choosing a secret vote in the form, and its consequences."""

from datetime import timedelta

import pytest

from tests import factories
from tests.voting import making
from tests.voting.making import only
from webapp.core.extensions import db
from webapp.core.time import clock

from . import asking


@pytest.fixture
def five(group):
    """A group with three more members."""
    for _place in range(3):
        factories.membership(group, factories.user("More"))
    db.session.commit()
    return group


def filled(**values):
    closes = f"{clock.now() + timedelta(days=3):%Y-%m-%dT%H:%M}"
    return {
        "title": "Who looks after the money?",
        "options": "Ada\nBen",
        "closes": closes,
        **values,
    }


def test_a_secret_vote_enforces_its_rules_over_the_submitted_ones(five, ana, browser):
    page = browser(ana)
    page.get(f"/votes/new/single?group={five.slug}")

    page.submit(
        "kind=single",
        **filled(names="secret", results="always", reasons="required", roll_at="close"),
    )

    vote = only()
    assert (vote.is_secret, vote.is_anonymous, vote.results, vote.reasons, vote.roll_at) == (
        *(True, True, "after_close", "off", "opening"),
    )
    page.get(vote.path)
    assert page.page.select_one("#ballot-form")["action"] == f"{vote.path}/secret-ballot"


def test_the_form_explains_secret_votes_and_suggests_them_for_elections(five, ana, browser):
    page = browser(ana)
    page.get(f"/votes/new/stv?group={five.slug}")

    assert {one["value"] for one in page.page.select("[name=names]")} == {
        "hidden",
        "named",
        "secret",
    }
    brings = page.page.select_one(".when-secret").get_text(" ", strip=True)
    assert "It needs at least five people" in brings
    assert page.page.select_one(".when-secret a")["href"] == "/help/secret-votes"
    assert "Is this an election?" in page.text
    page.get(f"/votes/new/single?group={five.slug}")
    assert "Is this an election?" not in page.text


def test_a_secret_vote_with_fewer_than_five_people_is_refused_at_its_field(group, ana, browser):
    page = browser(ana)
    page.get(f"/votes/new/single?group={group.slug}")

    assert page.submit("kind=single", **filled(names="secret")).status_code == 422
    assert "at least 5 people" in page.page.find(id="names-err").get_text()
    assert page.page.select_one("[name=names][checked]")["value"] == "secret"


def test_secrecy_can_be_chosen_only_until_voting_opens(five, ana, browser):
    coming = making.coming(five, ana)
    page = browser(ana)
    page.get(f"{coming.path}/edit")
    page.submit("/edit", names="secret")
    assert only().is_secret
    page.get(f"{coming.path}/edit")
    assert [one["value"] for one in page.page.select("[name=names]")] == ["secret"]

    opened = asking.secret_vote(five, ana, others=0, title="Now")
    page.get(f"{opened.path}/edit")
    assert [one["value"] for one in page.page.select("[name=names]")] == ["secret"]
    plain = making.vote(five, ana, title="Plainly")
    page.get(f"{plain.path}/edit")
    assert "secret" not in {one["value"] for one in page.page.select("[name=names]")}


def test_managers_are_not_told_whether_or_how_many_ballots_are_in(five, ana, browser):
    vote, page = making.vote(five, ana, is_secret=True), browser(ana)

    page.get(f"{vote.path}/edit")
    assert "Voting has begun" in page.text
    assert "People have already voted" not in page.text
    page.get(vote.path)
    assert page.page.find(id="silent-h").get_text() == "People who haven’t voted"
