"""Two jobs at once fetch a feed once; without the lease both do."""

import threading
from functools import partial

import pytest

from tests.groups.racing import at_once, waiting_for_each_other
from tests.news.conftest import chosen
from webapp.accounts.models import User
from webapp.core.extensions import db
from webapp.groups.models import Group
from webapp.news import jobs, polling, sources
from webapp.news.access import SITE, NewsScope
from webapp.news.fetch_errors import FetchError
from webapp.news.models import NewsSource
from webapp.news.polling import FetchResponse


@pytest.fixture
def asked(monkeypatch):
    """The ids of the feeds that were requested, in order; no request is sent."""
    found = []

    def answers(held, guard, agent):
        found.extend(one.id for one in held)
        return [(one, FetchError("silent")) for one in held]

    monkeypatch.setattr(jobs.polling, "fetch_all", answers)
    return found


def test_two_jobs_fetch_each_feed_once(app, group, asked):
    ids = [chosen(group, f"https://weir.example.org/{number}").id for number in range(3)]
    db.session.remove()

    assert at_once(app, [jobs.poll, jobs.poll]) == ["done", "done"]
    assert sorted(asked) == sorted(ids)


def test_control_without_leases_each_feed_is_fetched_twice(app, group, asked, monkeypatch):
    ids = [chosen(group, f"https://weir.example.org/{number}").id for number in range(3)]

    def take():
        rows = db.session.query(NewsSource).order_by(NewsSource.id).all()
        held = [
            polling.HeldSource(row.id, row.group_id, row.id, row.url, "", "", "") for row in rows
        ]
        db.session.rollback()
        return held

    monkeypatch.setattr(polling, "take", waiting_for_each_other(take, patience=30))
    db.session.remove()

    at_once(app, [jobs.poll, jobs.poll])
    assert sorted(asked) == sorted([*ids, *ids])


def test_removing_a_feed_while_it_is_fetched_does_not_deadlock(
    app, ana, group, source, monkeypatch
):
    """The lock on the group, which the removal takes first, lets items refer to the group."""
    ids = group.id, source.id, ana.id
    speaking, going = threading.Event(), threading.Event()

    def answers(held, guard, agent):
        speaking.set()
        going.wait(10)
        body = b'[{"id": 1, "title": "Eels"}]'
        return [(one, FetchResponse(True, one.url, one.url, body)) for one in held]

    def give_up():
        speaking.wait(10)
        going.set()
        sources.remove(
            NewsScope(db.session.get(Group, ids[0])),
            db.session.get(NewsSource, ids[1]),
            by=db.session.get(User, ids[2]),
        )

    monkeypatch.setattr(jobs.polling, "fetch_all", answers)
    db.session.remove()
    assert at_once(app, [jobs.poll, give_up]) == ["done", "done"]
    assert db.session.get(NewsSource, ids[1]) is None


def test_one_of_two_parallel_adds_of_the_last_allowed_feed_succeeds(app, dia, monkeypatch):
    for number in range(sources.MOST - 1):
        chosen(url=f"https://weir.example.org/{number}")
    by = dia.id
    acts = [
        partial(sources.add, SITE, url=f"https://{name}.example.org/")
        for name in ("eels", "otters")
    ]
    monkeypatch.setattr(sources, "_held", waiting_for_each_other(sources._held))
    db.session.remove()

    assert at_once(app, [lambda act=act: act(by=db.session.get(User, by)) for act in acts]) == [
        "done",
        "refused",
    ]
