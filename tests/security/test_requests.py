"""Where a request came from, how large it can be, and whose objects its URL names."""

import uuid
from typing import Any

import pytest
import sqlalchemy as sa
from flask import request

from scripts.services import free_port
from tests import factories, sample_site, snapshots
from tests.browser_like import Browser
from tests.test_every_form import Sender, place, rules  # noqa: F401 -- place is a fixture
from tests.test_walks import WITHOUT_TOKEN
from webapp import create_app
from webapp.accounts import emailed_links
from webapp.core.extensions import db
from webapp.core.http import tokens
from webapp.core.http.errors import SIGN_IN
from webapp.notifications import inbox

pytestmark = pytest.mark.any_database

SITE = "https://moot.example.org"


def behind(tmp_path: Any, proxies: int) -> tuple[Any, list[Any]]:
    """Return a client of a site behind this many proxies, and the list of its requests' apparent
    origins.
    """
    app = create_app(
        DATABASE_URL="sqlite://", INSTANCE=str(tmp_path), REDIS_URL="", MAIL_SERVER="mail.example.org", SITE_URL=SITE,  # noqa: E501
        SECRET_KEY="0123456789abcdef0123456789abcdef", ENVIRONMENT="production", TRUSTED_PROXIES=proxies, TESTING=True,  # noqa: E501
    )  # fmt: skip
    seen: list[Any] = []
    app.before_request(lambda: seen.append((request.remote_addr, request.scheme, request.host)))
    return app.test_client(), seen


FORGED = {
    "X-Forwarded-For": "203.0.113.9",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "moot.example.org",
}


@pytest.mark.parametrize(
    ("proxies", "sent", "address"),
    [
        (0, "203.0.113.9", "127.0.0.1"),
        (1, "6.6.6.6, 203.0.113.9", "203.0.113.9"),
        (2, "6.6.6.6, 7.7.7.7, 10.0.0.1", "7.7.7.7"),
    ],
)
def test_only_configured_proxies_determine_the_ip_address(tmp_path, proxies, sent, address):
    client, seen = behind(tmp_path, proxies)
    client.get(
        "/health/live", headers={"X-Forwarded-For": sent}, base_url="http://moot.example.org"
    )

    assert seen[0][0] == address


def test_only_configured_proxies_determine_the_scheme(tmp_path):
    client, _seen = behind(tmp_path, 0)
    assert (
        client.get("/sign-in", headers=FORGED, base_url="http://moot.example.org").status_code
        == 308
    )
    (tmp_path / "other").mkdir()
    client, seen = behind(tmp_path / "other", 1)
    assert (
        client.get("/sign-in", headers=FORGED, base_url="http://10.0.0.2:8000").status_code == 200
    )
    assert seen[-1] == ("203.0.113.9", "https", "moot.example.org")


@pytest.mark.parametrize("proxies", [0, 1])
def test_an_unknown_host_name_is_refused(tmp_path, proxies):
    client, _seen = behind(tmp_path, proxies)
    for host in (
        "evil.example",
        "moot.example.org.evil.example",
        "moot.example.org@evil.example",
        "127.0.0.1",
    ):
        assert (
            client.get("/sign-in", base_url=f"https://{host.rpartition('@')[2]}").status_code == 400
        ), host
    forged = {**FORGED, "X-Forwarded-Host": "evil.example"}
    status = client.get("/sign-in", headers=forged, base_url=SITE).status_code
    assert status == (400 if proxies else 200)  # without a trusted proxy the header isn't even read


@pytest.mark.parametrize("proxies", [0, 1])
def test_health_and_metrics_can_be_requested_by_ip_address(tmp_path, proxies):
    """Prometheus can't send another host than that of its target, and the responses contain no
    host.
    """
    client, seen = behind(tmp_path, proxies)
    for path, status in (("/health", 200), ("/health/live", 200), ("/metrics", 404)):
        assert client.get(path, base_url="http://10.0.0.5:8000").status_code == status, path
    assert {host for _address, _scheme, host in seen} == {"moot.example.org"}
    assert client.get("/healthy", base_url="http://10.0.0.5:8000").status_code in {400, 404}
    assert client.get("/", base_url="http://10.0.0.5:8000").status_code == 400


def test_the_size_of_a_request_is_limited(app, visitor):
    token = visitor.csrf_token()
    most, memory, parts = (
        app.config["MAX_CONTENT_LENGTH"],
        app.config["MAX_FORM_MEMORY_SIZE"],
        app.config["MAX_FORM_PARTS"],
    )
    file = b"x" * (most + 1)
    sizes = {
        "in all": {"data": {"csrf_token": token, "file": (_file(file), "a.bin")}},
        "in one field": {
            "data": {"csrf_token": token, "name": "x" * (memory + 1)},
            "content_type": "multipart/form-data",
        },
        "in fields": {
            "data": {f"f{n}": "x" for n in range(parts + 1)},
            "content_type": "multipart/form-data",
        },
        "as one line": {
            "data": b"name=" + file,
            "content_type": "application/x-www-form-urlencoded",
        },
    }
    for words, options in sizes.items():
        answer = visitor.client.post("/sign-in", base_url="http://127.0.0.1:8000", **options)
        assert answer.status_code == 413, words
        assert "That’s too large" in answer.text, words


