"""Presence: what a process knows from its streams, what processes tell each other, and how rarely
pages are notified.
"""

import socket
import time
from itertools import count

import pytest
from redis import Redis

from tests import parts
from webapp.core.live import presence, redis_hub
from webapp.core.live.hub import Hub
from webapp.core.live.redis_hub import RedisHub
from webapp.core.redis_client import CircuitBreaker

EVENT, HERE = "event:1", "event:1:here"


def comes(hub, person, topic=EVENT, is_shown=True, places=None):
    subscription = hub.open([topic], f"user:{person}")
    subscription.set_places(person, [topic] if places is None else places, is_shown)
    return subscription


def heard(subscription):
    return subscription.wait(0)[0]


@pytest.fixture
def hub():
    return Hub(places=1000)


@pytest.mark.any_database
class TestOneProcess:
    """The streams of one process."""

    def test_someone_with_two_tabs_is_present_once_until_the_last_closes(self, hub):
        tabs = [comes(hub, "ana"), comes(hub, "ana")]
        comes(hub, "ben", is_shown=False)
        comes(hub, "cem", topic="event:2")

        assert hub.presence.at(EVENT) == ["ana"]
        hub.close(tabs[0])
        assert hub.presence.at(EVENT) == ["ana"]
        hub.close(tabs[1])
        assert hub.presence.at(EVENT) == []
        assert hub.presence.online(["ana", "ben", "cem"]) == {"cem"}

    def test_streams_without_presence_topics_show_no_one_present(self, hub):
        comes(hub, "ana", places=())

        assert hub.presence.at(EVENT) == []
        assert hub.presence.online(["ana"]) == {"ana"}

    def test_others_are_notified_once_of_arrivals_and_departures_but_not_their_own(self, hub):
        ana = comes(hub, "ana")
        hub.presence.beat()
        assert heard(ana) == []

        ben = comes(hub, "ben")
        hub.presence.beat()
        assert (heard(ana), heard(ben)) == ([HERE], [])  # Ben's page already came with Ana on it
        hub.presence.beat()
        assert (heard(ana), heard(ben)) == ([], [])

        hub.close(ben)
        hub.presence.beat()
        assert heard(ana) == [HERE]

    def test_someone_who_came_and_left_between_beats_is_cleared_from_pages(self, hub):
        ben = comes(hub, "ben")
        assert hub.presence.at(EVENT) == ["ben"]  # while Ana's page is rendered
        ana = comes(hub, "ana")
        hub.close(ben)
        hub.presence.beat()
        assert heard(ana) == [HERE]

    def test_a_departure_before_the_stream_opens_is_sent_when_it_opens(self, hub):
        ben = comes(hub, "ben")
        assert hub.presence.at(EVENT) == ["ben"]
        hub.close(ben)
        hub.recent_signals._since -= 60
        hub.presence.beat()
        assert heard(hub.open([EVENT], "user:ana", age=5)) == [HERE]

    def test_hidden_people_receive_presence_but_trigger_no_notification(self, hub):
        ana, _ben = comes(hub, "ana", is_shown=False), comes(hub, "ben")

        hub.presence.beat()

        assert heard(ana) == [HERE]
        comes(hub, "cem", is_shown=False)
        hub.presence.beat()
        assert heard(ana) == []

    def test_changing_pages_within_a_beat_is_not_a_departure(self, hub):
        ana, ben = comes(hub, "ana"), comes(hub, "ben")
        hub.presence.beat()
        heard(ana)

        hub.close(ben)
        comes(hub, "ben")
        hub.presence.beat()

        assert heard(ana) == []

    def test_an_opening_stream_receives_arrivals_since_its_page_was_requested(self, hub):
        hub.recent_signals._since -= 60
        comes(hub, "ana")
        hub.presence.beat()

        assert heard(hub.open([EVENT], "user:ben", age=5)) == [HERE]

    @pytest.mark.parametrize(
        ("notified", "most"), [(presence.TOLD, 50), (10_000, 500)]
    )  # the second without the protection
    def test_five_hundred_watchers_are_notified_fifty_per_beat_in_turn(
        self, hub, monkeypatch, notified, most
    ):
        monkeypatch.setattr(presence, "TOLD", notified)
        people = [comes(hub, f"person{number}") for number in range(500)]
        names = count()
        in_a_beat, each = [], dict.fromkeys(people, 0)
        for _beat in range(20):
            comes(hub, f"new{next(names)}")
            hub.presence.beat()
            hearing = [subscription for subscription in people if heard(subscription)]
            in_a_beat.append(len(hearing))
            for subscription in hearing:
                each[subscription] += 1

        assert max(in_a_beat) == most
        assert sum(in_a_beat) <= 20 * most
        assert min(each.values()) >= 1

    def test_watchers_of_a_small_page_do_not_wait_for_a_large_one(self, hub):
        for number in range(200):
            comes(hub, f"person{number}", topic="event:2")
        few = [comes(hub, "ana"), comes(hub, "ben")]

        hub.presence.beat()

        assert [heard(subscription) for subscription in few] == [[HERE], [HERE]]

    def test_presence_is_forgotten_when_no_one_watches(self, hub):
        subscription = comes(hub, "ana")
        hub.presence.beat()
        hub.close(subscription)
        hub.presence.beat()

        assert hub.presence._places == {}


