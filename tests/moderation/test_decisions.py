"""Decisions: who can make them, what each does, and who is notified of what."""

import pytest
import sqlalchemy as sa

from tests import factories
from webapp.accounts import sign_ins
from webapp.accounts.models import SignIn
from webapp.core.extensions import db
from webapp.core.http.errors import Conflict, UserError
from webapp.core.observability.audit import AuditEntry
from webapp.core.time import clock
from webapp.groups import memberships, reads as groups
from webapp.groups.models import MEMBER, MODERATOR, ORGANIZER, OWNER
from webapp.moderation import case_routing, decisions, reads
from webapp.moderation.models import (
    BANNED,
    CLOSED,
    DISMISSED,
    ESCALATED,
    HIDDEN,
    LIFTED,
    REMOVED,
    SUSPENDED,
    WARNED,
    CaseStep,
)

from .reporting import judged, lines, reported

pytestmark = pytest.mark.any_database

GROUPS = ("ana", "oda", "mo")


@pytest.mark.parametrize(
    ("role", "judges"),
    [
        (MEMBER, {"ana", "oda", "mo"}),
        (None, {"ana", "oda", "mo"}),
        (MODERATOR, {"ana"}),
        (ORGANIZER, {"ana"}),
        (OWNER, {"dia"}),
    ],
)
def test_no_one_decides_on_themselves_or_on_equal_or_higher_roles(
    role, judges, group, ana, mo, oda, dia, cem
):
    gil = factories.user("Gil")
    if role:
        factories.membership(group, gil, role)
    case = reported("event", factories.event(gil, group), cem)
    people = {"ana": ana, "oda": oda, "mo": mo, "dia": dia, "cem": cem, "gil": gil}

    assert {
        name for name, person in people.items() if case_routing.may_judge(person, case)
    } == judges
    assert {person.first_name.lower() for person in reads.judges_of(case)} == judges
    db.session.commit()
    for name in ("ana", "oda", "mo", "gil"):
        stands = reads.queue(case_routing.queue_of(people[name], group), closed=False).total
        assert stands == (1 if name in judges else 0), name
    assert reads.queue(case_routing.queue_of_site(dia), closed=False).total == (
        1 if "dia" in judges else 0
    )


def test_a_later_role_change_moves_the_case(group, event, ana, ben, mo, cem):
    case = reported("event", event, cem)
    groups.membership_of(group, ben).role = MODERATOR
    db.session.commit()

    assert not case_routing.may_judge(mo, case)
    assert not case_routing.may_judge(ben, case)
    assert case_routing.may_judge(ana, case)
    with pytest.raises(UserError):
        decisions.decide(case, WARNED, "spam", "No", mo, case.version)


def test_a_site_admin_cannot_decide_on_a_groups_cases(event, dia, cem):
    case = reported("event", event, cem)

    assert decisions.allowed_acts(dia, case) == []
    assert reads.queue(case_routing.queue_of_site(dia), closed=False).total == 0


def test_each_role_has_its_allowed_decisions(event, ana, oda, mo, cem):
    case = reported("event", event, cem)

    for judge in (mo, oda, ana):
        assert decisions.allowed_acts(judge, case) == [DISMISSED, HIDDEN, WARNED, REMOVED, BANNED]


def test_a_dismissed_report_is_not_notified_to_its_subject(event, ben, mo, cem, emails):
    case = judged(reported("event", event, cem), DISMISSED, mo, rule=None)

    assert (case.state, case.outcome, case.decided_by_id) == (CLOSED, DISMISSED, mo.id)
    assert lines(ben, "case.decided") == []
    assert not [email for email in emails() if email["To"] == ben.email]
    assert lines(cem, "report.closed") == [
        "Someone reviewed your report about “Cheap watches”. Thank you."
    ]


def test_hiding_is_notified_with_reason_and_appeal_link(event, ben, mo, cem, emails):
    case = judged(reported("event", event, cem), HIDDEN, mo, "No advertising in this group.")

    assert event.hidden_at is not None
    assert lines(ben, "case.decided") == [
        "“Cheap watches” was hidden: No advertising in this group."
    ]
    (email,) = [email for email in emails() if email["To"] == ben.email]
    text = email.get_body(("plain",)).get_content()
    assert email["Subject"] == "“Cheap watches” was hidden (River walkers)"
    assert "No advertising in this group." in text
    assert "Spam" in text
    assert f"/decisions/{case.id}/" in text
    assert cem.name not in text
    assert "Mo Sato" not in text


def test_a_warning_only_notifies(event, ben, mo, cem):
    judged(reported("event", event, cem), WARNED, mo, "Ask first.")

    assert event.hidden_at is None
    assert lines(ben, "case.decided") == ["You were warned about “Cheap watches”: Ask first."]


