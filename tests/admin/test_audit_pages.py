"""The audit log's page: searched by action, actor, subject and time, in pages."""

import ast
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
import time_machine

from tests import factories
from webapp.admin import audit_labels
from webapp.core.db.keyset import Cursor
from webapp.core.extensions import db
from webapp.core.observability import audit
from webapp.core.observability.audit import AuditEntry, AuditFilter
from webapp.core.time import clock
from webapp.groups import memberships, reads
from webapp.groups.models import INVITE, SECRET
from webapp.moderation.labels import OUTCOMES

pytestmark = pytest.mark.any_database

WEBAPP = Path(__file__).parents[2] / "webapp"


def recorded():
    """Return every action that the code writes to the audit log by name."""
    for path in sorted(WEBAPP.rglob("*.py")):
        text = path.read_text()
        if (
            "audit" not in text
            and "log_failure(" not in text
            and "CHANGED" not in text
            and "FailurePile" not in text
        ):
            continue
        tree = ast.parse(text)
        for call in ast.walk(tree):
            name = getattr(
                getattr(call, "func", None), "attr", getattr(getattr(call, "func", None), "id", "")
            )
            if isinstance(call, ast.Call) and name in {
                "record",
                "_record",
                "_done",
                "log_failure",
                "_changed",
                "FailurePile",
            }:
                for argument in call.args[:2]:
                    yield from (
                        part.value for part in ast.walk(argument) if isinstance(part, ast.Constant)
                    )
        for node in tree.body:
            if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "CHANGED":
                yield node.value.value


def test_every_logged_action_has_a_label():
    written = {
        word for word in recorded() if isinstance(word, str) and "." in word and " " not in word
    }
    written |= {f"case.{act}" for act in OUTCOMES if act not in {"gone", "objection"}}
    written.add("site.restored")  # a restore writes it as a row
    assert {
        "vote.reminded",
        "reply.hidden",
        "invitation.paused",
        "event.tickets_changed",
        "password_check.failed",
    } <= written
    assert sorted(word for word in written if not audit_labels.is_known(word)) == []
    known = {
        f"{noun}.{verb}" for noun, (_words, verbs) in audit_labels.ACTS.items() for verb in verbs
    }
    assert sorted(known - written) == []


def sought(**asked):
    return [row.action for row in audit.keyset_page_of(AuditFilter(**asked), None, 50).items]


def test_the_log_is_searched_by_act_actor_subject_and_time(ana, ben):
    start = clock.now()
    for minutes, (action, by, subject) in enumerate(
        [
            ("group.created", ana, None),
            ("member.banned", ana, ben),
            ("member.left", ben, None),
            ("membership.x", ben, None),
        ]
    ):
        with time_machine.travel(start + timedelta(minutes=minutes), tick=False):
            audit.record(action, by=by, subject=subject)
            db.session.flush()

    assert sought() == ["membership.x", "member.left", "member.banned", "group.created"]
    assert sought(action="member") == ["member.left", "member.banned"]
    assert sought(action="member.left") == ["member.left"]
    assert sought(actor=ana.id) == ["member.banned", "group.created"]
    assert sought(subject=ben.id) == ["member.banned"]
    assert sought(since=start + timedelta(seconds=90)) == ["membership.x", "member.left"]
    assert sought(until=start + timedelta(seconds=90)) == ["member.banned", "group.created"]


def test_the_log_is_paged_by_keyset(context):
    for _one in range(5):
        audit.record("group.created")
    db.session.flush()
    first = audit.keyset_page_of(AuditFilter(action="group"), None, 3)
    last = first.items[-1]
    second = audit.keyset_page_of(AuditFilter(action="group"), Cursor(last.created_at, last.id), 3)
    assert (len(first.items), len(second.items), second.next) == (3, 2, "")


@pytest.fixture
def banned(ana, ben, context):
    """Ben, who was banned from Ana's group."""
    group = factories.group(ana, ben, name="Weir")
    memberships.remove(
        reads.membership_of(group, ben), by=ana, reason="Noise, and more noise", banned=True
    )
    db.session.commit()
    return group


def test_the_page_shows_actor_action_subject_group_and_ip_address(browser, dia, banned):
    page = browser(dia)
    page.get("/admin/audit?action=member.banned")
    line = page.page.find(id="audit").li
    assert "Ana Souza : Member banned, Ben Okafor , Weir" in " ".join(line.get_text(" ").split())
    assert [link["href"] for link in line.find_all("a")] == [
        "/admin/people/ana-souza",
        "/admin/people/ben-okafor",
    ]
    assert "Noise" not in page.text
    page.get("/admin/audit?action=sign_in")
    assert "Sign-in succeeded" in page.text


def test_secret_groups_are_not_named(browser, dia, banned):
    banned.visibility, banned.join_policy = SECRET, INVITE
    audit.record(
        "access.refused", route="group_manage.show", slug="weir-friends"
    )  # as an earlier version wrote it
    db.session.commit()
    page = browser(dia)
    page.get("/admin/audit")
    assert "Member banned" in page.text
    assert "Access refused" in page.text
    assert "weir" not in page.text.lower()


@pytest.mark.parametrize(
    ("query", "sees"),
    [
        ("by=ana-souza", True),
        ("by=@Ana-Souza", True),
        ("about=ben-okafor", True),
        ("by=ben-okafor", False),
        ("from=2031-01-01", False),
        ("to=2001-01-01", False),
        ("from=nonsense&action=nonsense", True),
    ],
)
def test_query_parameters_filter_the_log(browser, dia, banned, query, sees):
    page = browser(dia)
    page.get(f"/admin/audit?{query}")
    assert ("member.banned" in page.page.find(id="audit").get_text(" ")) is sees


def test_an_unknown_handle_shows_a_message(browser, dia):
    page = browser(dia)
    page.get("/admin/audit?by=nobody-at-all")
    assert "No one has this handle" in page.text
    assert page.page.find(id="by")["value"] == "nobody-at-all"


def test_the_page_takes_the_same_statements_for_many_entries(browser, dia, banned, statements_of):
    page = browser(dia)
    page.get("/admin/audit")
    few = statements_of(lambda: page.get("/admin/audit"))
    for _one in range(5):
        person = factories.user()
        audit.record("member.left", by=person, group=str(factories.group(person).id))
    db.session.commit()
    assert statements_of(lambda: page.get("/admin/audit")) == few == 5


def test_viewing_the_log_adds_no_entry(browser, dia, banned):
    page = browser(dia)
    before = db.session.scalar(sa.select(sa.func.count(AuditEntry.id)))
    db.session.rollback()
    page.get("/admin/audit")
    assert db.session.scalar(sa.select(sa.func.count(AuditEntry.id))) == before
