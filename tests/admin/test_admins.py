"""Admins: made and removed by other admins, never the last one, and never by accident."""

import pytest
import sqlalchemy as sa

from tests import factories
from tests.groups.racing import at_once, waiting_for_each_other
from webapp.accounts import account_deletion, admins
from webapp.accounts.models import SignIn, User
from webapp.core.extensions import db
from webapp.core.http.errors import UserError
from webapp.core.observability import audit


@pytest.fixture
def eli(context):
    """Eli Brandt, another admin."""
    return factories.user("Eli", "Brandt", is_admin=True)


def logged(action):
    return [entry.subject_id for entry, _address in audit.entries(action)]


def test_promoting_an_admin_notifies_all_admins(ana, dia, emails):
    admins.promote(ana, by=dia)
    db.session.commit()

    assert ana.is_admin
    assert logged("admin.made") == [ana.id]
    sent = emails()
    assert sorted(email["To"] for email in sent) == sorted([ana.email, dia.email])
    assert {email["Subject"] for email in sent} == {"Ana Souza is now an admin of Folkmoot"}
    assert (
        "Dia Rao made Ana Souza (@ana-souza) an admin" in sent[0].get_body(("plain",)).get_content()
    )


@pytest.mark.parametrize("missing", ["verified_at", "approved_at"])
def test_unconfirmed_and_unapproved_people_cannot_become_admins(ana, dia, missing):
    setattr(ana, missing, None)
    with pytest.raises(UserError):
        admins.promote(ana, by=dia)
    assert not ana.is_admin


def test_demoting_an_admin_takes_effect_at_once_in_open_streams(ana, dia, eli, emails, signals):
    admins.demote(eli, by=dia)
    db.session.commit()

    assert not eli.is_admin
    assert f"user:{eli.id}:rights" in signals
    assert sorted(email["To"] for email in emails()) == sorted([dia.email, eli.email])


def test_the_last_admin_cannot_be_demoted(dia, ana):
    with pytest.raises(UserError, match="The site has no other admin"):
        admins.demote(dia, by=dia)
    assert dia.is_admin


def test_an_admin_with_a_closed_account_does_not_count_as_another_admin(dia, eli):
    account_deletion.leave(eli)
    with pytest.raises(UserError):
        admins.demote(dia, by=dia)


def endings(*pairs):
    """Return acts in which each ends the other, from ids alone."""

    def act(by_id, person_id):
        admins.demote(db.session.get(User, person_id), by=db.session.get(User, by_id))

    return [
        lambda by_id=by_id, person_id=person_id: act(by_id, person_id) for by_id, person_id in pairs
    ]


def left():
    return db.session.scalar(sa.select(sa.func.count()).where(User.is_admin))


@pytest.fixture
def both_look(monkeypatch):
    """Make each act wait, after checking for another admin, until the other has checked too."""
    monkeypatch.setattr(
        admins, "has_another_admin", waiting_for_each_other(admins.has_another_admin)
    )


def test_two_admins_demoting_each_other_at_once_leave_one(app, dia, eli, both_look):
    acts = endings((dia.id, eli.id), (eli.id, dia.id))
    db.session.remove()

    assert at_once(app, acts) == ["done", "refused"]
    assert left() == 1


def test_control_without_the_lock_no_admin_is_left(app, dia, eli, monkeypatch):
    """Both are ended; where the database has a single writer, it interrupts the second act."""
    monkeypatch.setattr(
        admins, "has_another_admin", waiting_for_each_other(admins.has_another_admin)
    )
    monkeypatch.setattr(admins, "_held", lambda by, person: (by, person))
    acts = endings((dia.id, eli.id), (eli.id, dia.id))
    db.session.remove()

    outcomes = at_once(app, acts, unlocked=True)

    assert outcomes in (["done", "done"], ["OperationalError", "done"])
    assert left() == 2 - outcomes.count("done")


@pytest.fixture
def each_holds_one(monkeypatch):
    """Make each act wait, after locking its own account, until the other has locked its own, before
    locking each other's.
    """
    monkeypatch.setattr(admins, "locked", waiting_for_each_other(admins.locked))


def test_demoting_each_other_with_accounts_locked_does_not_deadlock(app, dia, eli, each_holds_one):
    acts = endings((dia.id, eli.id), (eli.id, dia.id))
    db.session.remove()

    assert at_once(app, acts) == ["done", "refused"]
    assert left() == 1


@pytest.mark.postgresql
def test_control_without_a_lock_order_one_of_them_deadlocks(
    app, dia, eli, each_holds_one, monkeypatch
):
    """SQLite has one writer at a time, so nobody waits for a second lock."""
    monkeypatch.setattr(admins, "_hold_all", lambda: None)
    acts = endings((dia.id, eli.id), (eli.id, dia.id))
    db.session.remove()

    assert at_once(app, acts) == ["OperationalError", "done"]


def test_demoting_asks_for_the_password_and_confirmation_for_oneself(browser, dia, eli, context):
    page = browser(dia)
    page.get("/admin/people/dia-rao/admin/removal")
    assert page.submit("/admin/removal").status_code == 422
    assert "Tick the box to confirm" in page.text
    assert db.session.get(User, dia.id, populate_existing=True).is_admin
    page.submit("/admin/removal", me="y")
    assert "Dia Rao is no longer an admin." in page.text
    assert page.get("/admin").status_code == 404


def test_promotion_on_the_page_takes_effect_at_the_next_request(browser, dia, ana):
    theirs, page = browser(ana), browser(dia)
    assert theirs.get("/admin").status_code == 404
    page.get("/admin/people/ana-souza/admin")
    page.submit("/ana-souza/admin")
    assert "Ana Souza is now an admin." in page.text
    assert theirs.get("/admin").status_code == 200


def test_an_impossible_demotion_shows_the_reason_on_the_page(browser, dia):
    page = browser(dia)
    answer = page.post("/admin/people/dia-rao/admin/removal", {"me": "y"})
    assert answer.status_code == 422
    assert "The site has no other admin" in page.text


def test_an_admin_can_sign_someone_out_everywhere(browser, dia, ana, context):
    theirs, page = browser(ana), browser(dia)
    theirs.get("/account")
    page.get("/admin/people/ana-souza/sign-ins/revocation")
    page.submit("/sign-ins/revocation")

    assert "Signed out on 1 browser." in page.text
    assert theirs.get("/account").status_code == 303
    assert db.session.scalar(sa.select(sa.func.count()).where(SignIn.user_id == ana.id)) == 0
    assert logged("sign_ins.ended") == [ana.id]


def test_the_confirmation_email_can_be_resent_five_times_an_hour(browser, dia, context, emails):
    yuki = factories.user("Yuki", handle="yuki", verified_at=None)
    page = browser(dia)
    page.get("/admin/people/yuki")
    for _time in range(5):
        page.submit("/confirmation-email")
        assert "Email sent again" in page.text
    assert page.post("/admin/people/yuki/confirmation-email").status_code == 429
    assert {email["To"] for email in emails()} == {yuki.email}
    assert len(emails()) == 5


def test_confirmed_people_get_no_confirmation_email(browser, dia, ana, emails):
    assert browser(dia).post("/admin/people/ana-souza/confirmation-email").status_code == 422
    assert emails() == []
