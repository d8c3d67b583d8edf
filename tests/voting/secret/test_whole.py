"""Real votes of every kind, from opening to closing, verified independently, and tampering with
their rows before closing.
"""

import subprocess
import sys

import pytest
import sqlalchemy as sa

from tests import factories
from webapp.core.extensions import db
from webapp.voting import access
from webapp.voting.models import SecretBallot, SecretRoll, Vote
from webapp.voting.secret import bundle, checks, keys, reads
from webapp.voting.tally.rules import KINDS

from . import boxes, voting
from .making import Folder, failed, named, paper_of

SILENT = 2


@pytest.fixture
def people(ana):
    """The people who vote; two more voters don't."""
    return [ana, *(factories.user() for _turn in range(6))]


@pytest.fixture
def group(ana, people):
    return factories.group(
        ana, *people[1:], *(factories.user() for _turn in range(SILENT)), name="Leith Commons"
    )


def taken(vote, path):
    """Return what members download, unpacked."""
    return Folder(path, bundle.bundle_of(vote))


@pytest.mark.any_database
@pytest.mark.parametrize("kind", KINDS)
def test_a_real_vote_of_every_kind_verifies(kind, group, people, at, tmp_path, verify):
    vote = voting.opened(group, people[0], kind)
    held = voting.all_say(vote, people)
    seen = boxes.mixed(vote)
    voting.later(vote)
    voting.says_now(vote, people[0], held.keys[0], "")
    vote = boxes.closed(vote, at)
    folder = taken(vote, tmp_path)

    shown = [word for noted in (reads.links(vote)[0].root, seen.hash) for word in ("--seen", noted)]
    said = verify(
        folder.path, "--head", reads.head(vote), *shown, "--key", typed=keys.spelled(held.keys[2])
    )

    assert named(said.lines) == dict.fromkeys(checks.CHECKS, "ok"), said.lines
    assert said.status == 0
    assert [link["kind"] for link in folder.said["chain"]] == ["open", "mix", "extend", "close"]
    assert (folder.said["voted"], folder.said["roll"], len(folder.ballots)) == (7, 7 + SILENT, 7)
    assert "nothing: it is blank" in verify(folder.path, "--key", typed=held.keys[0]).lines[-2]


