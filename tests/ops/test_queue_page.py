"""The page about the queue and the outbox: what it shows admins, and what they can do about
failures.
"""

import pytest

from webapp.core.extensions import db
from webapp.core.jobs import queue
from webapp.core.jobs.memory_queue import MemoryQueue
from webapp.core.jobs.redis_queue import RedisQueue
from webapp.core.observability import audit
from webapp.core.time import clock
from webapp.mail import outbox, status
from webapp.mail.models import DEAD, DROPPED, QUEUED, OutgoingEmail

PAGE = "/admin/queue"
SECRET = "fay@example.org"


@pytest.fixture
def waiting(app, monkeypatch):
    """An empty queue in this process, whose thread has just reported; the job `fail` fails."""
    made = MemoryQueue()
    monkeypatch.setitem(app.extensions, "queue", made)
    monkeypatch.setitem(queue.JOBS, "fail", lambda *args: 1 / 0)
    made.note_tick()
    return made


def dead(number=1):
    """Add this many undeliverable emails."""
    emails = [outbox.enqueue_email("mail/test", to=SECRET) for _ in range(number)]
    for email in emails:
        email.state, email.ended_at, email.last_error, email.attempts = (
            DEAD,
            clock.now(),
            "SMTPDataError 550",
            10,
        )
    db.session.commit()
    return emails


def said(action):
    """Return the details of this action in the audit log."""
    db.session.rollback()
    return [entry.details for entry, _address in audit.entries(action)]


def test_the_page_shows_waiting_failed_and_due_jobs_without_personal_data(
    app, waiting, browser, dia
):
    waiting.put("fail", (SECRET,))
    queue.drain(app)
    waiting.put("mail.sweep", ())
    dead()

    page = browser(dia)
    assert page.get(PAGE).status_code == 200
    headings = [heading.get_text() for heading in page.page.select(".area > .stack h2")]
    assert headings[:4] == ["Workers", "Waiting jobs", "Failed jobs", "Schedules"]
    assert headings[4:] == ["Outbox", "Undelivered emails"]
    for words in (
        "ZeroDivisionError",
        "mail.sweep 1",
        "to someone at example.org",
        "SMTPDataError 550",
        "This site’s single process",
    ):
        assert words in page.text
    assert SECRET not in page.answer.text
    assert len(page.page.select("#work table")[1].select("tbody tr")) == len(queue.SCHEDULES)


def test_the_page_explains_its_empty_lists(waiting, browser, dia):
    page = browser(dia)
    page.get(PAGE)

    assert "None. A failed job is retried twice" in page.text
    assert "None. We try each email ten times over two days" in page.text
    assert "Try all again" not in page.text


def test_the_page_reports_missing_redis_and_still_shows_the_outbox(app, browser, dia, monkeypatch):
    monkeypatch.setitem(app.extensions, "queue", RedisQueue("redis://127.0.0.1:1"))
    page = browser(dia)

    assert page.get(PAGE).status_code == 200
    assert "Redis isn’t responding" in page.text
    assert "Outbox" in page.text
    assert page.get(f"{PAGE}/jobs/retrial?id=x").status_code == 422
    assert (
        page.post(f"{PAGE}/jobs/retrial", {"csrf_token": page.csrf_token(), "id": "x"}).status_code
        == 422
    )
    assert said("job.retried") == []


@pytest.mark.parametrize(
    ("what", "action", "left"), [("retrial", "job.retried", 1), ("removal", "job.discarded", 0)]
)
def test_a_failed_job_is_retried_or_discarded_after_confirming(
    app, waiting, browser, dia, what, action, left
):
    waiting.put("fail", (SECRET,))
    queue.drain(app)
    page = browser(dia)
    page.get(PAGE)
    link = next(
        link["href"] for link in page.page.find_all("a") if f"jobs/{what}?id=" in link["href"]
    )

    assert page.get(link).status_code == 200
    assert "fail" in page.page.h1.get_text()
    assert len(waiting) == 0, "asking does nothing"
    assert page.submit(what).status_code == 200
    assert (len(waiting), waiting.workload({}).failed) == (left, [])
    assert [details["name"] for details in said(action)] == ["fail"]


def test_all_failed_jobs_can_be_retried_at_once(app, waiting, browser, dia):
    for number in range(3):
        waiting.put("fail", (number,))
    queue.drain(app)
    page = browser(dia)
    page.get(PAGE)
    assert "Try all again" in page.text

    page.get(f"{PAGE}/jobs/retrial")
    page.submit("retrial")
    assert len(waiting) == 3
    assert [details["name"] for details in said("job.retried")] == ["all"]


@pytest.mark.parametrize(
    ("what", "action", "state"),
    [
        ("retrial", "undelivered_email.retried", QUEUED),
        ("removal", "undelivered_email.discarded", DROPPED),
    ],
)
@pytest.mark.parametrize("number", [1, 2])
def test_undelivered_emails_can_be_resent_or_discarded(
    waiting, browser, dia, what, action, state, number
):
    emails = [email.id for email in dead(2)]
    waiting.clear()
    page = browser(dia)
    page.get(f"{PAGE}/emails/{what}" + (f"?id={emails[0]}" if number == 1 else ""))
    assert page.submit(what).status_code == 200

    db.session.rollback()
    found = (
        db.session.query(OutgoingEmail)
        .filter(OutgoingEmail.id.in_(emails), OutgoingEmail.state == state)
        .count()
    )
    assert found == number
    assert len(waiting) == (number if what == "retrial" else 0)
    assert len(said(action)) == 1


def test_an_email_already_resent_meanwhile_is_not_handled_twice(waiting, browser, dia):
    [email] = dead()
    page = browser(dia)
    page.get(f"{PAGE}/emails/removal?id={email.id}")
    email.state = QUEUED
    db.session.commit()

    assert page.submit("removal").status_code == 422
    assert "already been retried or discarded" in page.text
    assert page.get(f"{PAGE}/emails/retrial?id=nothing").status_code == 422
    assert said("undelivered_email.discarded") == []


def test_the_page_takes_the_same_statements_however_much_failed(
    app, waiting, browser, dia, statements_of
):
    page = browser(dia)
    dead(1)
    few = statements_of(lambda: page.get(PAGE))
    dead(5)

    assert statements_of(lambda: page.get(PAGE)) == few


def test_the_outbox_is_counted_by_state_for_the_last_day(context):
    dead(2)
    old, new = (
        outbox.enqueue_email("mail/test", to=SECRET),
        outbox.enqueue_email("mail/test", to=SECRET),
    )
    for email in (old, new):
        email.state = "sent"
    db.session.flush()
    old.due_at = clock.now().replace(year=2020)
    db.session.commit()

    assert status.by_state() == {"queued": 0, "sending": 0, "sent": 1, "dropped": 0, "dead": 2}
