"""Rate limits: what is counted and for whom, what responses say about it, and that no text is
lost.
"""

import socket
import threading
from contextlib import suppress
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from structlog.testing import capture_logs

from tests import factories
from tests.browser_like import values_of
from tests.factories import PASSWORD
from tests.voting import making
from webapp import create_app
from webapp.core.extensions import db
from webapp.core.http import limits
from webapp.core.http.limits import allowances
from webapp.core.http.limits.counters import Counters
from webapp.core.observability.metrics import REGISTRY
from webapp.core.redis_client import CircuitBreaker
from webapp.core.time import clock
from webapp.mail.models import OutgoingEmail

pytestmark = pytest.mark.any_database

WRONG = "That email or handle and password don’t match."


@pytest.fixture
def strict(app, monkeypatch):
    """Low limits for this test: 4 pages, 2 changes and an upload a minute, five times as many for
    each IP address.
    """
    monkeypatch.setitem(app.extensions, "allowances", allowances.Allowances(4, 2, 1, Counters()))


@pytest.fixture(autouse=True)
def early_in_a_minute():
    """Keep a new minute from beginning while a test counts."""
    with time_machine.travel(clock.now().replace(second=5), tick=True):
        yield


def statuses(ask, number):
    return [ask().status_code for _ in range(number)]


def sign_in(browser, name, password="wrong"):
    return browser.post("/sign-in", {"name": name, "password": password})


def test_page_views_are_limited_per_person_across_browsers(strict, browser, ana, ben):
    one, other = browser(ana), browser(ana)

    assert statuses(lambda: one.get("/inbox"), 2) + statuses(lambda: other.get("/events"), 3) == [
        200
    ] * 4 + [429]
    assert browser(ben).get("/inbox").status_code == 200
    with time_machine.travel(clock.now() + timedelta(seconds=60)):
        assert one.get("/inbox").status_code == 200


def test_an_ip_address_has_five_times_the_limit_and_signed_in_use_is_separate(strict, browser, ana):
    statuses(lambda: browser(ana).get("/inbox"), 6)

    assert statuses(lambda: browser().get("/events"), 21) == [200] * 20 + [429]
    assert statuses(lambda: browser().get("/nothing-here"), 1) == [429]


def test_changes_are_counted_separately_from_page_views(strict, browser, ana):
    page = browser(ana)

    assert statuses(lambda: page.post("/inbox/reading"), 3) == [303, 303, 429]
    assert page.get("/inbox").status_code == 200


def test_uploads_have_their_own_limit(strict, browser, ana):
    page = browser(ana)
    send = lambda: page.post("/inbox/reading", content_type="multipart/form-data")  # noqa: E731

    assert statuses(send, 2) == [303, 429]


@pytest.mark.usefixtures("strict")
def test_responses_say_how_many_requests_are_left_and_how_long_to_wait(browser, ana):
    page = browser(ana)

    first, _second, _third, last, refused = [page.get("/inbox") for _ in range(5)]

    assert [first.headers[f"X-RateLimit-{name}"] for name in ("Limit", "Remaining")] == ["4", "3"]
    assert last.headers["X-RateLimit-Remaining"] == refused.headers["X-RateLimit-Remaining"] == "0"
    assert int(refused.headers["X-RateLimit-Reset"]) % 60 == 0
    assert "Retry-After" not in last.headers
    assert 50 <= int(refused.headers["Retry-After"]) <= 56
    assert f"Wait {refused.headers['Retry-After']} seconds" in page.text


def test_only_refused_attempts_are_logged_and_counted_as_refused(app):
    limit = min(limits.LIMITS.values(), key=lambda one: one.most)

    def refused():
        labels = {"limit": limit.name}
        return REGISTRY.get_sample_value("folkmoot_limit_refusals_total", labels) or 0

    before = refused()
    with app.test_request_context("/"), capture_logs() as lines:
        assert all(limit.take("someone") for _attempt in range(limit.most))
        assert not lines
        assert refused() == before

        assert not limit.take("someone")

    assert [(line["event"], line["limit"]) for line in lines] == [("limited", limit.name)]
    assert refused() == before + 1


def test_publicly_cacheable_pages_send_no_rate_limit_headers(strict, visitor):
    answer = visitor.get("/events")

    assert "public" in answer.headers["Cache-Control"]
    assert "X-RateLimit-Remaining" not in answer.headers


@pytest.mark.usefixtures("strict")
def test_health_checks_are_not_counted(visitor):
    assert statuses(lambda: visitor.get("/health"), 30) == [200] * 30


