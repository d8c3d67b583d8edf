"""Sites with approval or invitation, and their commands."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from tests import factories
from tests.factories import PASSWORD
from webapp.accounts import blocks, invitations, reads, sign_ups
from webapp.accounts.models import User
from webapp.core.extensions import db
from webapp.core.http.errors import UserError
from webapp.core.time import clock

from .conftest import GOOD, someone


def signed_up_and_confirmed(browser, emailed):
    page = browser()
    page.get("/sign-up")
    page.post("/sign-up", someone())
    page.get(emailed.path("accounts/verify"))
    page.submit()
    return page


def sign_in(browser, password=GOOD):
    browser.get("/sign-in")
    return browser.post(
        "/sign-in", {"name": "yuki-tanaka", "password": password, "next": "/account"}
    ).status_code


def test_with_approval_a_newcomer_waits_until_an_admin_approves(browser, dia, emailed, setting):
    setting("SIGN_UP", "approval")
    newcomer = signed_up_and_confirmed(browser, emailed)
    assert "An admin will review your sign-up" in newcomer.text
    assert sign_in(newcomer) == 422
    assert "An admin still has to approve your account." in newcomer.text
    assert [row.address for row in emailed.rows("accounts/waiting")] == [dia.email]
    assert emailed.path("accounts/waiting") == "/admin/approvals"

    admin = browser(dia)
    admin.get("/admin/approvals")
    assert "Yuki Tanaka" in admin.text
    admin.submit("/yuki-tanaka/approval")

    assert "Yuki Tanaka was approved. We’ll email them." in admin.text
    assert "No one is waiting" in admin.text
    assert [row.address for row in emailed.rows("accounts/approved")] == ["yuki@example.org"]
    assert emailed.words("accounts/waiting") is None
    assert sign_in(newcomer) == 303


def test_approving_someone_another_admin_just_declined_gets_404(
    browser, dia, emailed, setting, monkeypatch
):
    setting("SIGN_UP", "approval")
    signed_up_and_confirmed(browser, emailed)
    real = sign_ups.approve

    def declined_first(person, by):
        db.session.execute(
            sa.delete(User).where(User.id == person.id),
            execution_options={"synchronize_session": False},
        )
        real(person, by)

    monkeypatch.setattr(sign_ups, "approve", declined_first)
    admin = browser(dia)
    admin.get("/admin/approvals")

    assert admin.submit("/yuki-tanaka/approval").status_code == 404


def test_the_sign_up_page_says_that_approval_is_required(visitor, setting):
    setting("SIGN_UP", "approval")

    visitor.get("/sign-up")

    assert "Sign-ups need approval" in visitor.text


def test_an_admin_can_decline_after_confirming(app, browser, dia, emailed, setting):
    setting("SIGN_UP", "approval")
    signed_up_and_confirmed(browser, emailed)
    admin = browser(dia)
    admin.get("/admin/people/yuki-tanaka/refusal")
    assert "Decline Yuki Tanaka?" in admin.text

    admin.submit("/refusal")

    assert "was declined" in admin.text
    assert [row.address for row in emailed.rows("accounts/declined")] == ["yuki@example.org"]
    assert emailed.words("accounts/declined") == {}
    with app.app_context():
        assert reads.by_email("yuki@example.org") is None


def test_an_approved_person_cannot_be_declined(browser, context, dia, ana):
    browser(dia).post("/admin/people/ana-souza/refusal")

    assert reads.by_handle("ana-souza") is not None


def test_the_result_is_shown_once_with_the_partial(browser, dia):
    yuki = factories.user("Yuki", "Tanaka", approved_at=None)
    blocks.block_or_mute(dia, yuki, blocks.BLOCK)
    db.session.commit()
    admin, sentence = browser(dia), f"@{yuki.handle} is no longer muted or blocked."

    undo = f"/people/{yuki.handle}/block/removal"
    done = admin.fragment(undo, "section#blocks", method="POST")
    admin.fragment(done.headers["Location"], "section#blocks")

    assert admin.page.find("hx-partial", id="messages").get_text(strip=True) == sentence
    assert sentence not in admin.get("/account").get_data(as_text=True)


@pytest.mark.parametrize("path", ["/admin/approvals", "/admin/people/yuki/refusal"])
def test_only_admins_can_see_the_approvals_page(browser, ana, visitor, path):
    assert browser(ana).get(path).status_code == 404
    assert visitor.get(path).status_code == 303


@pytest.mark.parametrize("end", ["approval", "refusal"])
def test_only_admins_can_approve_or_decline(browser, context, ana, end):
    factories.user("Yuki", handle="yuki", approved_at=None)

    assert browser(ana).post(f"/admin/people/yuki/{end}").status_code == 404
    assert not reads.by_handle("yuki").is_approved


def test_the_sign_up_page_says_that_an_invitation_is_required(visitor, emailed, setting):
    setting("SIGN_UP", "invitation")

    visitor.get("/sign-up")
    assert "is by invitation" in visitor.text
    assert not visitor.page.find(id="email")
    assert visitor.post("/sign-up", someone()).status_code == 403
    assert emailed.rows() == []


@pytest.mark.parametrize("mode", ["invitation", "approval", "open"])
def test_invited_people_sign_up_with_the_invited_address(
    app, context, browser, emailed, setting, mode
):
    setting("SIGN_UP", mode)
    invitations.invite("noor@example.org")
    db.session.commit()
    path = emailed.path("accounts/invited")
    page = browser()
    page.get(path)
    assert page.page.find(id="email")["value"] == "noor@example.org"

    page.submit(**{k: v for k, v in someone(email="eve@example.org").items() if k != "zone"})

    assert "Check your inbox" in page.text
    assert reads.by_email("eve@example.org") is None
    assert reads.by_email("noor@example.org").is_approved
    assert emailed.rows()[-1].address == "noor@example.org"
    db.session.rollback()
    if mode == "invitation":
        assert "This invitation doesn’t work" in (browser_text(browser(), path))
        assert browser().post(path, someone()).status_code == 403
    assert emailed.words("accounts/invited") is None


def browser_text(page, path):
    page.get(path)
    return page.text


def test_an_invitation_is_valid_for_two_weeks(context, browser, emailed, setting):
    setting("SIGN_UP", "invitation")
    invitations.invite("noor@example.org")
    db.session.commit()
    path = emailed.path("accounts/invited")

    with time_machine.travel(clock.now() + timedelta(days=13, hours=23), tick=False):
        assert "You’re invited" in browser_text(browser(), path)
    with time_machine.travel(clock.now() + timedelta(days=14, minutes=1), tick=False):
        assert "This invitation doesn’t work" in browser_text(browser(), path)
    assert "This invitation doesn’t work" in browser_text(browser(), path[:-1] + "_")


def test_an_invitation_works_once(context):
    row = invitations.invite("noor@example.org")
    invitations.use(row)

    with pytest.raises(UserError, match="has already been used"):
        invitations.use(row)


def run(app, *words, **options):
    return app.test_cli_runner().invoke(args=list(words), **options)


@pytest.mark.parametrize(
    ("order", "name"), [([], "Mira Nowak"), (["--family-name-first"], "Nowak Mira")]
)
def test_create_admin_uses_its_options(app, visitor, order, name):
    words = [
        "--email",
        "Root@Example.org",
        "--first-name",
        "Mira",
        "--last-name",
        "Nowak",
        "--password",
        GOOD,
        *order,
    ]

    result = run(app, "create-admin", *words)

    assert result.exit_code == 0, result.output
    assert f"{name} (@mira-nowak) is now an admin" in result.output
    assert GOOD not in result.output
    visitor.get("/sign-in")
    assert (
        visitor.post("/sign-in", {"name": "root@example.org", "password": GOOD}).status_code == 303
    )
    assert visitor.get("/admin/approvals").status_code == 200


def test_create_admin_asks_for_missing_options(app):
    result = run(app, "create-admin", input=f"root@example.org\nMira\nNowak\n{GOOD}\n{GOOD}\n")

    assert result.exit_code == 0, result.output
    assert GOOD not in result.output


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--password", "short"], "Use 8 characters"),
        (["--password", "MiraNowak1990!"], "."),
        (["--password", GOOD, "--handle", "admin"], "is reserved for the site"),
        (["--password", GOOD, "--email", "nonsense"], "full email address"),
    ],
)
def test_create_admin_enforces_the_sign_up_rules(app, words, sentence):
    base = ["--email", "root@example.org", "--first-name", "Mira", "--last-name", "Nowak"]

    result = run(app, "create-admin", *base, *words)

    assert result.exit_code != 0
    assert sentence in result.output
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count(User.id))) == 0


def test_create_admin_promotes_an_existing_account(app, browser, ana):
    db.session.rollback()
    result = run(app, "create-admin", "--email", ana.email)

    assert "Ana Souza (@ana-souza) is now an admin." in result.output
    assert browser(ana).get("/admin/approvals").status_code == 200


def test_the_approve_command_approves_a_person(app, context, browser, emailed):
    factories.user("Yuki", "Tanaka", handle="yuki-tanaka", approved_at=None)
    db.session.rollback()

    assert run(app, "approve", "@Yuki-Tanaka").output == "Yuki Tanaka can sign in now.\n"
    assert run(app, "approve", "nobody").exit_code == 1
    assert sign_in(browser(), PASSWORD) == 303
    assert len(emailed.rows("accounts/approved")) == 1


def test_the_invite_command_sends_an_invitation(app, ana, emailed):
    db.session.rollback()
    assert "Invitation sent to noor@example.org" in run(app, "invite", "Noor@example.org").output
    assert [row.address for row in emailed.rows()] == ["noor@example.org"]
    again = run(app, "invite", "ana-souza@example.org")
    assert again.exit_code == 1
    assert "already has an account" in again.output