@pytest.fixture
def url():
    return parts.redis_url(parts.QUEUE)


@pytest.fixture
def topic(url):
    """A topic that nothing else watches."""
    redis = Redis.from_url(url)
    yield EVENT
    redis.delete(f"folkmoot:here:{EVENT}", "folkmoot:here:site")


@pytest.mark.services
class TestManyProcesses:
    """Two hubs on one Redis."""

    def test_each_process_knows_who_is_present_in_the_others(self, url, topic):
        one, other = RedisHub(10, url), RedisHub(10, url)
        ana, ben = comes(one, "ana"), comes(other, "ben")
        comes(other, "cem", is_shown=False)

        one.presence.beat()
        other.presence.beat()
        heard(ana), heard(ben)
        one.presence.beat()

        assert sorted(one.presence.at(topic)) == sorted(other.presence.at(topic)) == ["ana", "ben"]
        # a stream that has just connected hears that anything may have changed
        assert {HERE, "*"} & set(heard(ana))
        assert RedisHub(10, url).presence.online(["ana", "ben", "cem"]) == {"ana", "ben"}

    def test_presence_from_a_killed_process_expires_within_thirty_seconds(self, url, topic):
        redis = Redis.from_url(url)
        hub = RedisHub(10, url)
        comes(hub, "ana")
        now = redis.time()[0]
        for key in (topic, "site"):  # what a killed process has left
            redis.zadd(f"folkmoot:here:{key}", {"ben": now - redis_hub.FRESH - 1, "cem": now - 5})

        hub.presence.beat()

        assert sorted(hub.presence.at(topic)) == ["ana", "cem"]
        assert hub.presence.online(["ana", "ben", "cem"]) == {"ana", "cem"}
        assert 0 < redis.ttl(f"folkmoot:here:{topic}") <= redis_hub.KEPT
        # a closed tab is noticed (live.js: 4 s), forgotten, and announced at the next beat
        assert 4 + redis_hub.FRESH + presence.BEAT <= 30

    def test_topics_without_presence_leave_nothing_in_redis(self, url, topic):
        hub = RedisHub(10, url)
        comes(hub, "ana", topic="vote:secret", places=())

        hub.presence.beat()

        keys = [key.decode() for key in Redis.from_url(url).scan_iter("folkmoot:here:*")]
        assert not [key for key in keys if "secret" in key]

    def test_a_beat_takes_two_redis_calls_however_many_people_are_present(
        self, url, topic, monkeypatch
    ):
        hub = RedisHub(100, url)
        for number in range(20):
            comes(hub, f"person{number}", topic=f"event:{number % 5}")
        asked = []
        pipeline = hub._redis.pipeline
        monkeypatch.setattr(
            hub._redis, "pipeline", lambda **how: (asked.append(how), pipeline(**how))[1]
        )

        hub.presence.beat()

        assert len(asked) == 2
        for number in range(5):
            Redis.from_url(url).delete(f"folkmoot:here:event:{number}")


@pytest.mark.any_database
def test_without_redis_no_one_is_present_and_no_call_waits(monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as black_hole:
        monkeypatch.setattr("threading.Thread.start", lambda thread: None)
        monkeypatch.setattr(CircuitBreaker, "PAUSE", 60)
        hub = RedisHub(10, f"redis://127.0.0.1:{black_hole.getsockname()[1]}/0")
        ana = comes(hub, "ana")
        tries = []
        pipeline = hub._redis.pipeline
        monkeypatch.setattr(
            hub._redis, "pipeline", lambda **how: (tries.append(how), pipeline(**how))[1]
        )

        hub.presence.beat()

        assert hub.presence.at(EVENT) == []
        assert hub.presence.online(["ana"]) is None
        hub.presence.beat()
        assert heard(ana) == []
        assert len(tries) == 1
        options = hub._redis.connection_pool.connection_kwargs
        assert (options["socket_connect_timeout"], options["socket_timeout"]) == (0.3, 0.3)


@pytest.mark.any_database
def test_the_reaper_calls_presence_at_each_beat(hub, monkeypatch):
    class Enough(BaseException):
        pass

    beats, clock = [], iter(range(100))
    monkeypatch.setattr(hub.presence, "beat", lambda: beats.append(1))
    monkeypatch.setattr("random.random", lambda: 1.0)
    monkeypatch.setattr(time, "monotonic", lambda: next(clock))

    def sleep(seconds):
        if len(beats) == 3:
            raise Enough

    monkeypatch.setattr(time, "sleep", sleep)
    with pytest.raises(Enough):
        hub.reaper._rounds()

    assert (
        3 * (presence.BEAT - 1) <= next(clock) <= 4 * presence.BEAT + 6
    )  # the clock is read twice per beat