def test_a_rate_limited_form_can_be_resent_unchanged(strict, browser, ana):
    page = browser(ana)
    page.get("/groups/new")
    statuses(lambda: page.post("/inbox/reading"), 2)

    typed = {"name": "River & “friends”", "summary": "We <paddle>.\nEvery day."}
    token = page.csrf_token()
    answer = page.post("/groups", {**typed, "csrf_token": token})
    assert answer.status_code == 429
    form = page.page.main.find("form")
    assert form["action"] == "/groups"
    again = {field["name"]: field["value"] for field in form.find_all("input")}
    assert again == {**typed, "csrf_token": token}
    assert "Nothing you wrote is lost." in page.text


def test_a_rate_limited_form_does_not_return_the_password(browser, ana):
    page = browser()
    for _ in range(6):
        sign_in(page, "ana-souza", "wrong canary 1")

    assert page.answer.status_code == 429
    assert "canary" not in page.answer.text
    assert page.page.main.find("input", {"name": "name"})["value"] == "ana-souza"
    assert page.page.find("input", {"type": "password"})["name"] == "password"
    with time_machine.travel(clock.now() + timedelta(seconds=61)):
        page.submit("/sign-in", password=PASSWORD)
        assert page.get("/account").status_code == 200


def test_a_form_submitted_twice_counts_once(browser, ana, ben):
    path = f"{factories.event(ana).path}/message"
    page = browser(ben)
    page.get(path)
    fields = {**values_of(page.page.find("form", action=path)), "body": "May I bring my dog?"}

    left = [page.post(path, fields).headers["X-RateLimit-Remaining"] for _ in range(2)]

    assert left == ["4", "4"]


def test_a_refused_button_counts_nothing(browser, ana, ben):
    vote = making.vote(factories.group(ana, ben), ana)
    making.cast(vote, ben, 1)

    answer = browser(ana).post(f"{vote.path}/reminder")

    assert (answer.status_code, answer.headers["X-RateLimit-Remaining"]) == (303, "5")


def test_a_form_without_its_csrf_token_shows_its_text_for_copying(browser, ana):
    page = browser(ana)
    typed = {
        "name": "River & “friends”",
        "summary": "\nWe <paddle>.",
        "password": "a canary of mine",
        "csrf_token": "old",
    }

    assert page.post("/groups", typed).status_code == 400
    assert [field.get_text() for field in page.page.find_all("textarea")] == [
        "\nRiver & “friends”",
        "\n\nWe <paddle>.",
    ]
    assert not page.page.main.find_all("form")
    assert "canary" not in page.answer.text


def test_rate_limited_htmx_requests_get_a_message_and_keep_the_form(strict, browser, ana):
    page = browser(ana)
    statuses(lambda: page.post("/inbox/reading"), 2)

    answer = page.fragment("/inbox/reading", "inbox", method="POST")

    assert answer.status_code == 429
    assert answer.text.startswith('<hx-partial id="messages">')
    assert "Wait " in page.text


def test_sign_in_attempts_by_handle_and_email_count_together(browser, ana, ben):
    by_handle = [sign_in(browser(), "ana-souza") for _ in range(5)]
    page = browser()

    answer = sign_in(page, "ana-souza@example.org")
    notified = page.text
    assert {a.status_code for a in by_handle} == {answer.status_code} == {422}
    other = browser()
    sign_in(other, "nobody@example.org")
    assert other.text == notified

    # the sixth attempt on the account, by whichever name, is refused even with the right password
    assert sign_in(page, "ana-souza@example.org", PASSWORD).status_code == 422
    assert WRONG in page.text
    with time_machine.travel(clock.now() + timedelta(seconds=61)):
        assert sign_in(page, "ana-souza@example.org", PASSWORD).status_code == 303


def test_control_names_of_different_people_are_counted_separately(browser, ana, ben):
    for _ in range(5):
        sign_in(browser(), "ana-souza")

    assert sign_in(browser(), "ben-okafor@example.org", PASSWORD).status_code == 303


def test_an_unknown_name_is_rate_limited_like_a_known_one(browser, ana):
    known = statuses(lambda: sign_in(browser(), "ana-souza"), 6)

    assert known == statuses(lambda: sign_in(browser(), "no-such-one"), 6) == [422] * 5 + [429]


def test_signed_in_people_get_no_extra_password_attempts_by_naming_others(browser, ana):
    page = browser(ana)
    tries = [
        page.post("/account/reauthentication", {"password": "x", "name": f"n-{n}"}).status_code
        for n in range(3)
    ]
    tries += [
        page.post("/password/change", {"current": "x", "name": f"n-{n}"}).status_code
        for n in range(3)
    ]

    assert tries == [422] * 5 + [429]


