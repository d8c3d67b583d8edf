"""After a mix, PostgreSQL's files, read with `pageinspect`, don't link ballots to voters."""

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from tests.voting.test_races import everyone_at_once
from webapp.core.db import site_flags
from webapp.core.db.engine import reading
from webapp.core.extensions import db
from webapp.core.jobs.queue import JOBS
from webapp.groups import groups
from webapp.ops.backup import archive, making as backups, rows
from webapp.voting.models import SecretBallot, SecretLink, SecretRoll
from webapp.voting.planning import votes
from webapp.voting.secret import mixing, purge

from . import boxes, pages
from .test_races import casting_of

pytestmark = pytest.mark.postgresql


def is_sqlite():
    return db.engine.dialect.name == "sqlite"


@pytest.fixture
def it(ana):
    return boxes.box(ana, others=6)


@pytest.fixture
def keys(it):
    """The keys of seven voters who voted one after the other; one of them has changed their
    ballot.
    """
    given = boxes.all_cast(it)
    boxes.change(it.vote, it.people[2], given[it.people[2].id], 3)
    return given


def led_to_their_voters(it, keys):
    """Return how many ballots lead to their voter: one of the ballot's rows, dead or not, was
    written by a transaction that marked only this voter.
    """
    whose = {boxes.tracker(it, key): user_id.bytes for user_id, key in keys.items()}
    with pages.readable() as connection:
        found = pages.by_transaction(connection, it.vote.id)
    return sum({whose[tracker]} in people for tracker, people in found.items())


def assert_nothing_is_left():
    """Assert that no file contains a deleted row, and that all rows are from one transaction, so
    that joins lead nowhere.
    """
    with pages.readable() as connection:
        for model in (SecretRoll, SecretBallot, SecretLink):
            table = model.__tablename__
            there = (
                connection.execute(sa.select(sa.literal_column("ctid::text")).select_from(model))
                .scalars()
                .all()
            )
            heap = pages.heap(connection, table)
            assert [row.ctid for row in heap] == there, table
            assert {row.xmax for row in heap} <= {"0"}, table
            assert len({row.xmin for row in heap}) <= 1, table
            assert sorted(pages.entries(connection, table)) == sorted(there), table
            assert pages.long_values(connection, table) == 0, table


def mixed(it, how, at):
    if how == "mix":
        JOBS["voting.mix"]()
        assert mixing.due() == []
    elif how == "backup":
        backups.mix()
    elif how == "close":
        boxes.closed(it.vote, at)
    elif how == "cancel":
        votes.cancel(it.vote, by=it.vote.author)
    else:
        groups.delete(it.vote.group, by=it.vote.author)
    db.session.commit()


@pytest.mark.parametrize("how", ["mix", "backup", "close", "cancel", "put away"])
def test_no_file_holds_a_row_from_before_the_mix(it, keys, how, at):
    if is_sqlite():
        return
    assert led_to_their_voters(it, keys) == 7

    mixed(it, how, at)

    assert_nothing_is_left()
    assert led_to_their_voters(it, keys) == 0


def test_control_without_new_files_dead_rows_lead_to_every_voter(it, keys, monkeypatch, at):
    if is_sqlite():
        return
    monkeypatch.setattr(purge, "renew", lambda: None)
    mixed(it, "mix", at)

    assert led_to_their_voters(it, keys) == 7
    with pytest.raises(AssertionError):
        assert_nothing_is_left()


def test_changed_ballots_are_mixed_without_a_trace(it, keys):
    if is_sqlite():
        return
    boxes.mixed(it.vote)
    for person in it.people[:5]:
        boxes.change(it.vote, person, keys[person.id], 2)
    JOBS["voting.mix"]()

    assert_nothing_is_left()
    assert len(set(boxes.rows(SecretBallot, it.vote, "tracker"))) == 7


def test_mixing_one_vote_keeps_the_ballots_of_another(it, keys, ana):
    if is_sqlite():
        return
    other = boxes.box(ana, others=4)
    boxes.cast(other.vote, ana, 1)
    names = ("tracker", "choice", "commitment", "is_fresh")
    before = [
        boxes.rows(SecretBallot, other.vote, *names),
        boxes.rows(SecretRoll, other.vote, "user_id", "voted"),
    ]
    JOBS["voting.mix"]()

    assert [
        boxes.rows(SecretBallot, other.vote, *names),
        boxes.rows(SecretRoll, other.vote, "user_id", "voted"),
    ] == before
    assert_nothing_is_left()


def test_an_open_transaction_does_not_preserve_the_old_rows(it, keys):
    """VACUUM FULL would keep old rows for it, as it would for a replica's, or for a prepared
    transaction.
    """
    if is_sqlite():
        return
    db.session.commit()
    with db.engine.connect().execution_options(isolation_level="REPEATABLE READ") as reader:
        reader.execute(sa.text("SELECT count(*) FROM vote"))
        JOBS["voting.mix"]()
        assert_nothing_is_left()


