"""Requesting deletion, changing one's mind, coming back; and groups that would lose their only
owner.
"""

import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from tests import factories
from tests.groups.racing import at_once, waiting_for_each_other
from webapp.accounts import account_deletion, credentials, handles, suspensions
from webapp.accounts.credentials import PasswordProof
from webapp.accounts.models import SignIn, User
from webapp.core.extensions import db
from webapp.core.http.errors import UserError
from webapp.core.jobs import queue
from webapp.core.observability.audit import AuditEntry
from webapp.core.time import clock
from webapp.events.models import GOING, WAITING, Rsvp
from webapp.groups import member_removal, memberships, reads as group_reads, roster
from webapp.groups.models import MODERATOR, OWNER, Group, Membership
from webapp.privacy import deletions

from . import life


def proof_of(user) -> PasswordProof:
    """Return the proof of the right password."""
    return credentials.proof_for_user(user.id, factories.PASSWORD)


def gone(browser, user):
    """Return the browser in which the person has just requested deletion."""
    page = browser(user)
    page.get("/account/deletion")
    page.submit("/account/deletion", password=factories.PASSWORD)
    db.session.rollback()
    db.session.expire_all()
    return page


def test_the_page_says_what_is_deleted_and_what_stays(browser, ana):
    page = browser(ana)
    page.get("/account/deletion")

    for words in (
        "Immediately",
        "For 14 days",
        "What stays, without your name",
        "download your data",
    ):
        assert words in page.text


def test_deleting_an_account_asks_for_the_password(browser, ana):
    page = browser(ana)
    page.get("/account/deletion")
    answer = page.submit("/account/deletion", password="wrong")

    assert answer.status_code == 422
    assert "That’s not your password. Try again." in page.text
    db.session.rollback()
    assert db.session.get(User, ana.id).deletion_due_at is None


def test_leaving_ends_all_sign_ins_and_emails_the_deadline(browser, ana, emails):
    elsewhere = browser(ana)
    page = gone(browser, ana)

    assert "Sign in before then to keep it" in page.text
    assert elsewhere.get("/account").headers["Location"].startswith("/sign-in")
    (email,) = emails()
    assert email["Subject"] == "Your account will be deleted"
    assert str(ana.deletion_due_at.year) in email.get_body(("plain",)).get_content()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(SignIn)) == 0


def test_signing_in_offers_to_restore_the_account_with_one_button(browser, ana, app):
    page = gone(browser, ana)
    page.get("/sign-in")
    page.submit("/sign-in", name=ana.handle, password=factories.PASSWORD)
    assert "Keep your account?" in page.text

    page.submit("/account/restoration")

    assert "Good to have you back." in page.text
    assert page.get("/account").status_code == 200
    db.session.rollback()
    with time_machine.travel(clock.now() + timedelta(days=15), tick=False):
        queue.JOBS["privacy.erase"]()
    db.session.expire_all()
    assert db.session.get(User, ana.id).first_name == "Ana"


def test_a_wrong_password_does_not_reveal_the_deletion(browser, ana):
    page = gone(browser, ana)
    page.get("/sign-in")
    page.submit("/sign-in", name=ana.handle, password="wrong")

    assert "and password don’t match" in page.text


@pytest.mark.parametrize("later", [timedelta(minutes=31), timedelta(days=13)])
def test_the_restore_button_expires(ana, context, later):
    account_deletion.leave(ana)
    db.session.commit()
    proof = account_deletion.restoration_proof(ana)

    with time_machine.travel(clock.now() + later, tick=False), pytest.raises(UserError):
        account_deletion.restore(ana, proof)


def test_the_restore_button_works_once_and_for_its_own_account(ana, ben, context):
    for person in (ana, ben):
        account_deletion.leave(person)
    db.session.commit()
    proof = account_deletion.restoration_proof(ana)

    with pytest.raises(UserError):
        account_deletion.restore(ben, proof)
    account_deletion.restore(ana, proof)
    with pytest.raises(UserError):
        account_deletion.restore(ana, proof)


def test_erased_accounts_cannot_be_restored(ana, context):
    account_deletion.leave(ana)
    db.session.commit()
    proof = account_deletion.restoration_proof(ana)
    life.erased(ana)

    with pytest.raises(UserError):
        account_deletion.restore(ana, proof)


def test_leaving_people_can_reset_their_password_and_restore_their_account(browser, ana, emails):
    page = gone(browser, ana)
    page.get("/password/forgotten")
    page.submit("/password/forgotten", email=ana.email)
    db.session.rollback()

    assert "Choose a new password" in [email["Subject"] for email in emails()]


