"""The link that confirms an email address: valid for an hour, once, with a button."""

import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from tests import factories
from tests.browser_like import ORIGIN, values_of
from webapp.accounts import (
    account_deletion,
    emailed_links,
    reads,
    sign_ins,
    sign_ups,
    verifications,
)
from webapp.accounts.models import EmailedLink, SignIn, User
from webapp.core import hooks
from webapp.core.db.engine import reading
from webapp.core.extensions import db
from webapp.core.http.errors import UserError
from webapp.core.time import clock

from .conftest import someone


@pytest.fixture
def waiting(browser, emailed):
    """The path of the link to someone who has just signed up."""
    newcomer = browser()
    newcomer.get("/sign-up")
    newcomer.post("/sign-up", someone())
    return emailed.path("accounts/verify")


def verified(app):
    with app.app_context():
        return reads.by_email("yuki@example.org").is_verified


def test_opening_the_link_changes_nothing(app, visitor, waiting):
    for _ in range(3):
        assert visitor.get(waiting).status_code == 200
    assert "Yuki Tanaka" in visitor.text
    assert not verified(app)


def test_the_button_confirms_and_redirects_to_sign_in(app, visitor, waiting, monkeypatch):
    notified = []
    monkeypatch.setattr(
        hooks.email_verified, "subscribers", [lambda user: notified.append(user.handle)]
    )
    visitor.get(waiting)

    visitor.submit()

    assert verified(app)
    assert notified == ["yuki-tanaka"]
    assert "Your email address is confirmed" in visitor.text
    assert visitor.page.find(id="name")["value"] == "yuki-tanaka"
    assert visitor.get("/account").status_code == 303


def signed_up(browser, **values):
    """Return the browser in which someone has signed up."""
    newcomer = browser()
    newcomer.get("/sign-up")
    newcomer.post("/sign-up", someone(**values))
    return newcomer


def is_signed_in(tab):
    return tab.get("/account").status_code == 200


def test_the_button_signs_in_the_browser_that_signed_up(context, browser, emailed):
    newcomer = signed_up(browser)
    newcomer.get(emailed.path("accounts/verify"))

    newcomer.submit()

    assert "Your email address is confirmed. Welcome!" in newcomer.text
    assert is_signed_in(newcomer)
    since = db.session.scalars(sa.select(SignIn.reauthenticated_at)).one()
    assert since <= clock.now() - sign_ins.FRESH, "sensitive pages ask for the password"


def test_an_earlier_browser_is_not_signed_in_after_another_signs_up(browser, emailed):
    """The owner of the mailbox confirms what was entered last, which may not be what they
    entered.
    """
    mine = signed_up(browser)
    signed_up(browser, password="Another-pass-1", password_again="Another-pass-1")
    mine.get(emailed.path("accounts/verify"))

    mine.submit()

    assert "Sign in to get started." in mine.text
    assert not is_signed_in(mine)


def test_someone_already_signed_in_stays_signed_in(browser, emailed, ana):
    newcomer = signed_up(browser)
    with newcomer.client.session_transaction(base_url=ORIGIN) as kept:
        proof = kept[sign_ups.PROOF]
    hers = browser(ana)
    with hers.client.session_transaction(base_url=ORIGIN) as kept:
        kept[sign_ups.PROOF] = proof
    path = emailed.path("accounts/verify")
    hers.get(path)
    assert f"You’re signed in as {ana.name}" in hers.text

    hers.submit()

    assert "yuki@example.org is now confirmed for Yuki Tanaka" in hers.text
    assert f"You’re still signed in as {ana.name}" in hers.text
    hers.get("/account")
    assert ana.name in hers.text
    hers.get(path)
    hers.submit("/sign-out")
    assert not is_signed_in(hers)


def test_the_old_page_sent_again_says_that_the_address_is_confirmed(browser, emailed):
    newcomer = signed_up(browser)
    path = emailed.path("accounts/verify")
    newcomer.get(path)
    before = values_of(newcomer.page.select_one("main form"))
    newcomer.submit()

    newcomer.post(path, before, csrf=False)

    assert newcomer.answer.status_code == 400
    assert newcomer.page.h1.get_text() == "Your email address is confirmed"
    assert "You’re signed in as Yuki Tanaka" in newcomer.text
    assert newcomer.page.select_one("main a.btn")["href"] == "/"


