"""Rate limits with parallel requests: of twenty at once, each limit admits exactly as many as it
says.
"""

import threading
from contextlib import suppress
from itertools import count

import pytest
import time_machine
from flask import Flask, redirect, request
from flask_login import LoginManager, UserMixin

from tests import factories, parts
from webapp.core import redis_client
from webapp.core.http import limits
from webapp.core.http.limits import allowances, counters
from webapp.core.redis_client import CircuitBreaker
from webapp.core.time import clock

pytestmark = pytest.mark.any_database

AT_ONCE, LEFT = 20, 5
#: The decorators of routes, and the calls in rules, by the limit that they use. A new limit needs a
#: line here.
WORN = {
    "name": limits.sign_in,
    "own": limits.own_password,
    "sign-in": limits.with_proof,
    "mail": limits.sends_email,
    "messages": limits.writes_to_people,
    "link": limits.writes_by_link,
    "links": limits.writes_by_link,
    "answers": limits.answers_people,
    "added-people": limits.adds_people,
    "texts": limits.writes_to_a_group,
}
CALLED = {
    "account": lambda: limits.login_attempt("an account"),
    "email": lambda: limits.email_to("ana@example.org"),
    "announcement": lambda: limits.announcement_by("a person"),
}
KINDS = ["reading", "changes", "uploads"]
EVERY = [
    *limits.LIMITS,
    *(f"{kind} of {whose}" for kind in KINDS for whose in ("people", "addresses")),
]


