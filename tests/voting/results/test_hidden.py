"""Hidden results leak nowhere: no page, fragment, list, file, email, signal or timing."""

import re

import pytest
import sqlalchemy as sa

from tests.voting import making as asking
from webapp.core.extensions import db
from webapp.voting.models import AFTER_CLOSE, AFTER_VOTING, ALWAYS
from webapp.voting.planning import lifecycle
from webapp.voting.results import result_views
from webapp.voting.tally.rules import KINDS

from . import making

FILES = ("ballots.csv", "ballots.blt", "rounds.csv", "outcome.json")
PARTS = ("status", "ballot", "results", "turnout")
#: Words that only a result contains.
TELLS = re.compile(
    r"ahead|chosen|carried|elected|Round \d|class=\"(bars|rounds|pairs|stages|asked)|<rect |Voter "
    r"Person|data-\w*=\"\d+ of",
    re.I,
)


def seen_by(page, vote):
    """Return the vote's page as this person gets it, without the picture of the turnout and without
    the rules.
    """
    return _without_ring(page.get(f"/votes/{vote.slug}").get_data(as_text=True))


def _without_ring(source):
    source = re.sub(r'<div class="ring.*?</div>', "", source, flags=re.S)
    return re.sub(r"<(dl|form|footer|nav)\b.*?</\1>", "", source, flags=re.S)


@pytest.mark.parametrize("kind", KINDS)
def test_pages_show_no_choices_before_closing(group, ana, browser, kind):
    vote = making.voted(group, ana, kind, closed=False, results=AFTER_CLOSE, is_anonymous=False)
    page = browser(ana)

    assert not TELLS.search(seen_by(page, vote))
    vote.results = ALWAYS
    db.session.commit()
    assert TELLS.search(seen_by(page, vote))


def test_fragments_lists_and_files_show_no_choices_before_closing(group, ana, browser):
    vote = making.voted(group, ana, "irv", closed=False, results=AFTER_CLOSE, is_anonymous=False)
    page = browser(ana)
    parts = [
        page.fragment(f"/votes/{vote.slug}", part, method="GET").get_data(as_text=True)
        for part in PARTS
    ]
    lists = [
        page.get(path).get_data(as_text=True)
        for path in ("/votes", "/votes?tab=closed", "/", f"/groups/{group.slug}")
    ]

    assert not any(TELLS.search(_without_ring(source)) for source in parts + lists)
    assert {page.get(f"/votes/{vote.slug}/{name}").status_code for name in (*FILES, "ballots")} == {
        404
    }


@pytest.mark.parametrize("kind", KINDS)
def test_results_after_voting_are_visible_only_to_people_who_voted(group, ana, ben, kind):
    vote = making.voted(group, ana, kind, closed=False, results=AFTER_VOTING)
    voter = result_views.first_of(vote)[0].user

    assert result_views.result_for(voter, vote) is not None
    assert result_views.result_for(ben, vote) is None


def test_hidden_results_leave_identical_pages_for_different_ballots(group, ana, browser):
    """The pages are identical, whatever was chosen: nothing depends on the ballots."""
    votes = [
        making.voted(group, ana, "single", cast, closed=False, results=AFTER_CLOSE, title="Alike")
        for cast in ([("1", 3)], [("2", 2), ("3", 1)])
    ]
    page = browser(ana)

    def source(vote):
        answers = [
            page.fragment(f"/votes/{vote.slug}", part, method="GET").get_data(as_text=True)
            for part in PARTS
        ]
        text = "".join(answers).replace(vote.slug, "SLUG").replace(str(vote.id), "ID")
        return re.sub(r'value="[^"]{20,}"|choice-\S+|\d\d:\d\d(:\d\d)?', "", text)

    assert source(votes[0]) == source(votes[1])


def test_hidden_results_read_no_choices_of_others_from_the_database(group, ana, browser):
    """Nothing is counted, so nothing takes longer if there are more ballots."""
    vote = making.voted(group, ana, "irv", closed=False, results=AFTER_CLOSE)
    shown = making.voted(group, ana, "irv", closed=False, results=ALWAYS)
    page = browser(ana)
    page.get("/votes")
    asked: list[str] = []

    def record(_connection, _cursor, statement, *_more):
        asked.append(statement)

    def choices_read(path):
        asked.clear()
        page.get(path)
        return [one for one in asked if "ballot.choice" in one and "ballot.user_id =" not in one]

    sa.event.listen(db.engine, "before_cursor_execute", record)
    try:
        assert choices_read(f"/votes/{vote.slug}") == []
        assert choices_read("/votes") == []
        assert choices_read(f"/votes/{shown.slug}") != []
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", record)


def test_ballot_signals_do_not_contain_the_choice(group, ana, ben, heard):
    vote = asking.vote(group, ana, results=AFTER_CLOSE)
    heard.clear()
    asking.cast(vote, ben, 2)

    assert heard == [f"vote:{vote.id}:ballots"]


def test_emails_and_inboxes_contain_no_result_before_closing(group, ana, ben, at, emailed, emails):
    emailed("vote.closed")
    vote = asking.vote(group, ana, results=AFTER_CLOSE)
    before = [email.get_body(("plain",)).get_content() for email in emails()]
    asking.cast(vote, ben, 2)
    assert before
    assert not any("chosen" in words for words in before)
    at(vote.closes_at)
    lifecycle.close(vote.id)
    db.session.commit()

    after = [email.get_body(("plain",)).get_content() for email in emails()]
    assert any("Bread was chosen, with 1 of 1." in words for words in after)


def test_a_cancelled_vote_shows_no_results_to_anyone(group, ana, browser):
    vote = making.voted(group, ana, "irv", closed=False, results=ALWAYS, is_anonymous=False)
    vote.cancelled_at = vote.opens_at
    db.session.commit()
    page = browser(ana)

    assert not TELLS.search(seen_by(page, vote))


def test_an_ended_but_uncounted_vote_has_no_files_yet(group, ana, browser, at):
    vote = making.voted(group, ana, "irv", closed=False, results=ALWAYS)
    at(vote.closes_at)
    page = browser(ana)

    assert {page.get(f"/votes/{vote.slug}/{name}").status_code for name in FILES} == {404}
