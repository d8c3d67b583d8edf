"""Who is where: what one process reads off its lines, what many tell each other, and how seldom
pages are told.
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
    line = hub.open([topic], f"user:{person}")
    line.set_places(person, [topic] if places is None else places, is_shown)
    return line


def heard(line):
    return line.wait(0)[0]


@pytest.fixture
def hub():
    return Hub(places=1000)


@pytest.mark.any_database
class TestOneProcess:
    """The lines of one process."""

    def test_someone_with_two_tabs_is_there_once_and_gone_with_the_last(self, hub):
        tabs = [comes(hub, "ana"), comes(hub, "ana")]
        comes(hub, "ben", is_shown=False)
        comes(hub, "cem", topic="event:2")

        assert hub.presence.at(EVENT) == ["ana"]
        hub.close(tabs[0])
        assert hub.presence.at(EVENT) == ["ana"]
        hub.close(tabs[1])
        assert hub.presence.at(EVENT) == []
        assert hub.presence.online(["ana", "ben", "cem"]) == {"cem"}

    def test_where_nothing_is_said_of_who_is_there_nobody_is(self, hub):
        comes(hub, "ana", places=())

        assert hub.presence.at(EVENT) == []
        assert hub.presence.online(["ana"]) == {"ana"}

    def test_others_are_told_who_came_and_who_went_once_and_nobody_of_themselves(self, hub):
        ana = comes(hub, "ana")
        hub.presence.beat()
        assert heard(ana) == []

        ben = comes(hub, "ben")
        hub.presence.beat()
        assert (heard(ana), heard(ben)) == ([HERE], [])  # Ben's page came with Ana on it
        hub.presence.beat()
        assert (heard(ana), heard(ben)) == ([], [])

        hub.close(ben)
        hub.presence.beat()
        assert heard(ana) == [HERE]

    def test_who_came_and_went_between_two_beats_leaves_no_page_behind(self, hub):
        ben = comes(hub, "ben")
        assert hub.presence.at(EVENT) == ["ben"]  # Ana's page is drawn
        ana = comes(hub, "ana")
        hub.close(ben)
        hub.presence.beat()
        assert heard(ana) == [HERE]

    def test_who_went_before_a_page_had_its_stream_is_heard_of_when_it_opens(self, hub):
        ben = comes(hub, "ben")
        assert hub.presence.at(EVENT) == ["ben"]
        hub.close(ben)
        hub.journal._since -= 60
        hub.presence.beat()
        assert heard(hub.open([EVENT], "user:ana", age=5)) == [HERE]

    def test_who_is_not_shown_tells_nobody_and_is_told(self, hub):
        ana, _ben = comes(hub, "ana", is_shown=False), comes(hub, "ben")

        hub.presence.beat()

        assert heard(ana) == [HERE]
        comes(hub, "cem", is_shown=False)
        hub.presence.beat()
        assert heard(ana) == []

    def test_who_goes_from_page_to_page_within_a_beat_never_left(self, hub):
        ana, ben = comes(hub, "ana"), comes(hub, "ben")
        hub.presence.beat()
        heard(ana)

        hub.close(ben)
        comes(hub, "ben")
        hub.presence.beat()

        assert heard(ana) == []

    def test_a_page_that_opens_its_stream_hears_who_came_since_it_was_asked_for(self, hub):
        hub.journal._since -= 60
        comes(hub, "ana")
        hub.presence.beat()

        assert heard(hub.open([EVENT], "user:ben", age=5)) == [HERE]

    @pytest.mark.parametrize(
        ("notified", "most"), [(presence.TOLD, 50), (10_000, 500)]
    )  # the second: without the protection
    def test_five_hundred_watchers_are_told_fifty_in_a_beat_each_in_turn(
        self, hub, monkeypatch, notified, most
    ):
        monkeypatch.setattr(presence, "TOLD", notified)
        people = [comes(hub, f"person{number}") for number in range(500)]
        names = count()
        in_a_beat, each = [], dict.fromkeys(people, 0)
        for _beat in range(20):
            comes(hub, f"new{next(names)}")
            hub.presence.beat()
            hearing = [line for line in people if heard(line)]
            in_a_beat.append(len(hearing))
            for line in hearing:
                each[line] += 1

        assert max(in_a_beat) == most
        assert sum(in_a_beat) <= 20 * most
        assert min(each.values()) >= 1

    def test_a_few_beside_many_do_not_wait_for_them(self, hub):
        for number in range(200):
            comes(hub, f"person{number}", topic="event:2")
        few = [comes(hub, "ana"), comes(hub, "ben")]

        hub.presence.beat()

        assert [heard(line) for line in few] == [[HERE], [HERE]]

    def test_nothing_is_remembered_of_a_place_that_nobody_watches(self, hub):
        line = comes(hub, "ana")
        hub.presence.beat()
        hub.close(line)
        hub.presence.beat()

        assert hub.presence._places == {}


@pytest.fixture
def url():
    return parts.redis_url(parts.QUEUE)


@pytest.fixture
def topic(url):
    """A place that nothing else watches."""
    redis = Redis.from_url(url)
    yield EVENT
    redis.delete(f"folkmoot:here:{EVENT}", "folkmoot:here:site")


@pytest.mark.services
class TestManyProcesses:
    """Two hubs on one Redis."""

    def test_each_knows_whom_the_others_hold(self, url, topic):
        one, other = RedisHub(10, url), RedisHub(10, url)
        ana, ben = comes(one, "ana"), comes(other, "ben")
        comes(other, "cem", is_shown=False)

        one.presence.beat()
        other.presence.beat()
        heard(ana), heard(ben)
        one.presence.beat()

        assert sorted(one.presence.at(topic)) == sorted(other.presence.at(topic)) == ["ana", "ben"]
        # a line that has just connected hears that anything may have changed
        assert {HERE, "*"} & set(heard(ana))
        assert RedisHub(10, url).presence.online(["ana", "ben", "cem"]) == {"ana", "ben"}

    def test_who_is_not_said_again_is_gone_within_thirty_seconds_also_when_the_process_was_killed(
        self, url, topic
    ):
        redis = Redis.from_url(url)
        hub = RedisHub(10, url)
        comes(hub, "ana")
        now = redis.time()[0]
        for key in (topic, "site"):  # what a process that was killed has left
            redis.zadd(f"folkmoot:here:{key}", {"ben": now - redis_hub.FRESH - 1, "cem": now - 5})

        hub.presence.beat()

        assert sorted(hub.presence.at(topic)) == ["ana", "cem"]
        assert hub.presence.online(["ana", "ben", "cem"]) == {"ana", "cem"}
        assert 0 < redis.ttl(f"folkmoot:here:{topic}") <= redis_hub.KEPT
        # a closed tab is noticed (live.js: 4 s), forgotten, and told at the next beat
        assert 4 + redis_hub.FRESH + presence.BEAT <= 30

    def test_a_place_that_says_nothing_of_who_is_there_leaves_no_trace(self, url, topic):
        hub = RedisHub(10, url)
        comes(hub, "ana", topic="vote:secret", places=())

        hub.presence.beat()

        keys = [key.decode() for key in Redis.from_url(url).scan_iter("folkmoot:here:*")]
        assert not [key for key in keys if "secret" in key]

    def test_a_beat_is_two_questions_however_many_are_there(self, url, topic, monkeypatch):
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
def test_while_redis_is_away_nobody_is_there_and_nobody_waits(monkeypatch):
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
def test_the_watchman_beats_the_time(hub, monkeypatch):
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
        hub.watchman._rounds()

    assert (
        3 * (presence.BEAT - 1) <= next(clock) <= 4 * presence.BEAT + 6
    )  # clock is read twice at a beat