@pytest.mark.parametrize(("act", "banned"), [(REMOVED, False), (BANNED, True)])
def test_removed_and_banned_people_are_notified_once(
    act, banned, group, event, ana, ben, cem, emails
):
    judged(reported("event", event, cem), act, ana, "Third time.")

    assert groups.membership_of(group, ben) is None
    assert groups.is_banned(group, ben) is banned
    assert [ban.reason for ban in groups.bans_of(group)] == (["Third time."] if banned else [])
    assert len(lines(ben, "case.decided")) == 1
    assert lines(ben, "member.removed") == []
    assert len([email for email in emails() if email["To"] == ben.email]) == 1


def test_closing_an_account_emails_its_owner_the_reason(app, ben, cem, dia, emails):
    ben.profile_visibility = "everyone"
    sign_ins.create_for(ben, app.config)
    case = reported("person", ben, cem)
    assert decisions.allowed_acts(dia, case) == [DISMISSED, WARNED, SUSPENDED]
    judged(case, SUSPENDED, dia, "Only ever advertising.")

    assert not ben.is_active
    assert (
        db.session.scalar(
            sa.select(sa.func.count()).select_from(SignIn).where(SignIn.user_id == ben.id)
        )
        == 0
    )
    (email,) = [email for email in emails() if email["To"] == ben.email]
    assert email["Subject"] == "Your account was closed"
    assert "Only ever advertising." in email.get_body(("plain",)).get_content()


def test_admins_cannot_close_each_others_accounts(ben, cem, dia):
    ben.is_admin, ben.profile_visibility = True, "everyone"
    db.session.commit()

    assert SUSPENDED not in decisions.allowed_acts(dia, reported("person", ben, cem))


def test_group_owners_are_notified_of_decisions_about_their_group(group, ana, ben, mo, cem, dia):
    case = judged(reported("group", group, cem), WARNED, dia, "Say who you are.")

    assert lines(ana, "case.decided") == ["You were warned about “River walkers”: Say who you are."]
    assert lines(ben, "case.decided") == lines(mo, "case.decided") == []
    assert case_routing.decision_for(ana, case.id) == case


def test_an_admin_cannot_decide_on_their_own_group(group, ana, cem, dia):
    ana.is_admin = True
    db.session.commit()
    case = reported("group", group, cem)

    assert not case_routing.may_judge(ana, case)
    assert case_routing.may_judge(dia, case)
    assert db.session.scalar(sa.select(reads.waiting_for_admin(ana))) == 0
    assert db.session.scalar(sa.select(reads.waiting_for_admin(dia))) == 1


def test_an_escalated_case_moves_from_the_group_to_the_admins(group, event, ana, mo, cem, dia):
    case = reported("event", event, cem)
    decisions.escalate(case, "This is a crime, I think.", mo, case.version)
    db.session.commit()

    assert [person.first_name for person in reads.judges_of(case)] == ["Dia"]
    assert reads.queue(case_routing.queue_of(ana, group), closed=False).total == 0
    assert [(step.action, step.text) for step in reads.case_log(case)] == [
        (ESCALATED, "This is a crime, I think.")
    ]
    assert len(lines(dia, "report.raised")) == 1
    with pytest.raises(UserError):
        decisions.escalate(case, "Again", dia, case.version)


def test_audit_log_records_decisions_without_their_texts(event, ana, ben, cem):
    judged(reported("event", event, cem, text="secret words"), BANNED, ana, "secret reason")

    rows = db.session.scalars(sa.select(AuditEntry)).all()
    assert {"case.banned", "member.banned"} <= {row.action for row in rows}
    assert not [
        row for row in rows if "secret" in repr(row.details) or "watches" in repr(row.details)
    ]


def test_the_second_of_two_decisions_is_refused(event, ana, mo, cem):
    case = reported("event", event, cem)
    seen = case.version
    judged(case, WARNED, mo)

    with pytest.raises(Conflict, match="just acted"):
        decisions.decide(case, BANNED, "spam", "Go", ana, seen)


def test_lifting_a_decision_shows_hidden_content_again(group, event, ana, ben, mo, cem):
    case = judged(reported("event", event, cem), HIDDEN, mo)
    assert decisions.allowed_acts(ana, case) == [LIFTED]
    judged(case, LIFTED, ana, "We looked again.", rule=None)

    assert event.hidden_at is None
    assert (
        lines(ben, "case.decided")[-1]
        == "The decision about “Cheap watches” was lifted: We looked again."
    )
    assert decisions.allowed_acts(ana, case) == []


