"""What database readers find: before a mix who cast which ballot, afterwards nothing.

Each check also runs before the mix, where it must find the link.
"""

from itertools import product

import pytest
import sqlalchemy as sa

from webapp.core.extensions import db
from webapp.core.jobs.queue import JOBS
from webapp.groups import groups
from webapp.ops.backup import making as backups
from webapp.voting.models import SecretBallot, SecretLink, SecretRoll
from webapp.voting.secret import mixing, purge

from . import asking, boxes, files

#: What PostgreSQL stores besides the columns of every row.
HIDDEN = ("xmin", "xmax", "cmin", "cmax", "ctid")


@pytest.fixture
def it(ana):
    """A box in tables without rows of other tests, whose free space would be filled first."""
    purge.renew()
    db.session.commit()
    return boxes.box(ana, others=11)


@pytest.fixture
def keys(it):
    """The keys of voters who have voted one after the other."""
    return boxes.all_cast(it)


def is_sqlite():
    return db.engine.dialect.name == "sqlite"


def seen(model, vote):
    """Return every row with all columns, including PostgreSQL's own, and its place in the order on
    disk.
    """
    hidden = (
        [] if is_sqlite() else [sa.literal_column(f"{name}::text").label(name) for name in HIDDEN]
    )
    query = sa.select(model.__table__, *hidden).where(model.__table__.c.vote_id == vote.id)
    rows = (
        db.session.execute(
            query
            if is_sqlite()
            else query.order_by(sa.literal_column(f"{model.__tablename__}.ctid"))
        )
        .mappings()
        .all()
    )
    return [{**row, "place": n} for n, row in enumerate(rows)]


def linked(it, keys):
    """Return for every pair of columns how many ballots it links to their voter, as the only voter
    with the same value.
    """
    roll = [row for row in seen(SecretRoll, it.vote) if row["voted"]]
    box = seen(SecretBallot, it.vote)
    whose = {boxes.tracker(it, key): user_id for user_id, key in keys.items()}
    found = {}
    for mine, theirs in product(roll[0], box[0]):
        if {"place", "ctid"} & {mine, theirs}:
            continue  # places are compared as orders
        for ballot in box:
            same = [row["user_id"] for row in roll if str(row[mine]) == str(ballot[theirs])]
            if same == [whose[ballot["tracker"]]]:
                found[mine, theirs] = found.get((mine, theirs), 0) + 1
    return found


def order_of_ballots(it):
    """Return the trackers in their order on disk."""
    if is_sqlite():
        return files.in_order(
            "secret_ballot",
            [tracker for (tracker,) in boxes.rows(SecretBallot, it.vote, "tracker")],
        )
    return [row["tracker"] for row in seen(SecretBallot, it.vote)]


def order_of_voters(it):
    """Return those who have voted, in the order of their rows on disk."""
    if is_sqlite():
        return files.in_order("secret_roll", [person.id.hex for person in it.people])
    return [row["user_id"].hex for row in seen(SecretRoll, it.vote) if row["voted"]]


def in_turn(it, keys):
    """Return the trackers in the order in which people voted, which an observer could note."""
    return [boxes.tracker(it, key) for key in keys.values()]


def test_control_before_a_mix_each_ballot_leads_to_its_voter(it, keys):
    """The control of all following tests."""
    assert order_of_ballots(it) == in_turn(it, keys)
    if is_sqlite():
        assert linked(it, keys) == {}
    else:
        assert linked(it, keys)["xmin", "xmin"] == 12
        assert order_of_voters(it) == [user_id.hex for user_id in keys]


@pytest.mark.parametrize("how", ["mix", "stir", "close", "put away"])
def test_after_a_mix_no_column_and_no_order_leads_to_a_voter(it, keys, how, at):
    mixed(it, how, at)

    assert linked(it, keys) == {}
    assert order_of_ballots(it) == sorted(in_turn(it, keys))
    assert order_of_voters(it) == sorted(person.id.hex for person in it.people)


def mixed(it, how, at):
    if how == "mix":
        boxes.mixed(it.vote)
    elif how == "stir":
        mixing.stir(it.vote.id)
        db.session.commit()
    elif how == "put away":
        groups.delete(it.vote.group, by=it.vote.author)
        db.session.commit()
    else:
        boxes.closed(it.vote, at)


def test_a_second_mix_covers_ballots_cast_or_changed_since_the_first(it, keys):
    boxes.mixed(it.vote)
    for user_id, key in list(keys.items())[:6]:
        person = next(person for person in it.people if person.id == user_id)
        boxes.change(it.vote, person, key, 3)
    boxes.mixed(it.vote)

    assert linked(it, keys) == {}
    assert order_of_ballots(it) == sorted(in_turn(it, keys))


