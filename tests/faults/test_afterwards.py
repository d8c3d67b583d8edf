"""A fault comes and goes while nobody uses the site. Afterwards each kind of process is asked for
the first time: web, live, worker and clock.
"""

import time
from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests import factories
from webapp.core.extensions import db

from .asking import at_once, statuses
from .fault_site import COMMANDS, fault_site
from .test_postgresql import restart, stop_for_good

pytestmark = pytest.mark.faults

WEB, LIVE = 12, 4


def end_connections(here):
    """End every connection to PostgreSQL, as an administrator or a proxy does."""
    engine = sa.create_engine(
        here.app.config["SQLALCHEMY_DATABASE_URI"], isolation_level="AUTOCOMMIT"
    )
    with engine.connect() as connection:
        others = "pid <> pg_backend_pid() AND datname = 'postgres'"
        connection.exec_driver_sql(
            f"SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE {others}"
        )
    engine.dispose()


def restart_redis(here):
    """Stop Redis, and start it again, empty."""
    here.stop_redis()
    here.start_redis()


def swallow_redis(here):
    """Let Redis answer nothing for a while."""
    here.proxy.swallow()
    time.sleep(3)
    here.proxy.heal()


def put_forward(here):
    """Put the clock of the site's machine an hour forward; that of PostgreSQL stays."""
    here.turn_clock(timedelta(hours=1))


def put_back(here):
    """Put it an hour back."""
    here.turn_clock(timedelta(hours=-1))


FAULTS = {
    "PostgreSQL restarted": (restart, "look"),
    "connections to PostgreSQL ended": (end_connections, "look"),
    "Redis restarted": (restart_redis, ""),
    "Redis silent for 3 s": (swallow_redis, ""),
    "clock jump: an hour forward": (put_forward, ""),
    "clock jump: an hour back": (put_back, "database-clock"),
}
#: Faults whose control is in another table's row.
ELSEWHERE = {put_forward: "see the clock jump below"}
#: Seconds to wait for what a control never does.
PATIENCE = 30


def asked(here, crowd, seconds=180):
    """Return the first responses of web and live, and the seconds until clock and worker ran, and
    until an email arrived.
    """
    web = at_once([lambda: crowd.member.get("/account")] * WEB, 4)
    live = [crowd.listen() for _ in range(LIVE)]
    return web, live, *here.work(seconds)


def afterwards(place, fault, without=""):
    """Return what `asked` found after the fault."""
    settings = {"SWEEP": "2", "CLOCK": str(place / "clock")}
    with fault_site(place, without=without, hole=True, **settings) as here:
        crowd = here.crowd(factories.event(factories.user()), patience=60)
        web, live, beat, sent = asked(here, crowd)
        assert all(answer.status == 200 for answer in (*web, *live)), statuses((*web, *live))
        assert None not in (beat, sent), here.site.logs()
        db.session.remove()
        db.engine.dispose()
        try:
            fault(here)
            return *asked(here, crowd, PATIENCE if without else 180), here.restarts
        finally:
            db.session.remove()
            db.engine.dispose()
            if fault is restart:
                stop_for_good(here)


@pytest.mark.parametrize("name", FAULTS)
def test_the_first_request_to_each_process_after_a_fault_is_answered(row, folder, name):
    fault, without = FAULTS[name]
    row.fault = f"{name}, nobody there"
    row.expected = f"afterwards {', '.join(COMMANDS)} work at the first try"
    row.made = (
        f"with no request meanwhile; then {WEB} pages, {LIVE} streams, a beat of the clock that a "
        "worker records, an email"
    )
    web, live, beat, sent, restarts = afterwards(folder / "with", fault)
    row.figure = f"pages {statuses(web)}, streams {statuses(live)}, beat after {beat or -1:.0f} s, "
    row.figure += f"email after {sent or -1:.0f} s, {restarts} processes started again"
    assert all(answer.status == 200 for answer in (*web, *live)), row.figure
    assert None not in (beat, sent), row.figure

    if without:
        web, live, _beat, sent, _ = afterwards(folder / "without", fault, without)
    if without == "look":
        row.control = "without the look at idle connections: "
        row.control += f"pages {statuses(web)}, streams {statuses(live)}"
        assert {answer.status for answer in live} == {200, 503}, row.control
    elif without:
        row.control = f"with its own clock instead: no email within {PATIENCE} s"
        assert sent is None
    else:
        row.control = ELSEWHERE.get(fault, "see the faults of Redis above")