def test_emails_to_one_recipient_are_counted_across_forms(context, browser, emails_to):
    noor = factories.user("Noor", handle="noor", verified_at=None)
    page = browser()
    for _ in range(4):
        page.post("/password/forgotten", {"email": "NOOR@example.org"})
    page.get("/sign-in")
    page.post("/sign-in", {"name": "noor", "password": PASSWORD})
    page.submit("/verification")
    page.get("/sign-in")
    page.post("/sign-in", {"name": "noor", "password": PASSWORD})
    page.submit("/verification")

    assert page.answer.status_code == 429
    assert len(emails_to(noor.email)) == 5


@pytest.fixture
def emails_to(app):
    def found(address):
        db.session.rollback()
        return db.session.scalars(
            sa.select(OutgoingEmail.id).where(OutgoingEmail.address == address)
        ).all()

    return found


@pytest.mark.parametrize(
    "header", ["X-Forwarded-For", "X-Real-IP", "Forwarded", "CF-Connecting-IP", "X-Client-IP"]
)
def test_a_forged_forwarded_header_does_not_avoid_the_limit(strict, visitor, header):
    asked = [
        visitor.get("/events", headers={header: f"203.0.113.{n}"}).status_code for n in range(21)
    ]

    assert asked == [200] * 20 + [429]


@pytest.fixture
def behind_a_proxy(database_url, tmp_path, app):
    """The application behind one proxy. Afterwards the tests' own application uses the limits
    again.
    """
    made = create_app(
        DATABASE_URL=database_url,
        INSTANCE=str(tmp_path),
        REDIS_URL="",
        MAIL_SERVER="",
        TRUSTED_PROXIES=1,
        LIMIT_READING=2,
    )
    return made.test_client()


def test_with_one_proxy_only_the_last_forwarded_address_counts(behind_a_proxy):
    """A browser's own X-Forwarded-For comes before what the proxy adds."""

    def ask(forwarded):
        return behind_a_proxy.get("/events", headers={"X-Forwarded-For": forwarded}).status_code

    forged = [ask(f"203.0.113.{n}, 198.51.100.7") for n in range(11)]
    assert forged == [200] * 10 + [429]
    assert ask("203.0.113.1, 198.51.100.8") == 200


def test_limit_keys_contain_no_user_input(app):
    with app.app_context():
        assert "ana" not in limits.hashed("ana@example.org")
        assert limits.hashed("Ana@Example.org ") == limits.hashed("ana@example.org")


def test_parallel_threads_get_no_more_than_the_limit():
    counters = Counters()
    allowance = allowances.Allowance("reading", 100, 10, counters)
    got, together = [], threading.Barrier(8)

    def take():
        together.wait()
        got.extend(allowance.take("ana") for _ in range(40))

    threads = [threading.Thread(target=take) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(count is not None for count in got) == 100


class Swallowing:
    """Something that listens in place of Redis and never answers."""

    def __init__(self):
        self.server = socket.create_server(("127.0.0.1", 0))
        self.url = f"redis://127.0.0.1:{self.server.getsockname()[1]}/0"

    def calls(self):
        """Return the number of connections."""
        self.server.settimeout(0.1)
        number = 0
        with suppress(OSError):
            while True:
                self.server.accept()[0].close()
                number += 1
        return number

    def close(self):
        self.server.close()


@pytest.fixture
def hole():
    made = Swallowing()
    yield made
    made.close()


@pytest.fixture
def without_redis(hole, database_url, tmp_path, app):
    """A browser at the application while its Redis is a black hole."""
    made = create_app(
        DATABASE_URL=database_url,
        INSTANCE=str(tmp_path),
        REDIS_URL=hole.url,
        MAIL_SERVER="",
        WTF_CSRF_ENABLED=False,
    )
    return made.test_client()


def tries(client, number):
    return [
        client.post("/sign-in", data={"name": "ana-souza", "password": "wrong"}).status_code
        for _ in range(number)
    ]


def test_sign_in_stays_limited_and_one_request_waits_while_redis_hangs(
    without_redis, hole, ana, monkeypatch
):
    monkeypatch.setattr(CircuitBreaker, "PAUSE", 60)
    assert tries(without_redis, 7) == [422] * 5 + [429] * 2

    assert hole.calls() == 1


def test_control_without_the_circuit_breaker_every_call_waits(
    without_redis, hole, ana, monkeypatch
):
    monkeypatch.setattr(CircuitBreaker, "PAUSE", 0)

    tries(without_redis, 1)

    assert hole.calls() > 2


def test_sign_in_stays_limited_while_redis_is_stopped(without_redis, hole, ana):
    hole.close()

    assert tries(without_redis, 7) == [422] * 5 + [429] * 2
