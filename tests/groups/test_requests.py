"""Requests to join, and the answers to them."""

import pytest
import sqlalchemy as sa

from tests import factories
from webapp.accounts import account_deletion
from webapp.core.extensions import db
from webapp.core.http.errors import Conflict, UserError
from webapp.core.observability.audit import AuditEntry
from webapp.groups import access, memberships, notifications, reads, requests
from webapp.groups.models import APPROVE, MEMBER, MODERATOR, JoinRequest
from webapp.mail.emails import context_of
from webapp.mail.jobs.rendering import text_of
from webapp.mail.models import OutgoingEmail
from webapp.notifications.models import Notification

pytestmark = pytest.mark.any_database


@pytest.fixture
def group(ana):
    return factories.group(ana, name="Lake Riders", join_policy=APPROVE)


def notes(user):
    return list(
        db.session.scalars(sa.select(Notification.label).where(Notification.user_id == user.id))
    )


def test_requests_are_notified_to_those_who_can_approve_them_only(group, ana, ben, cem, dia):
    factories.membership(group, cem)
    factories.membership(group, dia, MODERATOR)

    requests.ask(group, by=ben, message="I have a bicycle")
    db.session.commit()

    assert notes(ana) == notes(dia) == ["Ben Okafor asked to join Lake Riders"]
    assert notes(cem) == []
    assert sorted(db.session.scalars(sa.select(OutgoingEmail.address))) == sorted(
        [ana.email, dia.email]
    )


def test_requesting_again_updates_the_message_without_another_notification(group, ana, ben):
    requests.ask(group, by=ben, message="Hello")
    requests.ask(group, by=ben, message="Hello, I am Ben")
    db.session.commit()

    assert [request.message for request in reads.requests_of(group)] == ["Hello, I am Ben"]
    assert len(notes(ana)) == 1


def test_an_approved_person_becomes_a_member_and_is_notified(group, ana, ben):
    requests.approve(requests.ask(group, by=ben), by=ana)
    db.session.commit()

    assert access.role_of(ben, group) == MEMBER
    assert group.member_count == 2
    assert notes(ben) == ["You’re now a member of Lake Riders"]
    assert reads.requests_of(group) == []
    assert "request.approved" in db.session.scalars(sa.select(AuditEntry.action))


def test_a_declined_person_gets_the_message_and_can_ask_again(group, ana, ben):
    requests.decline(requests.ask(group, by=ben), by=ana, message="We are full until May")
    db.session.commit()

    assert notes(ben) == ["Lake Riders declined your request to join: We are full until May"]
    assert reads.requests_of(group) == []
    assert reads.request_of(group, ben) is None

    requests.ask(group, by=ben, message="It is May")
    db.session.commit()
    assert [request.message for request in reads.requests_of(group)] == ["It is May"]


def test_an_ignored_person_is_not_notified(group, ana, ben):
    requests.ignore(requests.ask(group, by=ben), by=ana)
    db.session.commit()

    assert notes(ben) == []
    assert reads.requests_of(group) == []
    assert reads.request_of(group, ben) is not None
    requests.ask(group, by=ben, message="Please")
    assert reads.requests_of(group) == []
    assert len(notes(ana)) == 1


def test_a_request_is_answered_once(group, ana, ben):
    request = requests.ask(group, by=ben)
    requests.decline(request, by=ana)

    for answer in (requests.approve, requests.decline, requests.ignore):
        with pytest.raises(Conflict):
            answer(request, by=ana)


def test_a_withdrawn_request_cannot_be_answered(group, ana, ben):
    request = requests.ask(group, by=ben)
    db.session.commit()
    gone = sa.delete(JoinRequest).where(JoinRequest.id == request.id)
    db.session.execute(gone, execution_options={"synchronize_session": False})

    with pytest.raises(Conflict):
        requests.approve(request, by=ana)


def test_a_request_can_be_withdrawn(group, ben):
    requests.ask(group, by=ben)
    requests.withdraw(group, by=ben)
    assert reads.requests_of(group) == []


def test_members_and_banned_people_cannot_request_to_join(group, ana, ben):
    with pytest.raises(Conflict):
        requests.ask(group, by=ana)
    memberships.remove(factories.membership(group, ben), by=ana, banned=True)
    with pytest.raises(UserError, match="can’t join"):
        requests.ask(group, by=ben)


def test_groups_that_take_no_requests_refuse_them(ana, ben):
    with pytest.raises(UserError, match="doesn’t take requests"):
        requests.ask(factories.group(ana), by=ben)


def test_request_emails_have_their_content_and_are_dropped_when_pointless(group, ana, ben):
    request = requests.ask(group, by=ben, message="I have a bicycle")
    ids = {"user": str(ana.id), "request": str(request.id)}

    context = notifications.request_arrived(**ids)
    assert (context["person"], context["message"]) == (ben, "I have a bicycle")
    assert context["url"] == "http://127.0.0.1:8000/groups/lake-riders/manage/requests"

    requests.decline(request, by=ana, message="Not now")
    assert notifications.request_arrived(**ids) is None
    assert (
        notifications.request_declined(user=str(ben.id), request=str(request.id))["answer"]
        == "Not now"
    )

    requests.ask(group, by=ben)
    assert notifications.request_declined(user=str(ben.id), request=str(request.id)) is None


def test_every_group_email_renders_as_html_and_text(app, group, ana, ben):
    member = factories.membership(group, ben, MODERATOR)
    asked = JoinRequest(group=group, user=factories.user("Eve", "Ek"), message="<b>Hi</b>")
    refused = JoinRequest(
        group=group,
        user=factories.user(),
        answer="No",
        declined_at=asked.created_at or group.created_at,
    )
    db.session.add_all([asked, refused])
    db.session.commit()
    ids = {
        "request_arrived": {"user": str(ana.id), "request": str(asked.id)},
        "request_approved": {"user": str(ben.id), "group": str(group.id)},
        "request_declined": {"user": str(refused.user_id), "request": str(refused.id)},
        "role_changed": {"user": str(ben.id), "membership": str(member.id)},
        "removed": {"user": str(asked.user_id), "group": str(group.id)},
    }
    for name in ids:
        context = context_of(f"groups/{name}", ids[name])
        html = app.jinja_env.get_template(f"emails/groups/{name}.html").render(**context)
        assert "<b>Hi" not in html
        for words in (html, text_of(html)):
            assert context["url"] in words
            assert "Lake Riders" in words


def test_requests_of_people_leaving_the_site_are_hidden_and_not_approvable(group, ana, ben):
    asked = requests.ask(group, by=ben)
    db.session.commit()
    account_deletion.leave(ben)
    db.session.commit()

    assert reads.requests_of(group) == []
    assert db.session.scalar(sa.select(reads.requests(group, ana))) == 0
    with pytest.raises(Conflict, match="account is no longer active"):
        requests.approve(asked, by=ana)
    assert group.member_count == 1