def test_a_leaving_persons_seat_is_passed_on_and_no_list_shows_them(browser, ana, ben, cem):
    group = factories.group(ana, ben)
    event = factories.event(ana, group, capacity=1)
    db.session.add_all(
        [
            Rsvp(event_id=event.id, user_id=ben.id, state=GOING),
            Rsvp(event_id=event.id, user_id=cem.id, state=WAITING, position=1),
        ]
    )
    event.seats_taken, event.waiting_count, event.last_position = 1, 1, 1
    db.session.commit()

    gone(browser, ben)

    states = dict(db.session.execute(sa.select(Rsvp.user_id, Rsvp.state)).all())
    assert states[cem.id] == GOING
    assert states[ben.id] != GOING
    assert [row.user_id for row in roster.members_of(group).items] == [ana.id]
    assert (
        db.session.scalar(sa.select(Membership.role).where(Membership.user_id == ben.id))
        == "member"
    )


def test_sole_owners_must_hand_over_their_groups_first(browser, ana, ben):
    group = factories.group(ana, ben, name="River walkers")
    page = browser(ana)
    page.get("/account/deletion")
    assert "River walkers" in page.text
    assert f"/groups/{group.slug}/manage/members" in str(page.page)

    answer = page.submit("/account/deletion", password=factories.PASSWORD)

    assert answer.status_code == 422
    assert "Hand them over first" in page.text
    db.session.rollback()
    membership = db.session.scalar(sa.select(Membership).where(Membership.user_id == ben.id))
    membership.role = OWNER
    db.session.commit()
    gone(browser, ana)
    assert db.session.get(User, ana.id).is_leaving


def test_a_leaving_owner_does_not_count_as_another_owner(ana, ben, context):
    group = factories.group(ana)
    factories.membership(group, ben, OWNER)
    deletions.ask(ana, proof_of(ana))
    db.session.commit()

    with pytest.raises(deletions.OwnsGroups):
        deletions.ask(ben, proof_of(ben))
    with pytest.raises(UserError, match="last owner"):
        memberships.leave(group, ben)


def both_ask(*people):
    """Return acts in which each of them leaves the site."""
    pairs = [(person.id, proof_of(person)) for person in people]
    db.session.remove()
    return [
        lambda id=id, proof=proof: deletions.ask(db.session.get(User, id), proof)
        for id, proof in pairs
    ]


def two_owners(ana, ben):
    """Return acts in which two owners leave the site."""
    group = factories.group(ana)
    factories.membership(group, ben, OWNER)
    return both_ask(ana, ben)


def test_one_of_two_owners_leaving_at_once_is_refused(app, ana, ben, monkeypatch):
    acts = two_owners(ana, ben)
    monkeypatch.setattr(group_reads, "owned_alone", waiting_for_each_other(group_reads.owned_alone))

    assert at_once(app, acts) == ["done", "refused"]


def test_control_without_the_groups_locks_both_leave_or_one_fails(app, ana, ben, monkeypatch):
    acts = two_owners(ana, ben)
    monkeypatch.setattr(group_reads, "owned_alone", waiting_for_each_other(group_reads.owned_alone))
    monkeypatch.setattr(member_removal, "hold_groups_of", lambda user: [])

    assert at_once(app, acts, unlocked=True) != ["done", "refused"]


def test_a_group_without_an_owner_passes_to_its_highest_role(ana, ben, cem, context):
    group = factories.group(ana, cem)
    factories.membership(group, ben, MODERATOR)

    life.erased(ana)

    roles = dict(db.session.execute(sa.select(Membership.user_id, Membership.role)).all())
    assert roles == {ben.id: OWNER, cem.id: "member"}
    assert db.session.get(Group, group.id).member_count == 2


def test_a_group_without_members_is_deleted(ana, context):
    group = factories.group(ana)

    life.erased(ana)

    assert db.session.get(Group, group.id).deleted_at is not None


def test_the_last_admin_cannot_leave(dia, ana, context):
    with pytest.raises(UserError, match="only admin"):
        deletions.ask(dia, proof_of(dia))
    db.session.rollback()
    ana.is_admin = True
    db.session.commit()

    deletions.ask(dia, proof_of(dia))


def two_admins(dia, ana):
    """Return acts in which two admins leave the site."""
    ana.is_admin = True
    db.session.commit()
    return both_ask(dia, ana)


def test_one_of_two_admins_leaving_at_once_is_refused(app, dia, ana, monkeypatch):
    monkeypatch.setattr(
        account_deletion, "_keep_an_admin", waiting_for_each_other(account_deletion._keep_an_admin)
    )

    assert at_once(app, two_admins(dia, ana)) == ["done", "refused"]


def test_control_with_only_their_own_accounts_locked_both_admins_leave(app, dia, ana, monkeypatch):
    monkeypatch.setattr(
        account_deletion, "_keep_an_admin", waiting_for_each_other(account_deletion._keep_an_admin)
    )
    monkeypatch.setattr(account_deletion, "hold", lambda user: db.session.get(User, user.id))

    assert at_once(app, two_admins(dia, ana), unlocked=True) != ["done", "refused"]


