"""Email through a real worker, Redis and SMTP server: no email is lost when one of them dies."""

from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from redis import Redis

from tests import databases, parts
from tests.processes import eventually, kill, running
from webapp import create_app
from webapp.core.db import database_clock
from webapp.core.extensions import db
from webapp.mail import outbox
from webapp.mail.models import SENDING, SENT, OutgoingEmail

from .postoffice import PostOffice

pytestmark = pytest.mark.services


@pytest.fixture(params=[pytest.param("sqlite", marks=pytest.mark.deep), "postgresql"])
def database(request, tmp_path):
    """An empty database that other processes can open, too."""
    with databases.fresh(request.param, tmp_path) as address:
        yield address


@pytest.fixture
def site(database, tmp_path):
    """A site on this database, with Redis and a post office: `app`, `environment`, `office`,
    `redis`.
    """
    redis_url = parts.redis_url(parts.MAIL)
    redis = Redis.from_url(redis_url)
    redis.flushdb()
    with PostOffice() as office:
        environment = {
            "DATABASE_URL": database,
            "REDIS_URL": redis_url,
            "INSTANCE": str(tmp_path),
            "SECRET_KEY": "a key for tests only, long enough and plain",
            "MAIL_SERVER": "127.0.0.1",
            "MAIL_PORT": str(office.port),
            "MAIL_USE_TLS": "no",
        }
        app = create_app(**environment | {"MAIL_PORT": office.port, "MAIL_USE_TLS": False})
        with app.app_context():
            db.create_all()
            yield SimpleNamespace(
                app=app, environment=environment, office=office, redis=redis, log=tmp_path / "log"
            )
            db.session.remove()
            db.engine.dispose()
    redis.flushdb()
    redis.close()


def post(number):
    for place in range(number):
        outbox.enqueue_email("mail/test", to=f"person{place}@example.org")
    db.session.commit()


def states():
    found = set(db.session.scalars(sa.select(OutgoingEmail.state)))
    db.session.rollback()  # so that this test blocks nobody
    return found


def addresses(office):
    return {email["To"] for email in office.emails}


def test_a_worker_sends_emails_queued_by_a_request(site):
    with running("worker", log=site.log, **site.environment):
        post(5)
        assert eventually(lambda: len(site.office.emails) == 5), site.log.read_text()
        assert eventually(lambda: states() == {SENT})
    assert len(addresses(site.office)) == 5


@pytest.mark.deep
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_the_email_of_a_killed_worker_is_sent_when_its_lease_expires(site):
    site.office.data_answers.append("silence")
    post(1)
    site.environment["MAIL_LEASE_SECONDS"] = "1"
    with running("worker", log=site.log, **site.environment) as worker:
        assert site.office.asked.wait(90), site.log.read_text()
        kill(worker)
    assert states() == {SENDING}
    assert site.office.emails == []
    assert eventually(
        lambda: db.session.scalar(sa.select(OutgoingEmail.leased_until)) < database_clock.now()
    )

    with (
        running("worker", log=site.log, **site.environment),
        running("clock", log=site.log, **site.environment),
    ):
        assert eventually(lambda: states() == {SENT}), site.log.read_text()
    assert len(site.office.emails) == 1
    assert db.session.scalar(sa.select(OutgoingEmail.attempts)) == 2


EMAILS = 150  # each in a child process of the worker


def flushed_in_the_middle(site):
    """Queue many emails, and empty Redis once the worker has begun."""
    post(EMAILS)
    assert eventually(lambda: len(site.office.emails) >= 10), site.log.read_text()
    site.redis.flushdb()
    assert len(site.office.emails) < EMAILS


@pytest.mark.deep
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_no_email_is_lost_when_redis_loses_its_data(site):
    options = {"log": site.log, **site.environment}
    with running("worker", **options), running("worker", **options):
        flushed_in_the_middle(site)
        with running("clock", **options):
            assert eventually(lambda: states() == {SENT}, 180), site.log.read_text()
    assert len(addresses(site.office)) == EMAILS
    assert len(site.office.emails) == EMAILS


@pytest.mark.deep
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_control_without_the_sweep_emails_are_lost(site):
    with running("worker", log=site.log, **site.environment):
        flushed_in_the_middle(site)
        post(1)
        assert eventually(
            lambda: any(email["To"] == "person0@example.org" for email in site.office.emails[-1:])
        )
    assert len(addresses(site.office)) < EMAILS
    assert states() != {SENT}