class Crowd:
    """Twenty threads that wait in `meet` until there are many, and then continue together."""

    def __init__(self):
        self.are_many = False
        self.barrier = threading.Barrier(AT_ONCE)

    def meet(self):
        if self.are_many:
            with suppress(threading.BrokenBarrierError):
                self.barrier.wait(60)

    def ask(self, question):
        """Return what `question()` returns for each of them."""
        answers = []
        self.are_many = True
        threads = [
            threading.Thread(target=lambda: answers.append(question())) for _ in range(AT_ONCE)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.are_many = False
        return answers


@pytest.fixture
def crowd():
    return Crowd()


@pytest.fixture(params=["memory", pytest.param("redis", marks=pytest.mark.services)])
def redis_url(request):
    if request.param == "memory":
        yield ""
        return
    with parts.empty_redis(parts.OTHER):
        yield parts.redis_url(parts.OTHER)


@pytest.fixture(autouse=True)
def without_time(monkeypatch):
    """Keep a busy machine from changing the counts: no new minute begins, and Redis may be slow."""
    monkeypatch.setattr(redis_client, "SECONDS", 60)
    with time_machine.travel(clock.now().replace(second=5), tick=True):
        yield


class Person(UserMixin):
    id = "a person"


def site(view, redis_url="", **most):
    """Return a small application with `view` at every path and nothing but limits; a request says
    itself who is signed in.
    """
    app = Flask("limits")
    app.config.update(
        SECRET_KEY="a key", REDIS_URL=redis_url, LIMIT_READING=0, LIMIT_CHANGES=0, LIMIT_UPLOADS=0
    )
    app.config.update(most)
    app.extensions["circuit_breaker"] = CircuitBreaker()
    LoginManager(app).request_loader(
        lambda asked: Person() if "Authorization" in asked.headers else None
    )
    limits.init_app(app)
    app.add_url_rule("/", view_func=view, endpoint="view", methods=["GET", "POST"])
    app.add_url_rule("/<int:number>", view_func=view, endpoint="view", methods=["GET", "POST"])
    return app


def written(**_values):
    """Return the response of an accepted form, unless it contains the word "mistyped"."""
    return ("", 422) if "mistyped" in request.form else redirect("/", 303)


def calling(function):
    def called(**_values):
        return ("", 429) if function() is False else redirect("/", 303)

    return called


def asking(name, app):
    """Return a request to the application that uses this limit, and how often it is granted from
    now on.
    """
    numbers = count()
    kind, _of, whose = name.partition(" of ")
    options = {"headers": {"Authorization": "yes"}} if whose == "people" else {}
    options |= {"content_type": "multipart/form-data"} if kind == "uploads" else {}
    # each link has its own limit, lower than that of the IP address
    path = (lambda: f"/{next(numbers)}") if name == "links" else lambda: "/"
    method = "GET" if kind == "reading" else "POST"
    return lambda: app.test_client().open(path(), method=method, **options).status_code


@pytest.mark.parametrize("name", EVERY)
def test_twenty_parallel_requests_get_no_more_than_the_limit(name, redis_url, crowd, monkeypatch):
    kind, _of, whose = name.partition(" of ")
    if whose:
        app, taker = (
            site(written, redis_url, **{f"LIMIT_{kind.upper()}": LEFT}),
            allowances.Allowance,
        )
        most = LEFT * (allowances.ADDRESS_MULTIPLIER if whose == "addresses" else 1)
    else:
        view = WORN[name](written) if name in WORN else calling(CALLED[name])
        app, taker, most = site(view, redis_url), limits.Limit, limits.LIMITS[name].most
    ask, before = asking(name, app), "take" if whose else "_reserve"
    take = getattr(taker, before)

    def together(self, *args, **options):
        if whose or self.name == name:
            crowd.meet()
        return take(self, *args, **options)

    monkeypatch.setattr(taker, before, together)
    assert {ask() for _ in range(most - LEFT)} <= {303}

    answers = crowd.ask(ask)

    assert sorted(answers) == [303] * LEFT + [429] * (AT_ONCE - LEFT)


def test_every_limit_is_tested():
    assert {*WORN, *CALLED} == set(limits.LIMITS)


def test_control_all_requests_pass_if_checked_before_counting(crowd, monkeypatch):
    """The earlier order: check before the view, and count after it."""

    def take(self, key, most, seconds):
        number = len(self._own._windows.get(key, {}))
        crowd.meet()
        taken = counters.MemoryCounters.take(self._own, key, 10**6, seconds, str(id(object())), 0.0)
        return taken._replace(entry="counted later" if number < most else None)

    monkeypatch.setattr(counters.Counters, "take", take)
    app = site(limits.writes_to_people(written))

    assert crowd.ask(asking("messages", app)) == [303] * AT_ONCE


@pytest.mark.parametrize(
    "name", [name for name, limit in limits.LIMITS.items() if limit.charged and name in WORN]
)
def test_a_refused_form_returns_its_allowance(name, redis_url):
    app = site(WORN[name](written), redis_url)
    ask, most = asking(name, app), limits.LIMITS[name].most

    for _ in range(3):
        answer = app.test_client().post("/99", data={"mistyped": "yes"})
        assert (answer.status_code, answer.headers["X-RateLimit-Remaining"]) == (
            422,
            answer.headers["X-RateLimit-Limit"],
        )

    assert [ask() for _ in range(most + 1)] == [303] * most + [429]


def test_an_allowance_is_returned_to_its_store_while_the_other_is_down():
    both = counters.Counters("redis://127.0.0.1:1/0")

    taken = both.take("ana", 1, 60)
    both.give_back("ana", taken.entry)

    assert both.take("ana", 1, 60).entry is not None


def test_five_of_twenty_parallel_messages_are_sent(app, crowd, browser, emails, ana, ben):
    """All parts together: a person's form, its route, and the emails sent."""
    event = factories.event(ana, title="Seed swap", slug="seed-swap")
    page = browser(ben)
    token, path = page.csrf_token(), f"{event.path}/message"
    emails()

    form = {"body": "May I bring my dog?", "csrf_token": token}

    def send():
        crowd.meet()
        return page.again().post(path, form, csrf=False).status_code

    answers = crowd.ask(send)

    assert sorted(answers) == [303] * 5 + [429] * 15
    assert len([email for email in emails() if "Seed swap" in email["Subject"]]) == 5
