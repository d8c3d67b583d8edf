"""The hub: who receives what, in which order, and what happens to slow readers."""

import socket
from types import SimpleNamespace

import pytest

from webapp.core import live
from webapp.core.live.hub import Hub, HubFull
from webapp.core.live.streams import RecentSignals
from webapp.core.live.subscription import Subscription

pytestmark = pytest.mark.any_database


@pytest.fixture
def hub():
    return Hub(places=10)


def heard(subscription):
    return subscription.wait(0)[0]


def test_signals_arrive_in_order_and_each_once(hub):
    subscription = hub.open(["event:1"], "ana")

    for name in ("event:1:rsvps", "event:1:tasks", "event:1:rsvps"):
        hub.publish(name)

    assert heard(subscription) == ["event:1:rsvps", "event:1:tasks"]
    assert heard(subscription) == []


def test_a_topic_receives_its_subtopics_and_nothing_else(hub):
    whole, part = hub.open(["event:1"], "ana"), hub.open(["event:1:rsvps"], "ben")

    for name in ("event:1", "event:1:rsvps", "event:1:tasks", "event:12:rsvps", "vote:1:rsvps"):
        hub.publish(name)

    assert heard(whole) == ["event:1", "event:1:rsvps", "event:1:tasks"]
    assert heard(part) == ["event:1:rsvps"]


def test_a_slow_reader_is_told_to_fetch_everything(hub):
    subscription = hub.open(["event:1"], "ana")

    for number in range(Subscription.MOST + 1):
        hub.publish(f"event:1:part{number}")
    hub.publish("event:1:late")

    assert heard(subscription) == ["*"]
    hub.publish("event:1:rsvps")
    assert heard(subscription) == ["event:1:rsvps"]


def test_a_rights_signal_triggers_a_check_without_reaching_the_page(hub):
    subscription = hub.open(["event:1"], "ana", rights="user:7:rights")

    hub.publish("user:7:rights")

    assert subscription.wait(0) == ([], True)
    assert subscription.wait(0) == ([], False)


def test_rights_are_checked_when_signals_may_have_been_missed(hub):
    subscription = hub.open(["event:1"], "ana", rights="user:7:rights")

    hub.refetch_all()

    assert subscription.wait(0) == (["*"], True)


def test_the_number_of_streams_is_limited():
    hub = Hub(places=2)
    first, _second = hub.open(["event:1"], "ana"), hub.open(["event:1"], "ben")

    with pytest.raises(HubFull):
        hub.open(["event:1"], "cem")

    hub.close(first)
    hub.close(first)
    hub.open(["event:1"], "cem")
    with pytest.raises(HubFull):
        hub.open(["event:1"], "ana")


def test_one_person_cannot_take_every_stream():
    hub = Hub(places=100)
    for _number in range(Hub.EACH):
        hub.open(["event:1"], "ana")

    with pytest.raises(HubFull):
        hub.open(["event:1"], "ana")
    hub.open(["event:1"], "ben")


def test_a_closed_stream_is_forgotten(hub):
    subscription = hub.open(["event:1", "vote:2"], "ana", rights="user:7:rights")

    hub.close(subscription)
    hub.publish("event:1")

    assert subscription.ended
    assert heard(subscription) == []
    assert hub.subscriptions() == []


def test_the_stream_of_a_disconnected_browser_is_freed_for_the_next():
    hub = Hub(places=1)
    ours, theirs = socket.socketpair()
    subscription = hub.open(["event:1"], "ana", connection=ours)
    assert not subscription.is_abandoned()

    theirs.close()

    assert hub.open(["event:1"], "ben")
    assert subscription.ended
    ours.close()
    assert subscription.is_abandoned()


def test_checking_a_connection_does_not_consume_its_bytes(hub):
    ours, theirs = socket.socketpair()
    subscription = hub.open(["event:1"], "ana", connection=ours)

    theirs.send(b"GET")

    assert not subscription.is_abandoned()
    assert ours.recv(3) == b"GET"
    ours.close()
    theirs.close()


def test_a_stopping_process_ends_its_streams(hub):
    subscription = hub.open(["event:1"], "ana")
    hub.reaper.stopping = lambda: True

    hub.reaper.look()

    assert subscription.ended


def test_a_page_receives_signals_sent_since_it_was_requested(hub):
    hub.recent_signals._since -= 60
    hub.publish("event:1:rsvps")
    hub.publish("event:2:rsvps")

    assert heard(hub.open(["event:1"], "ana", age=30)) == ["event:1:rsvps"]
    assert heard(hub.open(["event:1"], "ana", age=0)) == []
    assert heard(hub.open(["event:1"], "ana")) == []


def test_a_page_older_than_the_journal_fetches_everything(hub):
    assert heard(hub.open(["event:1"], "ana", age=3600)) == ["*"]


def test_the_journal_knows_how_far_back_it_goes():
    recent_signals = RecentSignals()
    recent_signals._since -= 60
    for number in range(RecentSignals.MOST):
        recent_signals.write(str(number))
    assert len(recent_signals.last(30)) == RecentSignals.MOST

    recent_signals.write("one more")

    assert recent_signals.last(30) is None


def test_unknown_topics_cannot_be_watched(app):
    nobody = SimpleNamespace(is_authenticated=False, id=None)

    names = [
        "strange:1",
        "user",
        "user:",
        "user:1:2:3:4",
        "../etc",
        "user:1 x",
        "user:" + "1" * 200,
        "",
        "event:\n1",
    ]
    assert live.allowed(nobody, names) == []


def test_permission_is_checked_once_for_parts_of_the_same_thing(monkeypatch):
    asked = []
    monkeypatch.setitem(live.WATCHERS, "thing", lambda user, id: (asked.append(id), id == "1")[1])

    assert live.allowed(None, ["thing:1", "thing:1:a", "thing:2:b", "thing:1:a"]) == [
        "thing:1",
        "thing:1:a",
    ]
    assert asked == ["1", "2"]


def test_the_topics_of_a_stream_are_limited(monkeypatch):
    monkeypatch.setitem(live.WATCHERS, "thing", lambda user, id: True)

    assert len(live.allowed(None, [f"thing:{number}" for number in range(500)])) == live.MOST_TOPICS


@pytest.mark.parametrize(
    ("kind", "threads", "set_to", "places"),
    [("gthread", 32, "", 16), ("gthread", 1, "", 1), ("gevent", 1, "", 1900), ("gevent", 1, 5, 5)],
)
def test_streams_use_at_most_half_of_the_threads(kind, threads, set_to, places):
    app = SimpleNamespace(
        config={"LIVE_CONNECTIONS": set_to}, extensions={"live": Hub(set_to or 16)}
    )
    worker = SimpleNamespace(
        alive=True,
        cfg=SimpleNamespace(worker_class_str=kind, threads=threads, worker_connections=2000),
    )

    live.configure_worker(app, worker)

    assert app.extensions["live"].places == places
    assert not app.extensions["live"].reaper.stopping()
    worker.alive = False
    assert app.extensions["live"].reaper.stopping()