def _file(content: bytes) -> Any:
    from io import BytesIO

    return BytesIO(content)


def test_ids_of_other_groups_and_people_get_404(app, context):
    """Ana owns a group, and requests things of another group below her own group's path, and other
    people's things.
    """
    mine, theirs = sample_site.build(app), sample_site.build(app)
    asked = []
    for rule in sample_site.rules(app):
        foreign = rule.arguments & {
            "membership_id",
            "request_id",
            "ban_id",
            "invited_id",
            "question_id",
            "sign_in_id",
            "id",
        }
        if not foreign:
            continue
        values = {
            name: theirs.ids[name] if name in foreign else mine.value(rule, name)
            for name in rule.arguments
        }
        for method in sorted(rule.methods & {"GET", "POST"}):
            tab = mine.browser(app, "owner")
            answer = (tab.get if method == "GET" else tab.post)(rule.build(values)[1])
            asked.append(rule.endpoint)
            assert answer.status_code == 404, (method, rule)
            db.session.rollback()
            app.extensions["limits"].reset()
    assert len(asked) >= 8


@pytest.mark.long(15)
def test_unknown_ids_and_slugs_get_404(app, context):
    here = snapshots.sample_site_of(app, secret=False)
    nobody = {
        "slug": "nobody-has-this",
        "handle": "nobody-has-this",
        "token": "x" * 43,
        "number": 9,
        "kind": "event.published",
    }
    for rule in sample_site.rules(app):
        twice = (
            {"user_id"} if rule.endpoint == "event_shifts.take_away" else set()
        )  # pressing twice has the effect of once
        for name in (
            rule.arguments
            - twice
            - {"token", "kind", "invitation_id", "page", "who", "what", "pile"}
        ):  # links that have expired
            values = {other: here.value(rule, other) for other in rule.arguments} | {
                name: nobody.get(name, uuid.uuid4())
            }
            for method in sorted(rule.methods & {"GET", "POST"}):
                tab = here.browser(app, "admin" if "handle" in rule.arguments else "owner")
                status = (tab.get if method == "GET" else tab.post)(
                    rule.build(values)[1]
                ).status_code
                assert status == 404, (method, rule, name, status)
                db.session.rollback()
                app.extensions["limits"].reset()


#: Fields that no form of ours has, and that every form gets here.
_MOMENTS = [
    "created_at",
    "deleted_at",
    "verified_at",
    "approved_at",
    "deactivated_at",
    "opened_at",
    "closed_at",
    "answered_at",
]
_COUNTS = [
    "member_count",
    "seats_taken",
    "waiting_count",
    "last_position",
    "roll_count",
    "ballot_count",
]
_OTHERS = {
    "id": str(uuid.UUID(int=7)),
    "is_admin": "y",
    "password_hash": "x",
    "nonce": "x",
    "seed": "x",
    "lot_secret": "x",
}
_OWNERS = dict.fromkeys(
    ["user_id", "owner_id", "author_id", "group_id", "event_id"], str(uuid.UUID(int=7))
)
EXTRA = {
    **dict.fromkeys(_MOMENTS, "2000-01-01"),
    **dict.fromkeys(_COUNTS, "999"),
    **_OTHERS,
    **_OWNERS,
}
#: Columns that actions change by themselves, but never to what was sent.
OF_ACTS = {*_MOMENTS, *_COUNTS, "password_hash", "nonce", "seed", "lot_secret"} - {
    "created_at",
    "deactivated_at",
}
#: Actions whose purpose is to change one of the other columns.
ABOUT = {"admin_people.make": {"is_admin"}, "admin_people.end": {"is_admin"}}


def test_extra_fields_change_nothing(app, place):  # noqa: F811
    place()
    rows = _rows()
    for rule in rules(app, "POST"):
        sender = Sender(app, rule, place)
        known = OF_ACTS | ABOUT.get(rule.endpoint, set())
        committed = snapshots.committed(app)
        sender.send(EXTRA)
        if snapshots.committed(app) == committed:
            continue  # nothing was committed
        after = _rows()
        for (table, row_id), before in rows.items():
            now = after.get((table, row_id), before)
            fixed = {name: (before[name], now[name]) for name in set(EXTRA) & set(before) - known}
            assert all(was == is_ for was, is_ in fixed.values()), (rule, table, fixed)
        for values in after.values():
            assert "999" not in map(str, values.values()), rule
            assert not any(str(values.get(name, "")).startswith("2000-01-01") for name in EXTRA), (
                rule
            )


