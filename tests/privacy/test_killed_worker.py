"""A real worker is killed with -9 during an export: another one finishes it, and the status stays
right.
"""

import io
import zipfile
from datetime import timedelta

import pytest
import sqlalchemy as sa
from redis import Redis

from tests import factories, parts
from tests.deploy.deployed_site import deployed_site
from tests.processes import eventually, kill
from webapp.conversation.models import Mention
from webapp.core.extensions import db
from webapp.core.jobs.queue import JOBS
from webapp.core.time import clock
from webapp.privacy import exports, reads
from webapp.privacy.models import READY, RUNNING, DataExport

pytestmark = [pytest.mark.services, pytest.mark.postgresql]


@pytest.fixture
def clean():
    """The deployed site has its own database."""


@pytest.fixture
def home(tmp_path):
    """A deployed site with an empty queue, and Ana in it: `home.ana`."""
    Redis.from_url(parts.redis_url(parts.OTHER)).flushdb()
    with deployed_site(tmp_path) as made, made.app().app_context():
        made.ana = factories.user("Ana", "Souza")
        db.session.commit()
        yield made
        db.session.remove()
        db.engine.dispose()


def status(user):
    """Return (state, parts packed, parts in total, attempts) of the export from the database."""
    db.session.rollback()
    export = reads.export_of(user)
    found = export.state, export.done, export.total, export.attempts
    db.session.rollback()
    return found


def lease_is_over():
    """Let the two minutes pass in which no other worker may take the export."""
    db.session.execute(
        sa.update(DataExport).values(leased_until=clock.now() - timedelta(seconds=1))
    )
    db.session.commit()


@pytest.mark.deep
def test_another_worker_finishes_the_export_of_a_killed_one(home):
    ana = home.ana
    total = len((every := exports.parts_of(ana)).json) + len(every.files)
    held = Mention.__table__  # far down the list, and not read before its turn
    stuck = [part.model.__table__ for part in every.json].index(held)
    db.session.rollback()
    with db.engine.connect() as holder:  # the worker gets as far as this table, and waits
        holder.exec_driver_sql(f'LOCK TABLE "{held.name}" IN ACCESS EXCLUSIVE MODE')
        exports.ask(ana)
        db.session.commit()
        worker = home.start("worker")
        assert eventually(lambda: status(ana)[0] == RUNNING and status(ana)[1] > 0), (
            home.site.logs()
        )
        kill(worker)
        home.site.processes.remove(worker)
        before = status(ana)
    state, done, known, attempts = before
    assert (state, known, attempts) == (RUNNING, total, 1)
    assert 0 < done <= stuck

    home.start("worker-2")
    JOBS["privacy.sweep"]()
    assert not eventually(lambda: status(ana) != before, 1), (
        "its lease still holds: nobody begins, and nothing is claimed"
    )
    lease_is_over()
    JOBS["privacy.sweep"]()

    assert eventually(lambda: status(ana)[0] == READY), home.site.logs()
    assert status(ana) == (READY, total, total, 2)
    export = reads.export_of(ana)
    with zipfile.ZipFile(io.BytesIO(home.app().extensions["files"].read(export.file))) as archive:
        assert archive.testzip() is None
        assert len([name for name in archive.namelist() if name.startswith("data/")]) == len(
            every.json
        )
    assert [
        name for name in home.app().extensions["files"].names() if name.startswith("exports/")
    ] == [export.file]
