"""Comments on ballots: required or optional, shown with the result, anonymous where names are."""

import pytest

from webapp.core.extensions import db
from webapp.voting.ballots import ballot_comments
from webapp.voting.ballots.refusals import BallotRefused
from webapp.voting.models import OFF, OPTIONAL, REQUIRED, Ballot
from webapp.voting.results import downloads

from .. import making
from ..running import close

WHY = "Because the oven is free"


def test_a_missing_required_comment_is_refused_at_its_field(group, ana, ben, browser):
    vote = making.vote(group, ana, reasons=REQUIRED)
    with pytest.raises(BallotRefused) as refused:
        making.cast(vote, ben, 1)
    assert refused.value.codes == ["reason_required"]
    db.session.rollback()

    page = browser(ben)
    page.get(vote.path)
    page.submit("/ballot", choice="2", reason="")
    assert "Enter a reason" in page.page.select_one("#reason-err").get_text()
    assert page.page.select_one("#ballot-form [checked]")["value"] == "2"
    page.submit("/ballot", choice="2", reason=WHY)
    assert "You’ve voted" in page.text
    assert page.page.select_one("#reason").get_text().strip() == WHY


def test_comments_are_ignored_when_off_and_limited_in_length(group, ana, ben):
    vote = making.vote(group, ana, reasons=OFF)
    making.cast(vote, ben, 1, reason=WHY)

    assert db.session.query(Ballot).one().reason == ""
    with pytest.raises(BallotRefused) as refused:
        making.cast(making.vote(group, ana, reasons=OPTIONAL), ben, 1, reason="x" * 1001)
    assert refused.value.codes == ["reason_long"]


@pytest.mark.parametrize(
    ("anonymous", "results", "before", "named"),
    [
        (True, "always", False, False),
        (False, "always", True, True),
        (False, "after_close", False, True),
    ],
)
def test_comments_appear_with_the_result_and_next_to_names_only_if_shown(
    group, ana, ben, browser, at, anonymous, results, before, named
):
    vote = making.vote(group, ana, reasons=OPTIONAL, is_anonymous=anonymous, results=results)
    making.cast(vote, ben, 2, reason=WHY)
    page = browser(ana)

    page.get(vote.path)
    assert (WHY in page.answer.text) == before
    assert page.get(f"{vote.path}/ballot-comments").status_code == (200 if before else 404)
    vote.opens_at, vote.opened_at, vote.closes_at = (
        vote.opens_at - (vote.closes_at - vote.opens_at) * 2,
    ) * 2 + (vote.opens_at,)
    close(vote)
    page.get(vote.path)
    quote = page.page.select_one("#reasons .ground").get_text()

    assert WHY in quote
    assert "Bread" in quote
    assert (ben.name in quote) == named
    page.get(f"{vote.path}/ballot-comments")
    assert (ben.name in page.page.select_one("main").get_text()) == named
    assert any(WHY in str(row) for row in downloads.ballots(vote))


def test_the_order_of_comments_does_not_show_when_they_were_written(group, ana, ben, at):
    vote = making.vote(group, ana, reasons=OPTIONAL)
    making.cast(vote, ben, 2, reason="B comes first")
    making.cast(vote, ana, 1, reason="A comes later")
    at(vote.closes_at)
    close(vote)

    assert [ground.reason for ground in ballot_comments.page_of(vote).items] == [
        "A comes later",
        "B comes first",
    ]
    assert all(ground.who is None for ground in ballot_comments.page_of(vote).items)


def test_the_voter_list_shows_who_voted_only_with_open_names_and_results(group, ana, ben, browser):
    for anonymous, results, shows in (
        (True, "always", False),
        (False, "after_close", False),
        (False, "always", True),
    ):
        vote = making.vote(group, ana, is_anonymous=anonymous, results=results)
        making.cast(vote, ben, 1)
        page = browser(ana)
        page.get(f"{vote.path}/voters")
        assert bool(page.page.select(".person .chip")) == shows