def test_a_used_link_says_whose_address_it_confirmed_for_an_hour_only(browser, emailed, ana):
    newcomer = signed_up(browser)
    path = emailed.path("accounts/verify")
    newcomer.get(path)
    newcomer.submit()
    reader = browser(ana)

    assert "Yuki Tanaka" in reader.get(path).text
    with time_machine.travel(clock.now() + timedelta(minutes=61), tick=False):
        answer = reader.get(path)
        assert answer.status_code == 404
        assert "Yuki" not in answer.text


def test_an_old_sign_up_form_sent_again_leads_to_its_page(browser, emailed):
    newcomer = signed_up(browser)
    newcomer.get("/sign-up")
    before = values_of(newcomer.page.select_one("main form"))
    newcomer.get(emailed.path("accounts/verify"))
    newcomer.submit()

    headers = {"Referer": f"{ORIGIN}/sign-up"}
    answer = newcomer.post("/sign-up", before, csrf=False, headers=headers)

    assert answer.status_code == 400
    assert newcomer.page.h1.get_text() == "This form is too old"
    link = newcomer.page.find("a", string="Open the page again")
    assert newcomer.get(link["href"]).status_code == 303


def test_the_page_of_an_old_form_is_opened_again_with_its_query(visitor):
    headers = {"Referer": f"{ORIGIN}/sign-up?next=/events"}
    visitor.post("/sign-up", {"csrf_token": "old"}, headers=headers)

    link = visitor.page.find("a", string="Open the page again")
    assert link["href"] == "/sign-up?next=/events"


@pytest.mark.parametrize("page", ["/sign-out", "//", "https://elsewhere.example/sign-up"])
def test_an_old_form_does_not_lead_to_a_page_that_cannot_be_opened(visitor, page):
    headers = {"Referer": page if "example" in page else f"{ORIGIN}{page}"}

    visitor.post("/sign-up", {"csrf_token": "old"}, headers=headers)

    assert visitor.page.h1.get_text() == "This form is too old"
    assert "Open the page again" not in visitor.text


def test_the_cookie_looks_the_same_for_known_addresses_and_bots(browser, ana):
    kept = []
    for values in ({}, {"email": ana.email}, {"homepage": "https://spam.example", "zone": ""}):
        with signed_up(browser, **values).client.session_transaction(base_url=ORIGIN) as cookie:
            kept.append({name: len(str(value)) for name, value in cookie.items()})
    assert {tuple(one) for one in kept} == {tuple(kept[0])}
    assert {one[sign_ups.PROOF] for one in kept} == {43}


def test_people_awaiting_approval_are_not_signed_in(browser, emailed, setting):
    setting("SIGN_UP", "approval")
    newcomer = signed_up(browser)
    newcomer.get(emailed.path("accounts/verify"))

    newcomer.submit()

    assert "An admin will review your sign-up" in newcomer.text
    assert not is_signed_in(newcomer)


def test_a_used_link_does_not_work_again(visitor, waiting):
    visitor.get(waiting)
    visitor.submit()

    assert visitor.get(waiting).status_code == 404
    assert "This link doesn’t work" in visitor.text
    assert visitor.post(waiting).status_code == 404


def test_used_unknown_and_forged_links_look_alike(visitor, waiting):
    link_id, token = waiting.split("/")[2:]
    visitor.get(waiting)
    visitor.submit()
    used = visitor.get(waiting).get_data(as_text=True)

    for path in (
        f"/verification/{link_id}/{token[:-1]}_",
        f"/verification/{link_id}/é",
        f"/verification/0190f7b5-0000-7000-8000-000000000000/{token}",
        f"/password/reset/{link_id}/{token}",
    ):
        assert visitor.get(path).status_code == 404
        if path.startswith("/verification"):
            assert visitor.get(path).get_data(as_text=True) == used
        assert "This link doesn’t work" in visitor.text


