"""Streams: who can listen, what is sent, and when they end.

The tests control the order of events; nothing waits.
"""

import random
import uuid
from collections import Counter

import pytest

from tests import factories
from webapp.accounts import sign_ins, suspensions
from webapp.accounts.models import SignIn
from webapp.core import hooks, live
from webapp.core.extensions import db
from webapp.core.live import Hub, subscription as saying
from webapp.groups import memberships, reads


@pytest.fixture
def hub(app, monkeypatch):
    """A hub for each test, and a topic that people in `watchers` may watch."""
    monkeypatch.setitem(app.extensions, "live", Hub(places=20))
    return app.extensions["live"]


@pytest.fixture
def watchers(monkeypatch):
    """The ids of those who may watch every thing; None stands for visitors."""
    ids = set()
    monkeypatch.setitem(live.WATCHERS, "thing", lambda user, id: user.id in ids)
    return ids


class Stream:
    """The messages that a browser receives."""

    def __init__(self, answer):
        self.answer = answer
        self.parts = iter(answer.response)

    def hear(self):
        """Return the names in the next message; None at the end."""
        part = next(self.parts, None)
        if part is None:
            return None
        text = part.decode() if isinstance(part, bytes) else part
        return [
            line.removeprefix("data: ") for line in text.split("\n\n") if line.startswith("data: ")
        ]


def listen(page, *topics, **query):
    answer = page.get("/live", query_string={"t": topics, **query}, buffered=False)
    return Stream(answer)


def mine(user):
    return f"user:{user.id}:inbox"


def test_a_stream_sends_plain_topic_names(hub, browser, ana):
    stream = listen(browser(ana), mine(ana))

    assert stream.answer.status_code == 200
    assert stream.answer.mimetype == "text/event-stream"
    assert stream.answer.headers["Cache-Control"] == "no-store"
    assert "Content-Encoding" not in stream.answer.headers
    assert stream.hear() == []
    live.signal(mine(ana))
    db.session.commit()
    assert stream.hear() == [mine(ana)]


def test_streams_of_other_people_are_refused(hub, browser, ana, ben):
    stream = listen(browser(ben), mine(ana))

    assert stream.hear() == ["signed-out"]
    assert stream.hear() is None
    assert hub.subscriptions() == []


def test_the_page_of_someone_signed_out_is_notified(hub, visitor, ana):
    assert listen(visitor, mine(ana)).hear() == ["signed-out"]


def test_forbidden_topics_are_left_out(hub, browser, watchers, ana):
    stream = listen(browser(ana), mine(ana), "thing:1", "strange:2")
    stream.hear()

    for name in ("thing:1", "strange:2", mine(ana)):
        hub.publish(name)

    assert stream.hear() == [mine(ana)]


def test_no_stream_opens_without_allowed_topics(hub, browser, watchers, ana):
    answer = listen(browser(ana), "thing:1").answer

    assert (answer.status_code, answer.get_data()) == (204, b"")
    assert listen(browser(ana)).answer.status_code == 204


def test_visitors_receive_public_topics(hub, visitor, watchers):
    watchers.add(None)
    stream = listen(visitor, "thing:1")
    stream.hear()

    hub.publish("thing:1:parts")

    assert stream.hear() == ["thing:1:parts"]
    assert "Set-Cookie" not in stream.answer.headers


def test_a_page_receives_signals_since_it_was_requested(hub, browser, ana):
    hub.recent_signals._since -= 60
    hub.publish(mine(ana))

    stream = listen(browser(ana), mine(ana), age=200)
    stream.hear()

    assert stream.hear() == [mine(ana)]


@pytest.mark.parametrize("age", ["-5", "x", "9" * 30, ""])
def test_an_invalid_age_is_no_error(hub, browser, ana, age):
    assert listen(browser(ana), mine(ana), age=age).answer.status_code == 200


def test_streams_beyond_the_limit_get_503_while_pages_load(hub, browser, ana, ben, cem):
    hub.places = 2
    first, second = listen(browser(ana), mine(ana)), listen(browser(ben), mine(ben))
    assert (first.answer.status_code, second.answer.status_code) == (200, 200)

    refused = listen(browser(cem), mine(cem)).answer

    assert refused.status_code == 503
    assert int(refused.headers["Retry-After"]) > 0
    assert refused.mimetype == "text/plain"
    assert browser(cem).get("/inbox").status_code == 200
    first.answer.close()
    assert listen(browser(cem), mine(cem)).answer.status_code == 200


def test_one_person_can_open_six_streams(hub, browser, ana, ben):
    kept = [listen(browser(ana), mine(ana)) for _number in range(6)]
    assert {stream.answer.status_code for stream in kept} == {200}

    assert listen(browser(ana), mine(ana)).answer.status_code == 503
    assert listen(browser(ben), mine(ben)).answer.status_code == 200


def test_an_ipv6_household_can_open_as_many_streams_as_one_address(hub, watchers, browser):
    watchers.add(None)
    thing = f"thing:{uuid.uuid4()}"

    def listening(address):
        return browser().get(
            "/live",
            query_string={"t": thing},
            environ_base={"REMOTE_ADDR": address},
            buffered=False,
        )

    answers = [listening(f"2001:db8::{number:x}") for number in range(1, Hub.EACH + 2)]

    assert [answer.status_code for answer in answers] == [200] * Hub.EACH + [503]
    assert listening("2001:db8:0:1::1").status_code == 200


