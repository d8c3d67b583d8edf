"""Choices and keys are only in their own table: not in logs, Redis, the outbox, the audit log, the
queue or other tables.
"""

import logging
import zipfile

import pytest
import sqlalchemy as sa

from tests import factories, parts
from tests.accounts.test_secrets_elsewhere import everything_in
from tests.browser_like import Browser
from tests.fan_outs import run_fan_outs
from tests.voting import making
from webapp import create_app
from webapp.core.db import database_clock
from webapp.core.extensions import db
from webapp.core.jobs.queue import JOBS
from webapp.ops.backup import making as backups
from webapp.voting.models import SecretBallot
from webapp.voting.planning import votes
from webapp.voting.routes import secret_ballots
from webapp.voting.secret import keys
from webapp.voting.tally.rules import SCORE

from . import asking

pytestmark = pytest.mark.services

#: Nothing else is written like these.
CHOSE, CHANGED = ((1, 9), (2, 7), (3, 8)), ((1, 6), (2, 9), (3, 4))
SAID = ("1:9 2:7 3:8", "1:6 2:9 3:4")


@pytest.fixture
def redis():
    with parts.empty_redis(parts.OTHER) as client:
        yield client


@pytest.fixture
def site(empty_database, tmp_path, redis):
    """A site with a queue in Redis that nothing processes."""
    url = parts.redis_url(parts.OTHER)
    app = create_app(
        DATABASE_URL=empty_database,
        INSTANCE=str(tmp_path),
        REDIS_URL=url,
        MAIL_SERVER="",
        SECRET_KEY="k" * 40,
        TESTING=True,
    )
    with app.app_context():
        db.create_all()
        yield app
        db.session.remove()
        db.engine.dispose()


def elsewhere():
    """Return everything in the database except the ballots themselves."""
    tables = [table for table in db.metadata.sorted_tables if table is not SecretBallot.__table__]
    return "\n".join(
        f"{table.name}: {db.session.execute(sa.select(table)).all()}" for table in tables
    )


def filled(vote, marks, **more):
    """Return the fields of a ballot's form."""
    return {
        **{f"mark-{number}": str(points) for number, points in marks},
        "version": str(vote.version),
        **more,
    }


def cast(page, vote):
    """Return the key that someone was shown for their ballot."""
    assert page.post(f"{vote.path}/secret-ballot", filled(vote, CHOSE)).status_code == 200
    return asking.key_on(page)


def breaks(page, vote, site, monkeypatch):
    """Cast someone's ballot whose page can't be rendered; return the key that nobody was shown."""
    seen = []

    def fail(_vote, key, _choice):
        seen.append(key)
        raise ValueError("no page")

    with monkeypatch.context() as patched:
        patched.setattr(secret_ballots, "_key_page", fail)
        patched.setitem(site.config, "PROPAGATE_EXCEPTIONS", False)
        assert page.post(f"{vote.path}/secret-ballot", filled(vote, CHOSE)).status_code == 500
    return seen[0]


def test_choices_and_keys_leak_nowhere(site, redis, tmp_path, monkeypatch, capfd, caplog, emailed):
    emailed("vote.closed")
    caplog.set_level(logging.DEBUG)
    people = [factories.user(f"Voter{n}") for n in range(7)]
    vote = making.vote(factories.group(*people), people[0], kind=SCORE, score_max=9, is_secret=True)
    pages = [Browser.of(site, person) for person in people]
    given = [cast(page, vote) for page in pages[:6]]
    for page, key in zip(pages[:5], given[:5], strict=True):
        assert (
            page.post(
                f"{vote.path}/key/ballot", filled(vote, CHANGED, key=keys.spelled(key))
            ).status_code
            == 303
        )
        assert page.post(f"{vote.path}/key", {"key": key}).status_code == 200
    wrong = keys.fresh()
    for text in (wrong, "canary otter"):
        assert (
            pages[0].post(f"{vote.path}/key/ballot", filled(vote, CHOSE, key=text)).status_code
            == 422
        )
    broken = breaks(pages[6], vote, site, monkeypatch)
    JOBS["voting.mix"]()
    closes = vote.closes_at
    votes.update(
        vote,
        by=people[0],
        plan=making.plan(
            kind=SCORE, score_max=9, is_secret=True, closes_at=closes, description="Said"
        ),
    )
    db.session.commit()
    monkeypatch.setattr(database_clock, "now", lambda: closes)
    JOBS["voting.close_due"]()
    run_fan_outs()
    JOBS["voting.clear"]()

    shown = capfd.readouterr()
    left = {
        "redis": everything_in(redis),
        "database": elsewhere(),
        "log": shown.out + shown.err + caplog.text,
    }
    trackers = [keys.tracker_of(str(vote.id), key) for key in given]
    assert sorted(db.session.scalars(sa.select(SecretBallot.tracker))) == sorted(trackers), (
        "the control: there they are"
    )
    assert sorted(set(db.session.scalars(sa.select(SecretBallot.choice)))) == sorted(SAID)
    assert "mail.deliver" in left["redis"]
    assert "secret_ballots.create" in left["log"]
    assert "no page" in left["log"]
    assert "voting/closed" in left["database"]
    for place, words in left.items():
        for secret in (
            *SAID,
            *given,
            *map(keys.spelled, given),
            wrong,
            broken,
            keys.spelled(broken),
            *trackers,
            "canary otter",
        ):
            assert secret not in words, place

    db.session.rollback()
    backups.make(tmp_path / "backup.zip")
    with zipfile.ZipFile(tmp_path / "backup.zip") as packed:
        holds = {name: packed.read(name).decode() for name in packed.namelist()}
    telling = {
        name for name, words in holds.items() if any(word in words for word in (*SAID, *trackers))
    }
    assert telling == {"rows/secret_ballot.jsonl"}
    assert not [name for name, words in holds.items() if any(key in words for key in given)]