def test_the_standalone_verifier_accepts_a_bundle_of_the_site(group, people, at, tmp_path):
    held = voting.all_say(voting.opened(group, people[0], "stv"), people)
    vote = boxes.closed(held.vote, at)
    folder = taken(vote, tmp_path)

    run = [sys.executable, "-I", "verify.py", "--head", reads.head(vote), "--key"]
    found = subprocess.run(
        run,
        cwd=folder.path,
        input=held.keys[0],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert (found.returncode, found.stderr) == (0, ""), found.stdout
    assert bundle.bundle_of(vote) == bundle.bundle_of(vote)


def theirs(vote, key):
    """Return the row of this key."""
    return sa.and_(
        SecretBallot.vote_id == vote.id, SecretBallot.tracker == keys.tracker_of(str(vote.id), key)
    )


def flip(vote, held, people):
    """Change the choice on the first voter's ballot."""
    db.session.execute(
        sa.update(SecretBallot).where(theirs(vote, held.keys[0])).values(choice="2:7")
    )


def remove(vote, held, people):
    """Delete the first voter's ballot."""
    db.session.execute(sa.delete(SecretBallot).where(theirs(vote, held.keys[0])))


def add(vote, held, people):
    """Add a ballot that nobody cast."""
    tracker, choice, commitment = paper_of(keys.fresh(), "2:7")
    row = {"vote_id": vote.id, "tracker": tracker, "choice": choice, "commitment": commitment}
    db.session.execute(sa.insert(SecretBallot).values(row))


def exchange(vote, held, people):
    """Swap two voters' ballots: each tracker gets the other's choice, with its commitment."""
    rows = {
        key: db.session.execute(sa.select(SecretBallot).where(theirs(vote, key))).scalar_one()
        for key in held.keys[:2]
    }
    said = [{"choice": row.choice, "commitment": row.commitment} for row in rows.values()]
    for key, values in zip(rows, reversed(said), strict=True):
        db.session.execute(sa.update(SecretBallot).where(theirs(vote, key)).values(values))


def add_for_the_silent(vote, held, people):
    """Add a ballot, and mark someone who didn't vote."""
    add(vote, held, people)
    silent = (
        sa.select(SecretRoll.user_id)
        .where(SecretRoll.vote_id == vote.id, ~SecretRoll.voted)
        .limit(1)
        .scalar_subquery()
    )
    mark = (
        sa.update(SecretRoll)
        .where(SecretRoll.vote_id == vote.id, SecretRoll.user_id == silent)
        .values(voted=True)
    )
    db.session.execute(mark.execution_options(synchronize_session=False))


def run_until_close(group, people, at, done=None):
    """Create a vote, mix it, tamper with its rows, and let the site close it as usual."""
    held = voting.all_say(voting.opened(group, people[0]), people)
    boxes.mixed(held.vote)
    if done is not None:
        done(held.vote, held, people)
        db.session.commit()
    return held._replace(vote=boxes.closed(held.vote, at))


@pytest.mark.parametrize(
    ("done", "caught_by"),
    [
        (flip, {"key"}),
        (remove, {"numbers", "chain", "key"}),
        (add, {"numbers"}),
        (exchange, {"key"}),
    ],
    ids=["flip", "remove", "add", "reorder"],
)
def test_rows_tampered_with_before_closing_are_detected(
    done, caught_by, group, people, at, tmp_path, verify
):
    """The site itself computed root and chain from it: what remains is the count, and the key of
    the person affected.
    """
    held = run_until_close(group, people, at, done)
    folder = taken(held.vote, tmp_path)

    said = verify(folder.path, "--head", reads.head(held.vote), "--key", typed=held.keys[0])

    assert (said.status, failed(said.lines)) == (1, caught_by)
    assert not bundle.checked(held.vote, held.keys[0]).sound or done is add


def test_control_untouched_rows_verify(group, people, at, tmp_path, verify):
    held = run_until_close(group, people, at)
    folder = taken(held.vote, tmp_path)

    assert (
        verify(folder.path, "--head", reads.head(held.vote), "--key", typed=held.keys[0]).status
        == 0
    )
    assert bundle.checked(held.vote, held.keys[0]) == (True, "1:5 3:2", True)


@pytest.mark.parametrize("done", [flip, exchange])
def test_control_an_unaffected_voter_who_checks_only_the_count_sees_nothing(
    done, group, people, at, tmp_path, verify
):
    held = run_until_close(group, people, at, done)
    folder = taken(held.vote, tmp_path)

    assert verify(folder.path, "--key", typed=held.keys[5]).status == 0


def test_a_ballot_forged_for_a_nonvoter_shows_only_on_their_page(
    group, people, at, tmp_path, verify, browser
):
    held = run_until_close(group, people, at, add_for_the_silent)
    folder = taken(held.vote, tmp_path)
    silent = [
        person for person in db.session.scalars(access.electors(held.vote)) if person not in people
    ]

    assert (
        verify(folder.path, "--head", reads.head(held.vote), "--key", typed=held.keys[0]).status
        == 0
    )
    notified = [page_of(browser(person), held.vote) for person in silent]
    for words in ("You voted.", "You didn’t vote."):
        assert sorted(words in text for text in notified) == [False, True]


def page_of(page, vote):
    """Return what the vote's page says about someone's own ballot."""
    page.get(vote.path)
    return page.page.find(id="ballot").get_text(" ", strip=True)


def test_a_link_changed_in_the_database_is_detected(group, people, at, tmp_path, verify):
    held = run_until_close(group, people, at)
    db.session.execute(sa.text("UPDATE secret_link SET n = 6 WHERE kind = 'mix'"))
    db.session.commit()

    folder = taken(db.session.get_one(Vote, held.vote.id), tmp_path)

    assert failed(verify(folder.path).lines) == {"chain"}
