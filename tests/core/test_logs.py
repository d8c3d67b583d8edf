"""The log: one structured line per request, and nothing secret in it, whatever goes wrong."""

import json
import logging

import pytest
import sqlalchemy as sa

from webapp.accounts import credentials
from webapp.accounts.models import User
from webapp.core.extensions import db
from webapp.core.observability import logs

pytestmark = pytest.mark.any_database

CANARY = "canary otter plinth 91 lamp"


@pytest.fixture(params=["json", "console"])
def form(request, app):
    """Log in either form, and afterwards as tests do."""
    logs.configure(request.param)
    yield request.param
    logs.configure(app.config["LOG_FORMAT"])


@pytest.fixture
def lines(app, capfd):
    """A function that returns the lines about requests since its last call, parsed."""
    logs.configure("json")
    capfd.readouterr()

    def read(event="request"):
        said = [
            json.loads(line) for line in capfd.readouterr().out.splitlines() if line.startswith("{")
        ]
        return [line for line in said if line["event"] == event]

    yield read
    logs.configure(app.config["LOG_FORMAT"])


def test_a_request_is_one_log_line(lines, browser, ana):
    page = browser(ana)
    lines()
    answer = page.get("/inbox?q=" + CANARY.replace(" ", "+"))

    [line] = lines()
    assert {name: line[name] for name in ("method", "route", "status", "user", "level")} == {
        "method": "GET",
        "route": "inbox.index",
        "status": 200,
        "user": str(ana.id),
        "level": "info",
    }
    assert line["reference"] == answer.headers["X-Request-Id"]
    assert line["ms"] > 0
    assert line["statements"] >= 2
    assert line["timestamp"].endswith("Z")
    assert set(line) == {
        "event",
        "reference",
        "method",
        "route",
        "status",
        "user",
        "ms",
        "statements",
        "level",
        "timestamp",
    }


@pytest.mark.parametrize(
    ("path", "route", "status"),
    [
        ("/nothing-here", "none", 404),
        ("/events/none", "events.show", 404),
        ("/inbox", "inbox.index", 303),
    ],
)
def test_a_request_that_fails_is_one_log_line(lines, visitor, path, route, status):
    visitor.get(path)

    assert [(line["route"], line["status"], line["user"]) for line in lines()] == [
        (route, status, None)
    ]


def test_a_post_without_its_csrf_token_is_one_log_line(lines, visitor):
    visitor.post("/sign-in", {"name": CANARY, "password": CANARY}, csrf=False)

    assert [(line["route"], line["status"]) for line in lines()] == [("sign_ins.create", 400)]


def test_health_and_metrics_requests_are_not_logged(lines, visitor):
    for path in ("/health", "/health/ready", "/health/live", "/metrics"):
        visitor.get(path)

    assert lines() == []


def test_an_error_page_and_its_log_lines_share_a_reference(lines, visitor, monkeypatch):
    monkeypatch.setattr(credentials, "proof_for_name", lambda *args: 1 / 0)
    page = visitor
    answer = page.post("/sign-in", {"name": "ana", "password": CANARY})

    assert answer.status_code == 500
    number = answer.headers["X-Request-Id"]
    assert number in page.text
    said = lines("unhandled")
    assert said == [] or said[0]["reference"] == number


def everything(capfd, caplog):
    shown = capfd.readouterr()
    return shown.out + shown.err + caplog.text


def test_server_errors_log_no_user_input(form, visitor, ana, monkeypatch, capfd, caplog):
    """Not even the values of variables, which some renderings of errors show."""
    caplog.set_level(logging.INFO)

    def broken(name, password, allows_attempt):
        typed = password
        raise RuntimeError("broken on purpose" if typed else "")

    monkeypatch.setattr(credentials, "proof_for_name", broken)
    answer = visitor.post("/sign-in", {"name": "ana-souza", "password": CANARY})

    assert answer.status_code == 500
    said = everything(capfd, caplog)
    assert "broken on purpose" in said
    assert answer.headers["X-Request-Id"] in said
    assert CANARY not in said


def test_database_errors_log_no_user_input(form, visitor, ana, monkeypatch, capfd, caplog):
    """SQLAlchemy would log the parameters, and PostgreSQL the conflicting value."""
    caplog.set_level(logging.INFO)

    def failing(*args):
        try:
            db.session.execute(
                sa.text("SELECT nothing FROM nowhere WHERE a = :secret"), {"secret": CANARY}
            )
        except sa.exc.DBAPIError as error:
            raise RuntimeError("broken on purpose") from error

    monkeypatch.setattr(credentials, "proof_for_name", failing)
    visitor.post("/sign-in", {"name": "ana-souza", "password": CANARY})

    said = everything(capfd, caplog)
    assert "nowhere" in said
    assert CANARY not in said


def test_constraint_violations_log_no_user_input(
    form, context, visitor, ana, monkeypatch, capfd, caplog
):
    caplog.set_level(logging.INFO)

    def twice(*args):
        db.session.add_all(
            User(
                handle=handle,
                email="canary-9@example.org",
                first_name="A",
                last_name="B",
                password_hash=CANARY,
            )
            for handle in ("ana-souza", "ana-two")
        )
        db.session.flush()

    monkeypatch.setattr(credentials, "proof_for_name", twice)
    answer = visitor.post("/sign-in", {"name": "ana-souza", "password": "x"})

    assert answer.status_code == 409
    said = everything(capfd, caplog)
    assert "constraint" in said
    assert "canary" not in said


def test_control_with_visible_parameters_the_secret_is_logged(app, context, capfd):
    engine = sa.create_engine(db.engine.url, hide_parameters=False)
    with pytest.raises(sa.exc.DBAPIError) as failed, engine.connect() as connection:
        connection.execute(
            sa.text("SELECT nothing FROM nowhere WHERE a = :secret"), {"secret": CANARY}
        )
    engine.dispose()

    assert CANARY in str(failed.value)
