"""What people chose and the keys to it are found in the one table that is theirs: not in logs, in Redis, in the outbox, in the
audit log, in the queue, or anywhere else in the database."""

import logging
import zipfile

import pytest
import sqlalchemy as sa
from redis import Redis

from tests import factories, parts
from tests.accounts.test_secrets_elsewhere import everything_in
from tests.voting import making
from webapp import create_app
from webapp.accounts import sign_ins
from webapp.core import clock
from webapp.core.extensions import db
from webapp.core.queue import JOBS
from webapp.ops.backup import making as backups
from webapp.voting import votes
from webapp.voting.models import SCORE, SecretBallot
from webapp.voting.reasons import BallotRefused
from webapp.voting.secret import casting, changing, keys

pytestmark = pytest.mark.services

#: Nothing else is written like these.
CHOSE, CHANGED = ((1, 9), (2, 7), (3, 8)), ((1, 6), (2, 9), (3, 4))
SAID = ("1:9 2:7 3:8", "1:6 2:9 3:4")


@pytest.fixture
def redis():
    with Redis.from_url(parts.redis_url(parts.OTHER)) as client:
        client.flushdb()
        yield client
        client.flushdb()


@pytest.fixture
def site(empty_database, tmp_path, redis):
    """A site with a queue in Redis that nobody works off."""
    url = parts.redis_url(parts.OTHER)
    app = create_app(
        DATABASE_URL=empty_database, INSTANCE=str(tmp_path), REDIS_URL=url, MAIL_SERVER="", SECRET_KEY="k" * 40, TESTING=True
    )
    with app.app_context():
        db.create_all()
        yield app
        db.session.remove()
        db.engine.dispose()


def elsewhere():
    """Everything in the database but the ballots themselves."""
    tables = [table for table in db.metadata.sorted_tables if table is not SecretBallot.__table__]
    return "\n".join(f"{table.name}: {db.session.execute(sa.select(table)).all()}" for table in tables)


def test_no_choice_and_no_key_is_left_behind(site, redis, tmp_path, monkeypatch, capfd, caplog):
    caplog.set_level(logging.DEBUG)
    people = [factories.user(f"Voter{n}") for n in range(6)]
    for person in people:
        sign_ins.open_for(person, site.config)
    vote = making.vote(factories.group(*people), people[0], kind=SCORE, score_max=9, is_secret=True)
    given = []
    for person in people:
        given.append(casting.cast(vote, person, CHOSE))
        db.session.commit()
    for person, key in list(zip(people, given, strict=True))[:5]:
        changing.change(vote, person, keys.spelled(key), CHANGED)
        db.session.commit()
    wrong = keys.fresh()
    for text in (wrong, "canary otter"):
        with pytest.raises(BallotRefused):
            changing.change(vote, people[0], text, CHOSE)
        db.session.rollback()
    JOBS["voting.mix"]()
    closes = vote.closes_at
    votes.update(
        vote, by=people[0], plan=making.plan(kind=SCORE, score_max=9, is_secret=True, closes_at=closes, description="Said")
    )
    db.session.commit()
    monkeypatch.setattr(clock, "database_now", lambda: closes)
    JOBS["voting.close_due"]()
    JOBS["voting.clear"]()

    shown = capfd.readouterr()
    left = {"redis": everything_in(redis), "database": elsewhere(), "log": shown.out + shown.err + caplog.text}
    trackers = [keys.tracker_of(str(vote.id), key) for key in given]
    assert sorted(db.session.scalars(sa.select(SecretBallot.tracker))) == sorted(trackers), "the control: there they are"
    assert sorted(set(db.session.scalars(sa.select(SecretBallot.choice)))) == sorted(SAID)
    assert "mail.deliver" in left["redis"]
    assert "voting/closed" in left["database"]
    for place, words in left.items():
        for secret in (*SAID, *given, *map(keys.spelled, given), wrong, *trackers, "canary otter"):
            assert secret not in words, place

    db.session.rollback()
    backups.make(tmp_path / "backup.zip")
    with zipfile.ZipFile(tmp_path / "backup.zip") as packed:
        holds = {name: packed.read(name).decode() for name in packed.namelist()}
    telling = {name for name, words in holds.items() if any(word in words for word in (*SAID, *trackers))}
    assert telling == {"rows/secret_ballot.jsonl"}
    assert not [name for name, words in holds.items() if any(key in words for key in given)]
