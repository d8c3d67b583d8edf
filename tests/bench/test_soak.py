"""The soak test detects lost answers and forgives only what a kill explains."""

import pytest

from bench.crowd import Click, Crowd, lost
from bench.soak import failed


class Site:
    """A site that has stored "going" for everything, the second option, and this many replies."""

    def __init__(self, replies):
        self.replies = replies

    def ask(self, statement, **values):
        if "ballot" in statement:
            return "2"
        return self.replies if "reply" in statement else "going"


class Place:
    port = 1

    def __init__(self, replies=11):
        self.site, self.drivers = Site(replies), []


def click(status, at=0.0, kind="page"):
    return Click(kind, at, 20.0, status)


def test_only_requests_cut_off_by_a_kill_are_forgiven():
    assert failed([click(200), click(0, at=100.5), click(303, kind="answer")], 100) == []
    assert failed([click(0, at=80)], 100) == ["1 requests were cut off while nobody was killed"]
    assert failed([click(500), click(500)], 100) == ["page: 2 times 500"]
    assert failed([click(200, kind="answer")], 100) == ["answer: 1 times 200"]


@pytest.mark.parametrize(("said", "problems"), [("going", 0), ("not_going", 1), (None, 0)], ids=str)
def test_accepted_answers_must_be_stored(said, problems):
    crowd = Crowd(Place(), 0)
    crowd.answers[0, "event-3"] = said
    assert len(lost(crowd)) == problems


@pytest.mark.parametrize(("said", "problems"), [("2", 0), ("1", 1), (None, 0)], ids=str)
def test_an_accepted_ballot_must_be_there(said, problems):
    crowd = Crowd(Place(), 0)
    crowd.ballots[0] = said
    assert len(lost(crowd)) == problems


@pytest.mark.parametrize(
    ("accepted", "unknown", "there", "problems"),
    [(4, 0, 4, 0), (4, 0, 3, 1), (4, 0, 5, 1), (4, 1, 5, 0)],
)
def test_each_reply_is_stored_once(accepted, unknown, there, problems):
    place = Place()
    crowd = Crowd(place, 0)
    place.site.replies += there
    crowd.replies, crowd.maybe_replies = accepted, unknown
    assert len(lost(crowd)) == problems


def test_the_last_accepted_answer_is_checked():
    crowd = Crowd(Place(), 0)
    request = b"POST /events/event-3/rsvp HTTP/1.1\r\n\r\ncsrf_token=a&answer=going&party=1"
    crowd._note("answer", 0, request, True)
    assert crowd.answers == {(0, "event-3"): "going"}
    crowd._note("answer", 0, request, False)
    assert crowd.answers == {(0, "event-3"): None}
    ballot = b"POST /votes/the-hot-vote/ballot HTTP/1.1\r\n\r\ncsrf_token=a&choice=3&version=1"
    crowd._note("ballot", 4, ballot, True)
    assert crowd.ballots == {4: "3"}