def test_lifting_a_decision_ends_a_ban_or_reopens_an_account(group, event, ana, ben, cem, dia):
    case = judged(reported("event", event, cem), BANNED, ana)
    judged(case, LIFTED, ana, rule=None)
    assert not groups.is_banned(group, ben)

    ben.profile_visibility = "everyone"
    count = factories.group(ana, ben).member_count
    case = judged(reported("person", ben, cem), SUSPENDED, dia)
    assert [group.member_count for group in groups.groups_of(ben)] == [count - 1]
    judged(case, LIFTED, dia, rule=None)
    assert ben.is_active
    assert [group.member_count for group in groups.groups_of(ben)] == [count]


def test_lifting_a_decision_does_not_reopen_a_leaving_account(ben, cem, dia):
    ben.profile_visibility = "everyone"
    case = judged(reported("person", ben, cem), SUSPENDED, dia)
    ben.deletion_due_at = clock.now()
    db.session.commit()
    judged(case, LIFTED, dia, rule=None)

    assert not ben.is_active


def test_a_case_lists_earlier_cases_of_the_same_person_and_group(group, event, ana, ben, mo, cem):
    first = judged(reported("event", event, cem), WARNED, mo)
    elsewhere = reported("event", factories.event(ben, factories.group(ana, ben)), cem)
    second = reported("event", factories.event(ben, group), cem)

    assert reads.previous(second) == [first]
    assert reads.previous(elsewhere) == []


def test_every_step_of_a_case_is_stored(event, mo, cem):
    case = judged(reported("event", event, cem), WARNED, mo, "Ask first.", rule="hate")

    step = db.session.scalar(sa.select(CaseStep))
    assert (step.case_id, step.user_id, step.action, step.rule, step.text) == (
        case.id,
        mo.id,
        WARNED,
        "hate",
        "Ask first.",
    )


def test_closing_an_account_leaves_no_group_without_an_owner(group, ana, ben, cem, dia, oda):
    alone = factories.group(ana, name="Nobody else")
    shared = factories.group(ana, ben, name="Two owners")
    groups.membership_of(shared, ben).role = OWNER
    ana.profile_visibility = "everyone"
    db.session.commit()
    case = judged(reported("person", ana, cem), SUSPENDED, dia)

    assert [person.id for person in groups.members(group, OWNER)] == [oda.id]
    assert len(lines(oda, "ownership.inherited")) == 1
    assert [person.id for person in groups.members(shared, OWNER)] == [ben.id]
    assert lines(ben, "ownership.inherited") == []
    assert alone.deleted_at is not None

    judged(case, LIFTED, dia)
    assert {person.id for person in groups.members(group, OWNER)} == {ana.id, oda.id}
    assert [one.id for one in groups.deleted_by(ana)] == [alone.id]


def test_an_admin_decision_stays_with_admins_after_the_owner_leaves(group, ana, oda, mo, cem, dia):
    theirs = factories.event(ana, group)
    case = judged(reported("event", theirs, cem), SUSPENDED, dia)
    memberships.remove(groups.membership_of(group, ana), by=oda)
    db.session.commit()

    assert not ana.is_active
    assert decisions.allowed_acts(mo, case) == decisions.allowed_acts(oda, case) == []
    assert decisions.allowed_acts(dia, case) == [LIFTED]
    assert reads.queue(case_routing.queue_of(oda, group), closed=True).total == 0


@pytest.mark.parametrize("act", [REMOVED, BANNED])
def test_moderators_can_remove_and_ban_members_and_undo_it(act, group, event, oda, mo, ben, cem):
    case = judged(reported("event", event, cem), act, mo)
    assert groups.membership_of(group, ben) is None
    assert groups.is_banned(group, ben) == (act == BANNED)

    decisions.object_to(case, "No", ben, case.version)
    db.session.commit()
    assert decisions.allowed_acts(mo, case) == []  # someone else decides about the appeal
    judged(case, LIFTED, oda, rule=None)
    assert not groups.is_banned(group, ben)


def test_a_decided_case_cannot_be_escalated(event, mo, cem):
    case = judged(reported("event", event, cem), DISMISSED, mo, rule=None)
    with pytest.raises(UserError, match="can’t be passed on"):
        decisions.escalate(case, "Too much", mo, case.version)


def test_a_case_does_not_link_to_earlier_cases_for_other_moderators(
    browser, group, event, ben, mo, dia, cem
):
    decisions.escalate(first := reported("event", event, cem), "Too much", mo, first.version)
    judged(first, WARNED, dia)
    second = reported("event", event, cem)
    third = judged(reported("event", factories.event(ben, group), cem), DISMISSED, mo, rule=None)
    tab = browser(mo)
    tab.get(f"/groups/{group.slug}/manage/reports/{second.id}")

    links = [
        link["href"].rpartition("/")[2]
        for link in tab.page.select("section[aria-labelledby=previous-h] a")
    ]
    assert links == [str(third.id)]
