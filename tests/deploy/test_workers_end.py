"""A worker that is told to stop finishes its email and takes no other; the clock and the all-in-one
server stop too.
"""

import os
import signal

import pytest
import sqlalchemy as sa
from redis import Redis

from tests import parts
from tests.mail.postoffice import PostOffice
from tests.processes import children, eventually
from webapp.core.extensions import db
from webapp.mail import outbox
from webapp.mail.models import QUEUED, SENDING, SENT, OutgoingEmail

from .deployed_site import DeployedSite, deployed_site

pytestmark = pytest.mark.services


@pytest.fixture
def clean():
    """Every test here has its own database, so nothing is emptied."""


@pytest.fixture
def office():
    """A post office that holds the first email until it is told to continue."""
    with PostOffice() as found:
        found.data_answers.append("pause")
        yield found


@pytest.fixture
def home(tmp_path, office):
    """A deployed site with an empty queue, and three emails in the outbox."""
    Redis.from_url(parts.redis_url(parts.OTHER)).flushdb()
    with deployed_site(tmp_path, MAIL_PORT=str(office.port)) as made, made.app().app_context():
        for number in range(3):
            outbox.enqueue_email("mail/test", to=f"person{number}@example.org")
        db.session.commit()
        yield made
        db.session.remove()
        db.engine.dispose()


def states() -> list[str]:
    """Return the states of the emails, sorted."""
    found = list(db.session.scalars(sa.select(OutgoingEmail.state).order_by(OutgoingEmail.state)))
    db.session.rollback()
    return found


def ends_its_email_before_it_leaves(home: DeployedSite, name: str, office: PostOffice) -> None:
    """Expect a process that is told to stop while sending the first of three emails to send it, and
    no other.
    """
    process = home.start(name)
    assert office.asked.wait(90), home.site.logs()

    process.send_signal(signal.SIGTERM)
    assert not eventually(lambda: process.poll() is not None, 1)
    office.speak()

    assert process.wait(90) == 0
    assert states() == [QUEUED, QUEUED, SENT]


def test_a_stopping_worker_finishes_its_email_and_takes_no_other(home, office):
    ends_its_email_before_it_leaves(home, "worker", office)
    assert len(office.emails) == 1
    home.start("worker")
    assert eventually(lambda: states() == [SENT] * 3), home.site.logs()
    assert len(office.emails) == 3


@pytest.mark.deep
def test_control_stopping_the_child_too_leaves_the_email_to_its_lease(home, office):
    worker = home.start("worker")
    assert office.asked.wait(90), home.site.logs()

    for pid in children(worker.pid):
        os.kill(pid, signal.SIGTERM)
    worker.send_signal(signal.SIGTERM)
    worker.wait(30)

    assert states().count(SENDING) == 1
    assert office.emails == []


@pytest.mark.deep
def test_the_clock_stops_when_told_to(home):
    clock = home.start("clock")
    redis = Redis.from_url(parts.redis_url(parts.OTHER))
    assert eventually(lambda: any(b"mail-sweep" in key for key in redis.keys("rq:job:*"))), (
        home.site.logs()
    )

    clock.send_signal(signal.SIGTERM)

    assert clock.wait(90) == 0


@pytest.mark.deep
def test_an_all_in_one_server_finishes_its_email_before_it_stops(tmp_path, office):
    with (
        deployed_site(tmp_path, MAIL_PORT=str(office.port), REDIS_URL="") as alone,
        alone.app().app_context(),
    ):
        for number in range(3):
            outbox.enqueue_email("mail/test", to=f"person{number}@example.org")
        db.session.commit()
        ends_its_email_before_it_leaves(alone, "web", office)
        db.session.remove()
        db.engine.dispose()
