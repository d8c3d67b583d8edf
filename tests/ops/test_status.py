"""The page and the JSON about the site's status, and the metrics for Prometheus."""

import re
import threading
import time
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from webapp.core.extensions import db
from webapp.core.storage.files import StorageUnavailable
from webapp.core.time import clock
from webapp.mail import outbox
from webapp.mail.models import DEAD, OutgoingEmail
from webapp.ops import health
from webapp.ops.health import FAILING, GOOD, LATE, HealthPart, checks, labels, run_checks, worst

TOKEN = "a token for tests"
WITH_TOKEN = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def token(app, monkeypatch):
    monkeypatch.setitem(app.config, "METRICS_TOKEN", TOKEN)


@pytest.fixture
def ticking(app, monkeypatch):
    """Make the housekeeping thread seem to have just reported."""
    monkeypatch.setattr(app.extensions["queue"], "_ticked", time.monotonic())


@pytest.fixture(autouse=True)
def migrated(monkeypatch):
    """Make the migrations seem applied, although tests create their tables without them."""
    monkeypatch.setattr(checks.migrations, "is_behind", lambda connection: False)


def part(name, check):
    [found] = run_checks([check])
    assert found.name == name
    return found


@pytest.mark.parametrize(
    "given", ["", "Bearer wrong", "Basic dTpw", "Bearer", "Bearer " + TOKEN[:-1]]
)
def test_metrics_need_the_token(token, visitor, given):
    header = {"Authorization": given} if given else {}
    answer = visitor.get("/metrics", headers=header)

    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert visitor.get("/health/status", headers=header).headers["Location"].startswith("/sign-in")


@pytest.mark.parametrize("header", [{}, {"Authorization": "Bearer "}, WITH_TOKEN])
def test_without_a_configured_token_metrics_are_not_found(visitor, header):
    assert visitor.get("/metrics", headers=header).status_code == 404


def test_an_admin_sees_the_status_of_every_part(ticking, browser, dia):
    page = browser(dia)
    assert page.get("/admin").status_code == 200
    assert page.page.find("a", href="/health/status")

    assert page.get("/health/status").status_code == 200
    assert [heading.get_text() for heading in page.page.select(".area > .stack h2")] == [
        "Database",
        "Worker",
        "Clock",
        "Files",
        "Email",
    ]
    assert "Everything is working." in page.text
    assert "5 of 5 parts are working" in page.answer.text


def test_facts_are_shown_as_readable_durations(context):
    facts = {"migrations": "waiting", "oldest_seconds": 120, "tick_seconds": 1}
    facts |= {"heartbeat_seconds": 7200, "last_sent_seconds": 180}
    found = HealthPart("clock", facts=facts)

    assert [(str(what), str(value)) for what, value in labels.facts_of(found)] == [
        ("Tables", "not up to date"),
        ("Oldest waiting for", "2 minutes"),
        ("Last run", "1 second ago"),
        ("Last seen", "2 hours ago"),
        ("Last email sent", "3 minutes ago"),
    ]


def test_only_admins_see_the_status_page(browser, visitor, ana):
    assert browser(ana).get("/health/status").status_code == 404
    assert visitor.get("/health/status").status_code == 303


def test_scripts_get_the_status_as_json(token, ticking, visitor):
    answer = visitor.get("/health/status", headers=WITH_TOKEN)

    assert answer.status_code == 200
    assert answer.json["status"] == "good"
    assert list(answer.json["parts"]) == ["clock", "database", "files", "mail", "queue"]
    assert answer.json["parts"]["database"]["ms"] >= 0
    assert answer.headers["Cache-Control"] == "no-store"


def test_failures_are_shown_in_words_and_by_the_http_status(
    app, token, visitor, browser, dia, monkeypatch
):
    monkeypatch.setattr(app.extensions["queue"], "_ticked", None)
    answer = visitor.get("/health/status", headers=WITH_TOKEN)
    assert answer.status_code == 503
    assert answer.json["parts"]["queue"]["problem"] == "no_worker"
    assert answer.json["parts"]["clock"]["problem"] == "stopped"

    page = browser(dia)
    assert page.get("/health/status").status_code == 200
    assert "Something isn’t working." in page.text
    assert "Start “flask worker”" in page.text


def test_waiting_and_undelivered_emails_are_reported(app, context):
    outbox.enqueue_email("mail/test", to="someone@example.org")
    db.session.commit()
    assert part("mail", checks.mail).facts["waiting"] == 1
    assert part("mail", checks.mail).state == GOOD

    email = db.session.query(OutgoingEmail).one()
    email.due_at = clock.now() - timedelta(minutes=5)
    db.session.commit()
    found = part("mail", checks.mail)
    assert (found.state, found.problem) == (LATE, "emails_wait")
    assert 299 <= found.facts["oldest_seconds"] <= 330

    email.state, email.ended_at = DEAD, clock.now()
    db.session.commit()
    found = part("mail", checks.mail)
    assert (found.state, found.problem, found.facts["dead"]) == (LATE, "emails_died", 1)


def test_an_unavailable_file_store_is_reported(app, context, monkeypatch):
    assert part("files", checks.files).state == GOOD

    def away():
        raise StorageUnavailable("ConnectError")

    monkeypatch.setattr(app.extensions["files"], "check", away)
    found = part("files", checks.files)
    assert (found.state, found.problem, found.facts["store"]) == (FAILING, "shut", "disk")