def _rows() -> dict[tuple[str, Any], dict[str, Any]]:
    tables = [
        db.metadata.tables[name]
        for name in ("user", "group", "event", "vote", "rsvp", "membership", "ballot")
    ]
    found = {}
    for table in tables:
        for row in db.session.execute(sa.select(table)).mappings():
            found[(table.name, row["id"])] = dict(row)
    db.session.rollback()
    return found


def test_a_token_is_valid_for_one_purpose_row_nonce_and_key(app, context, monkeypatch):
    row = uuid.uuid4()
    token = tokens.derive("accounts-reset", row, "nonce")
    assert tokens.matches(token, "accounts-reset", row, "nonce")
    for purpose, other, nonce in (
        ("accounts-verify", row, "nonce"),
        ("accounts-reset", uuid.uuid4(), "nonce"),
        ("accounts-reset", row, "other"),
    ):
        assert not tokens.matches(token, purpose, other, nonce)
    assert not tokens.matches(token + "=", "accounts-reset", row, "nonce")
    assert not tokens.matches("", "accounts-reset", row, "nonce")
    monkeypatch.setitem(
        app.config, "SECRET_KEY", "another key, as long as the first, for tests alone"
    )
    assert not tokens.matches(token, "accounts-reset", row, "nonce")


def test_an_emailed_link_works_for_one_page_and_one_person(visitor, ana, ben):
    link, other = (
        emailed_links.current_or_new(ana, emailed_links.RESET),
        emailed_links.current_or_new(ben, emailed_links.RESET),
    )
    db.session.commit()
    right = emailed_links.token(link)
    for path in (
        f"/verification/{link.id}/{right}",
        f"/password/reset/{other.id}/{right}",
        f"/password/reset/{uuid.uuid4()}/{right}",
        f"/password/reset/{link.id}/{emailed_links.token(other)}",
    ):
        assert visitor.get(path).status_code == 404, path
    assert visitor.get(f"/password/reset/{link.id}/{right}").status_code == 200


def test_a_session_cookie_altered_or_of_another_key_is_refused(app, browser, ana):
    tab = browser(ana)
    assert tab.get("/inbox").status_code == 200
    cookie = tab.client.get_cookie("folkmoot", domain="127.0.0.1")
    altered = cookie.value[:-9] + ("B" if cookie.value[-9] == "A" else "A") + cookie.value[-8:]
    for value in (altered, cookie.value[::-1], "", "e30.e30.e30"):
        other = Browser.of(app)
        other.client.set_cookie("folkmoot", value, domain="127.0.0.1")
        assert other.get("/inbox").status_code == 303


def test_without_the_database_no_one_gets_access(app, tmp_path):
    url = f"postgresql+psycopg://nobody@127.0.0.1:{free_port()}/none"
    away = create_app(
        DATABASE_URL=url,
        INSTANCE=str(tmp_path),
        REDIS_URL="",
        MAIL_SERVER="",
        SECRET_KEY="k" * 40,
        TESTING=True,
    )
    away.config["PROPAGATE_EXCEPTIONS"] = False
    tab = Browser(away.test_client())
    with tab.client.session_transaction(base_url="http://127.0.0.1:8000") as session:
        session[SIGN_IN] = "a secret that cannot be looked up"
    for rule in sample_site.rules(away, "POST"):
        if rule.endpoint in WITHOUT_TOKEN:
            continue
        one_of = {"page": "privacy", "pile": "jobs", "what": "removal"}
        values = {
            name: uuid.uuid4() if name.endswith("id") else one_of.get(name, "x")
            for name in rule.arguments
        }
        status = tab.post(rule.build(values)[1]).status_code
        assert status >= 400, (rule, status)
    for path in ("/inbox", "/", "/events/none"):
        answer = tab.get(path)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5"), path
    assert tab.get("/nothing-here").status_code == 404


def test_losing_the_database_during_a_request_gets_503(app, browser, ana, monkeypatch):
    def dies(*_args: Any, **_options: Any) -> Any:
        monkeypatch.setattr(type(db.session()), "execute", dies)
        raise sa.exc.OperationalError("SELECT 1", {}, Exception("gone"))

    tab = browser(ana)
    token = tab.csrf_token()
    monkeypatch.setattr(inbox, "mark_all_read", dies)
    answer = tab.post("/inbox/reading", {"csrf_token": token})

    assert answer.status_code == 503
    assert "Retry-After" in answer.headers


def test_people_made_by_the_factory_are_not_admins(ana):
    """The test of extra fields relies on this."""
    assert not factories.user("Eve").is_admin