def test_an_interrupted_mix_leaves_the_ballots_unchanged(it, keys, monkeypatch):
    if is_sqlite():
        return
    before = (
        boxes.rows(SecretBallot, it.vote, "tracker", "choice"),
        boxes.rows(SecretRoll, it.vote, "user_id", "voted"),
    )
    vote_id = it.vote.id
    db.session.commit()
    mixing.mix(vote_id)
    pid = db.session.scalar(sa.text("SELECT pg_backend_pid()"))
    with db.engine.connect() as other:
        other.execute(sa.text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})
    with pytest.raises(OperationalError):
        db.session.commit()
    db.session.rollback()

    assert (
        boxes.rows(SecretBallot, it.vote, "tracker", "choice"),
        boxes.rows(SecretRoll, it.vote, "user_id", "voted"),
    ) == before
    JOBS["voting.mix"]()
    assert_nothing_is_left()


def test_a_mix_yields_to_other_locks_and_is_retried(it, keys, monkeypatch):
    if is_sqlite():
        return
    monkeypatch.setattr(purge, "PATIENCE", "50ms")
    vote_id = it.vote.id
    db.session.commit()
    with db.engine.connect() as reader:
        reader.execute(sa.text("SELECT count(*) FROM secret_roll"))
        JOBS["voting.mix"]()
        assert site_flags.get(purge.FAILED) is not None
        assert mixing.due() == [vote_id]
        db.session.commit()

    JOBS["voting.clear"]()
    assert site_flags.get(purge.FAILED) is None
    assert mixing.due() == []
    assert_nothing_is_left()


def test_a_vote_that_cannot_be_closed_yet_is_reported_and_closed_later(it, keys, monkeypatch, at):
    if is_sqlite():
        return
    monkeypatch.setattr(purge, "PATIENCE", "50ms")
    at(it.vote.closes_at)
    db.session.commit()
    with db.engine.connect() as reader:
        reader.execute(sa.text("SELECT count(*) FROM secret_roll"))
        JOBS["voting.close_due"]()
        JOBS["voting.clear"]()
        assert site_flags.get(purge.FAILED) is not None
        db.session.commit()
    assert not it.vote.is_counted

    JOBS["voting.close_due"]()
    JOBS["voting.clear"]()
    db.session.expire_all()
    assert it.vote.is_counted
    assert site_flags.get(purge.FAILED) is None


def test_ballots_cast_during_mixes_wait_and_are_all_counted(app, it, ana):
    """Prepared statements of all connections continue with the new files."""
    if is_sqlite():
        return
    vote_id, people, other = (
        it.vote.id,
        [person.id for person in it.people],
        boxes.box(ana, others=6),
    )
    theirs = [(other.vote.id, person.id) for person in other.people]

    def shake():
        for _turn in range(10):
            mixing.mix(vote_id)
            db.session.commit()

    done = everyone_at_once(
        app,
        [
            shake,
            *(casting_of(vote_id, one, 1) for one in people),
            *(casting_of(vote, one, 2) for vote, one in theirs),
        ],
    )

    assert all(isinstance(key, str) for key in done[1:])
    assert (
        len(boxes.rows(SecretBallot, it.vote, "tracker"))
        == len(boxes.rows(SecretBallot, other.vote, "tracker"))
        == 7
    )


def test_a_backup_holds_every_ballot_even_if_a_mix_starts_meanwhile(
    it, keys, tmp_path, monkeypatch
):
    if is_sqlite():
        return
    assert ballots_in_a_backup(it, tmp_path, monkeypatch) == (False, True, 7)


def test_control_a_backup_without_the_table_lock_finds_no_ballots(it, keys, tmp_path, monkeypatch):
    if is_sqlite():
        return
    monkeypatch.setattr(purge, "hold_for_reading", lambda connection: None)
    assert ballots_in_a_backup(it, tmp_path, monkeypatch) == (True, True, 0)


def ballots_in_a_backup(it, tmp_path, monkeypatch):
    """Return whether a mix succeeded before the ballots were read, and after; and how many the
    archive contains.
    """
    monkeypatch.setattr(purge, "PATIENCE", "50ms")
    vote_id, went, tables, write = it.vote.id, [], rows.tables, archive.Writer.rows

    def mix():
        token = reading.set(False)
        try:
            mixing.mix(vote_id)
            db.session.commit()
        except OperationalError:
            db.session.rollback()
            return False
        finally:
            reading.reset(token)
        return True

    def tables_then_mix(connection):
        found = tables(connection)
        went.append(mix())
        return found

    def write_and_mix(self, table, lines):
        write(self, table, lines)
        if table == "user":
            went.append(mix())

    monkeypatch.setattr(rows, "tables", tables_then_mix)
    monkeypatch.setattr(archive.Writer, "rows", write_and_mix)
    manifest = backups.make(tmp_path / "backup.zip")
    db.session.commit()
    return *went, manifest["tables"]["secret_ballot"]["rows"]
