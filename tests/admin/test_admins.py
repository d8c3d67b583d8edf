"""Who manages the site: made and ended by another admin, never the last one, and never by
accident.
"""

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


def test_an_admin_makes_another_and_all_hear_of_it(ana, dia, emails):
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
def test_who_is_not_in_yet_is_made_no_admin(ana, dia, missing):
    setattr(ana, missing, None)
    with pytest.raises(UserError):
        admins.promote(ana, by=dia)
    assert not ana.is_admin


def test_an_admin_is_ended_at_once_and_their_streams_look_again(ana, dia, eli, emails, signals):
    admins.demote(eli, by=dia)
    db.session.commit()

    assert not eli.is_admin
    assert f"user:{eli.id}:rights" in signals
    assert sorted(email["To"] for email in emails()) == sorted([dia.email, eli.email])


def test_the_last_admin_stays_one(dia, ana):
    with pytest.raises(UserError, match="The site has no other admin"):
        admins.demote(dia, by=dia)
    assert dia.is_admin


def test_an_admin_whose_account_is_closed_is_nobody_to_rely_on(dia, eli):
    account_deletion.leave(eli)
    with pytest.raises(UserError):
        admins.demote(dia, by=dia)


def endings(*pairs):
    """Each ends the other, from ids alone."""

    def act(by_id, person_id):
        admins.demote(db.session.get(User, person_id), by=db.session.get(User, by_id))

    return [
        lambda by_id=by_id, person_id=person_id: act(by_id, person_id) for by_id, person_id in pairs
    ]


def left():
    return db.session.scalar(sa.select(sa.func.count()).where(User.is_admin))


@pytest.fixture
def both_look(monkeypatch):
    """Whoever asks whether there is another admin waits for the other one to have asked, too."""
    monkeypatch.setattr(
        admins, "has_another_admin", waiting_for_each_other(admins.has_another_admin)
    )


def test_of_two_who_end_each_other_at_once_one_is_left(app, dia, eli, both_look):
    acts = endings((dia.id, eli.id), (eli.id, dia.id))
    db.session.remove()

    assert at_once(app, acts) == ["done", "refused"]
    assert left() == 1


def test_control_without_the_lock_nobody_is_left(app, dia, eli, monkeypatch):
    """Both are ended; where the database has one writer alone, it breaks the second one's act."""
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
    """Whoever holds their own account waits for the other one to hold theirs, before they reach
    for each other's.
    """
    monkeypatch.setattr(admins, "locked", waiting_for_each_other(admins.locked))


def test_of_two_who_hold_an_account_each_neither_waits_for_good(app, dia, eli, each_holds_one):
    acts = endings((dia.id, eli.id), (eli.id, dia.id))
    db.session.remove()

    assert at_once(app, acts) == ["done", "refused"]
    assert left() == 1


@pytest.mark.postgresql
def test_control_without_one_order_the_database_breaks_one_of_them(
    app, dia, eli, each_holds_one, monkeypatch
):
    """SQLite has one writer at a time, who waits for nobody."""
    monkeypatch.setattr(admins, "_hold_all", lambda: None)
    acts = endings((dia.id, eli.id), (eli.id, dia.id))
    db.session.remove()

    assert at_once(app, acts) == ["OperationalError", "done"]


def test_the_page_asks_for_the_password_and_for_a_tick_where_it_is_oneself(
    browser, dia, eli, context
):
    page = browser(dia)
    page.get("/admin/people/dia-rao/admin/removal")
    assert page.submit("/admin/removal").status_code == 422
    assert "Tick the box to confirm" in page.text
    assert db.session.get(User, dia.id, populate_existing=True).is_admin
    page.submit("/admin/removal", me="y")
    assert "Dia Rao is no longer an admin." in page.text
    assert page.get("/admin").status_code == 404


def test_from_the_page_someone_is_made_an_admin_and_comes_in_at_their_next_request(
    browser, dia, ana
):
    theirs, page = browser(ana), browser(dia)
    assert theirs.get("/admin").status_code == 404
    page.get("/admin/people/ana-souza/admin")
    page.submit("/ana-souza/admin")
    assert "Ana Souza is now an admin." in page.text
    assert theirs.get("/admin").status_code == 200


def test_what_cannot_be_says_why_on_the_persons_page(browser, dia):
    page = browser(dia)
    answer = page.post("/admin/people/dia-rao/admin/removal", {"me": "y"})
    assert answer.status_code == 422
    assert "The site has no other admin" in page.text


def test_someone_is_signed_out_everywhere_and_may_sign_in_again(browser, dia, ana, context):
    theirs, page = browser(ana), browser(dia)
    theirs.get("/account")
    page.get("/admin/people/ana-souza/sign-ins/revocation")
    page.submit("/sign-ins/revocation")

    assert "Signed out on 1 browser." in page.text
    assert theirs.get("/account").status_code == 303
    assert db.session.scalar(sa.select(sa.func.count()).where(SignIn.user_id == ana.id)) == 0
    assert logged("sign_ins.ended") == [ana.id]


def test_the_email_that_confirms_goes_out_again_and_five_times_an_hour_at_most(
    browser, dia, context, emails
):
    yuki = factories.user("Yuki", handle="yuki", verified_at=None)
    page = browser(dia)
    page.get("/admin/people/yuki")
    for _time in range(5):
        page.submit("/confirmation-email")
        assert "Email sent again" in page.text
    assert page.post("/admin/people/yuki/confirmation-email").status_code == 429
    assert {email["To"] for email in emails()} == {yuki.email}
    assert len(emails()) == 5


def test_who_has_confirmed_gets_no_such_email(browser, dia, ana, emails):
    assert browser(dia).post("/admin/people/ana-souza/confirmation-email").status_code == 422
    assert emails() == []