def test_requesting_deletion_twice_at_once_has_the_same_effect_as_once(app, ana, emails):
    ana_id, proof = ana.id, proof_of(ana)
    db.session.remove()
    ask = lambda: deletions.ask(db.session.get(User, ana_id), proof)  # noqa: E731

    assert at_once(app, [ask, ask]) == ["done", "done"]
    assert [email["Subject"] for email in emails()] == ["Your account will be deleted"]


def test_leaving_does_not_reopen_an_account_closed_by_an_admin(ana, dia, context):
    """The form may be sent at the very moment at which the account is closed."""
    proof = proof_of(ana)
    suspensions.suspend(ana, by=dia)
    db.session.commit()

    with pytest.raises(UserError, match="already closed"):
        deletions.ask(ana, proof)
    db.session.rollback()
    assert (ana.is_leaving, ana.is_active) == (False, False)


def test_audit_log_records_who_ended_the_sign_ins_of_a_closed_account(ana, dia, browser, context):
    browser(ana)
    suspensions.suspend(ana, by=dia)
    db.session.commit()

    ended = sa.select(AuditEntry.actor_id).where(AuditEntry.action == "sign_ins.ended")
    assert db.session.scalars(ended).all() == [dia.id]


def test_failed_restores_by_others_do_not_block_the_owner(browser, visitor, ana):
    page = gone(browser, ana)
    for _try in range(6):
        assert (
            visitor.post("/account/restoration", {"account": str(ana.id), "proof": "x"}).status_code
            == 303
        )
        assert visitor.post("/sign-in", {"name": "", "password": "x"}).status_code in (422, 429)
    page.get("/sign-in")
    page.submit("/sign-in", name=ana.handle, password=factories.PASSWORD)
    page.submit("/account/restoration")

    assert "Good to have you back." in page.text


def test_signing_up_with_a_leaving_persons_email_explains_how_to_restore(browser, ana, emails):
    page = gone(browser, ana)
    values = {
        "first_name": "Ana",
        "last_name": "Souza",
        "handle": "ana-new",
        "email": ana.email,
        "affirmed": "y",
    }
    values |= {"password": factories.PASSWORD, "password_again": factories.PASSWORD}
    page.get("/sign-up")
    page.submit("/sign-up", **values)

    email = emails()[-1]
    words = email.get_body(("plain",)).get_content()
    assert (email["To"], email["Subject"]) == (ana.email, "You already have an account")
    assert "It will be deleted on" in words
    assert "Sign in before then to keep it" in words


def test_a_previous_handle_stays_reserved_after_erasure_until_it_expires(ana, context):
    with time_machine.travel(clock.now() - timedelta(days=30), tick=False):
        handles.change(ana, "ana-by-the-river")
        db.session.commit()
    life.erased(ana)

    for handle in ("ana-souza", "ana-by-the-river"):
        with pytest.raises(UserError, match="is taken"):
            handles.refuse_taken(handle)
    with time_machine.travel(clock.now() + timedelta(days=61), tick=False):
        handles.refuse_taken("ana-souza")
        with pytest.raises(UserError, match="is taken"):
            handles.refuse_taken("ana-by-the-river")


#: Either she is told that she is back, and is; or that it's too late, and it is.
BACK_OR_GONE = [
    (["done", "done"], (True, "Ana", True)),
    (["done", "refused"], (False, "Former", False)),
]


def erased_and_back_at_once(app, ana, **how):
    """Let the clock erase Ana at the moment at which she presses the button; return the outcomes,
    and her account's state.
    """
    ana.deactivated_at = ana.deletion_due_at = clock.now()
    db.session.commit()
    ana_id, proof = ana.id, account_deletion.restoration_proof(ana)
    db.session.remove()
    back = lambda: account_deletion.restore(db.session.get(User, ana_id), proof)  # noqa: E731
    outcome = at_once(app, [lambda: deletions.carry_out(ana_id), back], **how)
    person = db.session.get(User, ana_id)
    return outcome, (person.is_active, person.first_name, person.erased_at is None)


def test_restoring_during_erasure_ends_restored_or_erased(app, ana, monkeypatch):
    meeting = threading.Barrier(2)
    monkeypatch.setattr(
        account_deletion,
        "hold_if_due",
        waiting_for_each_other(account_deletion.hold_if_due, meeting),
    )
    monkeypatch.setattr(
        account_deletion, "locked", waiting_for_each_other(account_deletion.locked, meeting)
    )

    assert erased_and_back_at_once(app, ana) in BACK_OR_GONE


def test_control_without_the_locks_the_account_is_half_erased_or_one_fails(app, ana, monkeypatch):
    meeting = threading.Barrier(2)
    look = waiting_for_each_other(lambda user_id: db.session.get(User, user_id), meeting)
    monkeypatch.setattr(account_deletion, "hold_if_due", look)
    monkeypatch.setattr(account_deletion, "locked", lambda _model, user_id: look(user_id))

    assert erased_and_back_at_once(app, ana, unlocked=True) not in BACK_OR_GONE