def test_an_unread_response_holds_no_stream(hub, browser, ana):
    browser(ana).client.head(
        "/live", query_string={"t": mine(ana)}, base_url="http://127.0.0.1:8000"
    ).close()

    assert hub.subscriptions() == []


def test_a_waiting_stream_holds_no_database_connection(app, hub, browser, ana):
    page = browser(ana)
    topic = mine(ana)
    db.session.remove()
    before = db.engine.pool.checkedout()
    stream = listen(page, topic)
    stream.hear()
    db.session.remove()  # the test's own context outlives the request

    assert db.engine.pool.checkedout() == before
    hub.publish(topic)
    hub.publish(live.rights_of(topic.split(":")[1]))
    assert stream.hear() == [topic]
    assert db.engine.pool.checkedout() == before


def open_stream(page, user, *more):
    stream = listen(page, mine(user), *more)
    stream.hear()
    return stream


def test_the_stream_ends_with_the_sign_in(hub, browser, ana):
    stream, other = open_stream(browser(ana), ana), open_stream(browser(ana), ana)
    rows = db.session.query(SignIn).order_by(SignIn.created_at).all()
    sign_ins.end(rows[0])
    live.rights_changed(ana.id)
    hub.publish(mine(ana))

    db.session.commit()

    assert stream.hear() == ["signed-out"]
    assert stream.hear() is None
    assert other.hear() == [mine(ana)]


def test_the_stream_ends_with_the_account(hub, browser, ana):
    stream = open_stream(browser(ana), ana)
    ana.deactivated_at = db.func.now()
    hooks.user_deactivated(user=ana)

    db.session.commit()

    assert stream.hear() == ["signed-out"]
    assert stream.hear() is None


def test_someone_removed_receives_no_more_signals(hub, browser, watchers, ana):
    watchers.add(ana.id)
    stream = open_stream(browser(ana), ana, "thing:1")
    watchers.clear()
    hooks.member_left(group=factories.group(ana), user=ana, by_choice=True)
    db.session.commit()
    hub.publish("thing:1:secret")

    assert stream.hear() is None
    again = open_stream(browser(ana), ana, "thing:1")
    hub.publish("thing:1:secret")
    hub.publish(mine(ana))
    assert again.hear() == [mine(ana)]


@pytest.mark.parametrize("banned", [False, True])
def test_someone_removed_or_banned_receives_no_signals_of_the_group_or_its_event(
    hub, browser, ana, ben, cem, banned
):
    group = factories.group(ana, ben, cem)
    event = factories.event(ana, group, audience="group")
    topics = [f"group:{group.id}", f"event:{event.id}"]
    stream, stays = open_stream(browser(ben), ben, *topics), open_stream(browser(cem), cem, *topics)

    memberships.remove(reads.membership_of(group, ben), by=ana, banned=banned)
    db.session.commit()
    hub.publish(topics[1])

    assert set(stream.hear() or []) <= {mine(ben)}  # nothing more than that something happened
    assert stream.hear() is None
    assert topics[1] in stays.hear()
    again = open_stream(browser(ben), ben, *topics)
    hub.publish(topics[1])
    hub.publish(mine(ben))
    assert again.hear() == [mine(ben)]


def test_someone_whose_account_was_closed_receives_no_more_signals(hub, browser, ana, ben):
    stream = open_stream(browser(ben), ben)
    ana.is_admin = True
    suspensions.suspend(ben, by=ana)

    db.session.commit()

    assert stream.hear() == ["signed-out"]
    assert stream.hear() is None


def test_browsers_disconnected_together_reconnect_at_different_times():
    """Of five hundred browsers, as after a restart, no more than a quarter reconnect within the
    same second.
    """
    random.seed(1)
    first = [next(saying.events(None, None, 20)) for _number in range(500)]
    seconds = Counter(int(message.removeprefix("retry: ")) // 1000 for message in first)

    assert max(seconds.values()) <= 125
    assert set(seconds) <= set(range(2, 9))


def test_permissions_are_rechecked_periodically_without_a_signal(
    app, hub, browser, watchers, ana, monkeypatch
):
    monkeypatch.setitem(app.config, "LIVE_RECHECK_SECONDS", 0)
    watchers.add(ana.id)
    stream = open_stream(browser(ana), ana, "thing:1")
    hub.publish("thing:1")
    assert stream.hear() == ["thing:1"]

    watchers.clear()
    hub.publish("thing:1:secret")

    assert stream.hear() is None


def test_a_failed_permission_check_ends_the_stream(hub, browser, watchers, ana, monkeypatch):
    watchers.add(ana.id)
    stream = open_stream(browser(ana), ana, "thing:1")

    def fail(user, id):
        raise OSError("the database is away")

    monkeypatch.setitem(live.WATCHERS, "thing", fail)
    hub.publish(live.rights_of(ana.id))
    hub.publish("thing:1")

    assert stream.hear() is None


def test_an_open_stream_does_not_keep_a_sign_in_alive(hub, browser, ana):
    stream = open_stream(browser(ana), ana)
    row = db.session.query(SignIn).one()
    seen = row.last_seen_at
    db.session.rollback()

    hub.publish(live.rights_of(ana.id))
    hub.publish(mine(ana))

    assert stream.hear() == [mine(ana)]
    db.session.refresh(row)
    assert row.last_seen_at == seen