@pytest.mark.parametrize(
    ("megabytes", "state", "problem"),
    [(100, FAILING, "full"), (500, LATE, "nearly_full"), (5000, GOOD, "")],
)
def test_a_disk_that_is_almost_full_is_reported(
    app, context, monkeypatch, megabytes, state, problem
):
    free = SimpleNamespace(free=megabytes * 1024 * 1024)
    monkeypatch.setattr(checks.shutil, "disk_usage", lambda path: free)

    found = part("files", checks.files)

    assert (found.state, found.problem, found.facts["free_megabytes"]) == (
        state,
        problem,
        megabytes,
    )


def test_failing_jobs_and_schedules_are_reported(app, context, ticking, monkeypatch):
    waiting = app.extensions["queue"]
    waiting.note_end(("voting.close_due", ()), ValueError())
    found = part("queue", checks.queue)
    assert (found.state, found.problem, found.facts["failing"], found.facts["failed"]) == (
        LATE,
        "jobs_failed",
        1,
        0,
    )

    waiting.note_end(("voting.close_due", ()))
    assert part("queue", checks.queue).state == GOOD
    waiting.note_end(("mail.deliver", ("an id",)), ValueError())
    assert part("queue", checks.queue).facts["failed"] == 1
    waiting.clear()


def test_the_mail_servers_response_time_is_measured_rarely(app, context, monkeypatch):
    asked_for = []
    monkeypatch.setitem(app.config, "DEV_MAIL", False)
    monkeypatch.delitem(app.extensions, "smtp_reachable", raising=False)
    monkeypatch.setattr(checks.smtp_server, "_greeting", lambda: asked_for.append(1) or "answers")

    first, second = part("mail", checks.mail), part("mail", checks.mail)

    assert (first.state, len(asked_for)) == (GOOD, 1)
    assert first.ms == second.ms >= 0
    app.extensions.pop("smtp_reachable")


def test_jobs_waiting_too_long_are_reported(app, context, ticking, monkeypatch):
    waiting = app.extensions["queue"]
    waiting.put("note", (), "one")
    waiting.put("note", (), "two")
    monkeypatch.setitem(waiting._came, "one", time.monotonic() - 100)

    found = part("queue", checks.queue)

    assert (found.state, found.problem, found.facts["jobs"]) == (LATE, "jobs_wait", 2)
    waiting.take()
    assert part("queue", checks.queue).state == GOOD


def test_a_hanging_check_delays_no_other_and_runs_once(app, context, monkeypatch):
    monkeypatch.setattr(health, "SECONDS", 0.2)
    release, questions = threading.Event(), []

    def hanging(part):
        questions.append(part)
        release.wait(20)

    def healthy(part):
        part.facts = {"fine": True}

    for _ in range(3):
        stuck, well = run_checks([hanging, healthy])
        assert (stuck.state, stuck.problem) == (FAILING, "silent")
        assert well.state == GOOD
    assert len(questions) == 1
    release.set()


def test_a_check_that_raises_reports_its_part_as_down(app, context):
    def broken(part):
        raise ConnectionError("secret words")

    [found] = run_checks([broken])

    assert found.as_json() == {"status": "failing", "ms": found.ms, "problem": "away"}


def test_the_overall_status_is_that_of_the_worst_part():
    assert worst([]) == worst([HealthPart("a")]) == "good"
    assert worst([HealthPart("a", FAILING), HealthPart("b", LATE)]) == "failing"


def test_every_problem_and_fact_has_a_label():
    assert set(labels.TITLES) == {"database", "redis", "queue", "clock", "files", "mail"}
    assert set(labels.STATES) == set(labels.WHOLE) == {GOOD, LATE, FAILING}
    source = "".join(Path(module.__file__).read_text() for module in (health, checks))
    said = set(re.findall(r'(?:fails\(|is_late\(|FAILING, )"(\w+)"', source))
    assert said == set(labels.PROBLEMS)


def numbers(answer):
    """Return name{labels} -> value."""
    lines = [line for line in answer.text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}


def test_metrics_contain_requests_by_route_and_the_status_of_parts(
    app, token, ticking, visitor, context
):
    before = numbers(visitor.get("/metrics", headers=WITH_TOKEN))
    visitor.get("/events")
    visitor.get("/nothing-at-all-1")
    visitor.get("/nothing-at-all-2")
    outbox.enqueue_email("mail/test", to="someone@example.org")
    db.session.commit()

    after = numbers(visitor.get("/metrics", headers=WITH_TOKEN))

    def more(name):
        return after[name] - before.get(name, 0)

    assert more('folkmoot_requests_total{method="GET",route="events.index",status="200"}') == 1
    assert more('folkmoot_request_seconds_count{route="events.index"}') == 1
    assert more('folkmoot_statements_total{route="events.index"}') > 0
    assert more('folkmoot_requests_total{method="GET",route="none",status="404"}') == 2
    assert after['folkmoot_outbox_emails{state="waiting"}'] == 1
    assert after['folkmoot_part_up{part="database"}'] == after["folkmoot_workers"] == 1
    assert "nothing-at-all" not in str(after)
    assert 'route="metrics' not in str(after)


def test_a_refused_request_is_counted(app, token, ticking, visitor):
    name = 'folkmoot_limit_refusals_total{limit="name"}'
    before = numbers(visitor.get("/metrics", headers=WITH_TOKEN)).get(name, 0)
    for _ in range(7):
        visitor.post("/sign-in", {"name": "someone", "password": "wrong"})

    assert numbers(visitor.get("/metrics", headers=WITH_TOKEN))[name] - before == 2
