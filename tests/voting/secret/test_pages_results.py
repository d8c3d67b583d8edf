"""A counted secret vote: its result, its downloads, and checking one's ballot with the key."""

import io
import json
import zipfile

import pytest
import sqlalchemy as sa

from webapp.core.extensions import db
from webapp.voting.models import SecretBallot
from webapp.voting.secret import chain, keys, reads as secret

from . import asking, boxes

FILES = ("ballots.zip", "ballots.csv", "ballots.blt", "rounds.csv", "outcome.json")


@pytest.fixture
def counted(group, ana, at):
    """A counted vote with ballots of five people; and their keys."""
    vote = asking.secret_vote(group, ana, kind="irv", options=("Ada", "Ben", "Cem"))
    given = asking.say(vote, "1>2", "1", "2>1", "3>2>1", "")
    return boxes.closed(vote, at), given


def test_the_result_links_to_ballot_and_bundle_and_shows_the_last_checkpoint(counted, ana, browser):
    vote, _keys = counted
    page = browser(ana)
    page.get(vote.path)

    shown = page.page.find(id="results")
    links = {link["href"] for link in shown.select("a")}
    assert {
        f"{vote.path}/key",
        f"{vote.path}/ballots.zip",
        f"{vote.path}/checkpoints",
        "/help/secret-votes",
    } <= links
    assert secret.head(vote) in shown.get_text()
    assert "Round by round" in shown.get_text()
    assert f"{vote.path}/ballots.csv" not in links


def test_the_bundle_holds_ballots_manifest_and_verifier(counted, ana, browser):
    vote, _keys = counted
    answer = browser(ana).get(f"{vote.path}/ballots.zip")

    assert (
        answer.headers["Content-Disposition"] == f'attachment; filename="{vote.slug}-ballots.zip"'
    )
    with zipfile.ZipFile(io.BytesIO(answer.data)) as held:
        assert set(held.namelist()) == {"manifest.json", "ballots.csv", "verify.py"}
        assert json.loads(held.read("manifest.json"))["chain"][-1]["hash"] == secret.head(vote)
        assert len(held.read("ballots.csv").splitlines()) == 6


def test_files_are_unavailable_before_closing_and_for_outsiders(group, ana, cem, browser):
    vote = asking.secret_vote(group, ana)
    asking.say(vote, "1", "2", "1", "2", "3")

    assert {browser(ana).get(f"{vote.path}/{name}").status_code for name in FILES} == {404}
    assert browser(cem).get(f"{vote.path}/ballots.zip").status_code == 404


def test_the_ballot_csv_is_only_in_the_bundle(counted, ana, browser):
    vote, _keys = counted
    page = browser(ana)

    assert [page.get(f"{vote.path}/{name}").status_code for name in FILES] == [
        200,
        404,
        200,
        200,
        200,
    ]
    assert "1>2" not in page.get(vote.path).text


def test_a_voter_finds_their_ballot_as_it_was_cast(counted, ana, browser):
    vote, given = counted
    page = browser(ana)
    page.get(f"{vote.path}/key")
    assert page.page.h1.get_text() == "Check your ballot"

    page.submit("/key", key=keys.spelled(given[0]).lower())

    assert page.answer.status_code == 200
    assert "It was counted as you cast it 1. Ada, 2. Ben" in page.text
    assert keys.tracker_of(str(vote.id), given[0]) in page.text
    assert given[0].lower() not in page.answer.text.replace(" ", "").lower()
    assert page.answer.headers["Cache-Control"] == "private, no-store"
    page.submit("/key", key=given[4])
    assert "You abstained." in page.text


def test_a_changed_or_deleted_ballot_is_detected_by_its_voter(counted, ana, browser):
    vote, given = counted
    mine = SecretBallot.tracker == keys.tracker_of(str(vote.id), given[0])
    page = browser(ana)
    db.session.execute(sa.update(SecretBallot).where(mine).values(choice="3"))
    db.session.commit()

    page.post(f"{vote.path}/key", {"key": given[0]})
    assert "This ballot was changed without your key" in page.text
    db.session.execute(sa.delete(SecretBallot).where(mine))
    db.session.commit()
    page.post(f"{vote.path}/key", {"key": given[0]})
    assert "No ballot matches this key" in page.text


def test_a_mistyped_key_is_distinguished_from_an_unknown_one(counted, ana, browser):
    vote, given = counted
    page = browser(ana)

    assert page.post(f"{vote.path}/key", {"key": given[0][:-1]}).status_code == 422
    assert "This isn’t a valid key" in page.page.find(id="key-err").get_text()
    assert page.post(f"{vote.path}/key", {"key": keys.fresh()}).status_code == 200
    assert "No ballot matches this key" in page.text


def test_checkpoints_are_public_from_opening_and_form_a_chain(group, ana, browser, at):
    vote = asking.secret_vote(group, ana)
    opened, page = secret.head(vote), browser(ana)
    page.get(vote.path)
    assert opened in page.page.find(id="anchors").get_text()
    asking.say(vote, "1", "2", "1", "2", "3")
    boxes.mixed(vote)
    boxes.closed(vote, at)

    page = browser(ana)
    page.get(f"{vote.path}/checkpoints")

    shown = [line.select_one("code").get_text() for line in page.page.select("main ol.ruled li")]
    assert shown == [link.hash for link in reversed(secret.links(vote))]
    assert (shown[0], shown[-1], len(shown)) == (secret.head(vote), opened, 3)
    assert chain.sound(secret.links(vote)) is None
    assert secret.opening_of(vote)["roll_sha256"] in page.text


def test_the_public_help_page_says_who_can_do_what(visitor):
    assert visitor.get("/help/secret-votes").status_code == 200

    rows = [row.select_one("th").get_text() for row in visitor.page.select("table.who tbody tr")]
    assert len(rows) == 6
    assert "the running server sees each one when it arrives" in visitor.text
    assert "Set-Cookie" not in visitor.answer.headers
    assert visitor.get("/help/votes").status_code == 200
    assert visitor.page.find("a", href="/help/secret-votes")