def test_an_expired_link_offers_a_new_one(app, visitor, waiting, emailed):
    with time_machine.travel(clock.now() + timedelta(minutes=59), tick=False):
        assert visitor.get(waiting).status_code == 200
    with time_machine.travel(clock.now() + timedelta(minutes=61), tick=False):
        assert visitor.get(waiting).status_code == 410
        assert "This link has expired" in visitor.text
        assert visitor.post(waiting).status_code == 410
        visitor.submit("/renewal")
        assert "Check your inbox" in visitor.text
        fresh = emailed.path("accounts/verify")
        assert fresh != waiting
        visitor.get(fresh)
        visitor.submit()
    assert verified(app)


def test_a_resent_email_has_the_same_link(app, context, waiting, emailed):
    with time_machine.travel(clock.now() + timedelta(minutes=30), tick=False):
        verifications.send(reads.by_email("yuki@example.org"))
        db.session.commit()

    assert len(emailed.rows("accounts/verify")) == 2
    assert emailed.path("accounts/verify") == waiting


def test_the_email_is_dropped_once_the_address_is_confirmed(visitor, waiting, emailed):
    visitor.get(waiting)
    visitor.submit()

    assert emailed.words("accounts/verify") is None


def race(app, users, act):
    """Call `act(link)` in as many threads as there are users, each with a link read as unused
    before any of them writes.
    """
    barrier, won, lock = threading.Barrier(users), [], threading.Lock()

    def one(link_id):
        with app.app_context():
            token = reading.set(True)
            link = db.session.get(EmailedLink, link_id)
            db.session.expunge_all()
            db.session.rollback()
            reading.reset(token)
            barrier.wait()
            if act(link):
                with lock:
                    won.append(1)
            db.session.commit()

    with app.app_context():
        link_id = db.session.scalar(sa.select(EmailedLink.id))
        db.session.rollback()
    threads = [threading.Thread(target=one, args=(link_id,)) for _ in range(users)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(won)


def unguarded(link):
    """What `links.use` would do if it trusted what it had read."""
    if link.used_at is not None:
        return None
    db.session.execute(
        sa.update(EmailedLink).where(EmailedLink.id == link.id).values(used_at=clock.now())
    )
    return db.session.get(User, link.user_id)


def test_one_of_twenty_parallel_uses_succeeds(app, waiting):
    assert race(app, 20, emailed_links.use) == 1


def test_control_without_the_condition_all_twenty_uses_succeed(app, waiting):
    assert race(app, 20, unguarded) == 20


def test_one_of_twenty_parallel_submissions_confirms(app, browser, waiting):
    browsers = [browser() for _ in range(20)]
    tokens = [(b, b.csrf_token()) for b in browsers]
    statuses = []

    def press(one, token):
        statuses.append(one.post(waiting, {"csrf_token": token}).status_code)

    threads = [threading.Thread(target=press, args=pair) for pair in tokens]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(statuses) == [303] + [404] * 19


def test_resending_needs_a_valid_proof(app, context, visitor, emailed):
    person = factories.user("Noor", verified_at=None)
    right = verifications.resend_proof(person)
    for account, proof in (
        (person.id, "x"),
        ("rubbish", right),
        ("", ""),
        (factories.user("Lea").id, right),
    ):
        visitor.get("/sign-in")
        assert (
            visitor.post("/verification", {"account": str(account), "proof": proof}).status_code
            == 303
        )
    assert emailed.rows() == []

    visitor.post("/verification", {"account": str(person.id), "proof": right})

    assert [row.address for row in emailed.rows()] == [person.email]


def test_resending_without_the_password_does_not_use_up_the_email_limit(
    app, context, visitor, emailed
):
    person = factories.user("Noor", verified_at=None)
    right = verifications.resend_proof(person)
    for _try in range(6):
        assert (
            visitor.post("/verification", {"account": str(person.id), "proof": "x"}).status_code
            == 303
        )

    assert (
        visitor.post("/verification", {"account": str(person.id), "proof": right}).status_code
        == 303
    )

    assert [row.address for row in emailed.rows()] == [person.email]


def test_the_resend_proof_works_for_nothing_else(app, context, visitor):
    """Each proof contains its purpose, so that it can't be used for another."""
    person = factories.user("Noor", verified_at=None)
    gone = factories.user("Lea")
    account_deletion.leave(gone)
    db.session.commit()

    assert verifications.unverified_user(person, account_deletion.restoration_proof(person)) is None
    with pytest.raises(UserError):
        account_deletion.restore(gone, verifications.resend_proof(gone))