# Only SQLite has row ids; PostgreSQL's ctid is tested above.
@pytest.mark.any_database
def test_the_tables_of_secret_votes_have_no_row_numbers(app, ana):
    if not is_sqlite():
        return
    assert db.session.scalar(sa.text("SELECT max(rowid) FROM user")), "the control: others have"
    for model in (SecretRoll, SecretBallot, SecretLink):
        with pytest.raises(sa.exc.OperationalError, match="rowid"):
            db.session.execute(sa.text(f"SELECT rowid FROM {model.__tablename__}"))


@pytest.mark.postgresql
def test_changing_a_ballot_leaves_the_voter_list_untouched(it, keys):
    """A lock on the voter's row would appear as `xmax`, and a join on `xmin` wouldn't show it."""
    if is_sqlite():
        return
    boxes.mixed(it.vote)
    before = seen(SecretRoll, it.vote)
    for person in it.people:
        boxes.change(it.vote, person, keys[person.id], 2)
    assert seen(SecretRoll, it.vote) == before

    db.session.execute(
        sa.select(SecretRoll).where(SecretRoll.user_id == it.people[0].id).with_for_update()
    )
    db.session.commit()
    assert [
        row["user_id"]
        for row, was in zip(seen(SecretRoll, it.vote), before, strict=True)
        if row != was
    ] == [it.people[0].id]


@pytest.mark.both_databases
def test_voting_on_the_page_writes_only_a_mark_and_a_ballot(it, ana, browser):
    """From the page before to the page after, including everything that a request does besides
    casting.
    """
    pages = [browser(person) for person in (ana, it.people[0])]
    before = boxes.whole()
    given = [asking.cast(page, it.vote, choice="2") for page in pages]
    for page in pages:
        page.get(it.vote.path)

    assert boxes.changed_tables(before) == {"secret_roll", "secret_ballot"}
    differing = {
        "tracker",
        "commitment",
        "place",
        *HIDDEN,
    }  # which depend only on the keys and the database
    alike = [
        {name: value for name, value in row.items() if name not in differing}
        for row in seen(SecretBallot, it.vote)
    ]
    assert alike == [{"vote_id": it.vote.id, "choice": "2", "is_fresh": True}] * 2
    assert {row["tracker"] for row in seen(SecretBallot, it.vote)} == {
        boxes.tracker(it, key) for key in given
    }
    marked = [row for row in seen(SecretRoll, it.vote) if row["voted"]]
    assert {row["user_id"] for row in marked} == {ana.id, it.people[0].id}
    assert set(marked[0]) - {"place", *HIDDEN} == {"vote_id", "user_id", "voted"}
    if not is_sqlite():
        assert written_since(min(int(row["xmin"]) for row in seen(SecretBallot, it.vote))) == {
            "secret_roll": 2,
            "secret_ballot": 2,
        }


def written_since(xmin):
    """Return the number of rows by table that this transaction and later ones have written."""
    written = {}
    for table in db.metadata.sorted_tables:
        since = sa.text(f'SELECT count(*) FROM "{table.name}" WHERE xmin::text::bigint >= :xmin')  # noqa: S608
        written[table.name] = db.session.execute(since, {"xmin": xmin}).scalar_one()
    return {name: number for name, number in written.items() if number}


@pytest.mark.parametrize("how", ["mix", "close"])
def test_after_a_mix_each_ballot_is_in_the_database_files_once(it, keys, how, at):
    trackers = in_turn(it, keys)
    if is_sqlite():
        db.session.rollback()
        assert len(files.log()) > 0, (
            "the control: the log holds pages as they were when a ballot came"
        )
    mixed(it, how, at)
    db.session.rollback()
    if is_sqlite():
        assert min(map(copies, trackers)) > expected(), (
            "the control: the log holds more than the mix"
        )
        JOBS["voting.clear"]()
        assert files.log() == b""

    assert {copies(tracker) for tracker in trackers} == {expected()}


def copies(tracker):
    """Return how often a tracker is in the database's files."""
    held = files.every_byte() if is_sqlite() else files.heap("secret_ballot")
    return held.count(tracker.encode())


def expected():
    """Return how often it should be: in the row and, on PostgreSQL, in the entry of its key."""
    return 1 if is_sqlite() else 2


def test_a_backup_mixes_the_ballots_first(it, keys, tmp_path):
    db.session.rollback()
    backups.make(tmp_path / "backup.zip")
    db.session.commit()

    assert linked(it, keys) == {}
    assert order_of_ballots(it) == sorted(in_turn(it, keys))
    assert mixing.due() == [it.vote.id], "its next checkpoint tells of them"
