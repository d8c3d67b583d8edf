"""Inviting by email: the two steps, what a refused form keeps, how often people get emails, and
what no one learns.
"""

import io
import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from tests import factories
from tests.mail.deciding import decide
from webapp.accounts import blocks
from webapp.accounts.models import BLOCK
from webapp.core.extensions import db
from webapp.core.http.errors import UserError
from webapp.core.observability.audit import AuditEntry
from webapp.core.time import clock
from webapp.groups.models import MEMBER, MODERATOR, ORGANIZER, OWNER, Ban
from webapp.invitations import accepting, access, invite_links, inviting, opt_outs, reads
from webapp.invitations.inviting import Invited
from webapp.invitations.models import GroupInvitation, Mailing
from webapp.mail import dead_letters
from webapp.mail.models import OutgoingEmail
from webapp.notifications.models import Notification

from .conftest import path, to

pytestmark = [pytest.mark.usefixtures("context"), pytest.mark.any_database]
DAY = timedelta(days=1)


def here(group, rest=""):
    return f"/groups/{group.slug}/manage/invitations{rest}"


def count(model):
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count()).select_from(model))


def test_invitations_are_sent_only_after_a_preview(browser, ana, group, emails):
    tab = browser(ana)
    tab.get(here(group, "/new"))
    tab.submit(
        "/new",
        addresses="Gil <gil@example.org>\nhal@example.org, gil@example.org\nnobody here",
        message="Come!",
    )

    assert "2 addresses are ready" in tab.text
    assert "1 entry we couldn’t read" in tab.text
    assert "Line 3. It doesn’t contain an email address." in tab.text
    assert (count(GroupInvitation), count(OutgoingEmail), emails()) == (0, 0, [])

    tab.submit("/invitations")
    assert "2 invitations sent." in tab.text
    assert sorted(email["To"] for email in emails()) == ["gil@example.org", "hal@example.org"]
    text = emails()[0].get_body(("plain",)).get_content()
    link = re.search(r"http://127.0.0.1:8000(/invitations/\S+)", text)[1]
    stranger = browser()
    stranger.get(link)
    assert "Come!" in stranger.text


def test_addresses_from_a_table_are_added_to_the_typed_ones(browser, ana, group):
    tab = browser(ana)
    table = (io.BytesIO(b"Name;Mail\nGil;gil@example.org\nHal;hal@gmial.com\n"), "people.csv")
    tab.post(here(group, "/new"), {"addresses": "ina@example.org", "role": MEMBER, "file": table})

    assert "2 addresses are ready" in tab.text
    assert "line 3 of the table : did you mean hal@gmail.com?" in tab.text.replace(
        "table:", "table :"
    )
    kept = tab.page.find("textarea", {"name": "addresses"}).get_text()
    assert [one in kept for one in ("ina@example.org", "gil@example.org", "hal@gmial.com")] == [
        True
    ] * 3


def test_likely_typos_are_invited_only_if_ticked(browser, ana, group):
    tab = browser(ana)
    for ticked, expected in (
        (None, ["gil@example.org"]),
        ("hal@gmial.com", ["gil@example.org", "hal@gmial.com"]),
    ):
        tab.post(
            here(group, "/new"), {"addresses": "gil@example.org hal@gmial.com", "role": MEMBER}
        )
        tab.submit("/invitations", also=ticked)
        assert sorted(db.session.scalars(sa.select(GroupInvitation.email))) == expected


@pytest.mark.parametrize("number", [100, 101])
def test_a_hundred_addresses_at_once_is_the_limit_and_the_form_is_kept(browser, ana, group, number):
    tab = browser(ana)
    text = "\n".join(f"p{n}@example.org" for n in range(number))
    answer = tab.post(here(group, "/new"), {"addresses": text, "role": MEMBER, "message": "Come!"})

    assert answer.status_code == (200 if number == 100 else 422)
    assert ("Remove 1 and send" in tab.text) == (number == 101)
    assert (
        f"p{number - 1}@example.org" in tab.page.find("textarea", {"name": "addresses"}).get_text()
    )
    assert tab.page.find("textarea", {"name": "message"}).get_text().strip() == "Come!"


def test_a_form_sent_twice_sends_invitations_once(browser, ana, group, emails):
    tab = browser(ana)
    tab.post(here(group, "/new"), {"addresses": "gil@example.org", "role": MEMBER})
    fields = {
        field["name"]: field["value"]
        for field in tab.page.find("form", action=here(group)).find_all("input")
    }

    assert [tab.post(here(group), fields).status_code for _ in range(2)] == [303, 303]
    assert (count(Mailing), len(emails())) == (1, 1)


@pytest.mark.parametrize("whose", ["group", "event"])
def test_ticking_no_address_shows_a_message_and_keeps_them(browser, ana, group, emails, whose):
    place = group if whose == "group" else factories.event(ana)
    tab = browser(ana)
    tab.get(f"{place.path}/manage/invitations/new")
    tab.submit("/invitations/new", addresses="gil@gmial.com")

    tab.submit("/manage/invitations")
    assert tab.answer.status_code == 422
    assert "Tick the addresses that are right" in tab.text
    assert tab.page.find("textarea", {"name": "addresses"}).get_text().strip() == "gil@gmial.com"
    tab.submit("/manage/invitations", also=["gil@gmial.com"])

    assert [email["To"] for email in emails()] == ["gil@gmial.com"]


def test_an_address_is_invited_once_by_all_organizers_together(group, ana, invite):
    other = factories.user()
    factories.membership(group, other, ORGANIZER)
    invite()

    with pytest.raises(UserError, match="Everyone on this list has already been invited"):
        inviting.invite(group, other, Invited(["GIL@example.org".lower()], MEMBER))
    with (
        time_machine.travel(clock.now() + timedelta(days=89), tick=False),
        pytest.raises(UserError),
    ):
        inviting.invite(group, other, Invited(["gil@example.org"], MEMBER))
    with time_machine.travel(clock.now() + timedelta(days=90, hours=1), tick=False):
        inviting.invite(group, other, Invited(["gil@example.org"], MEMBER))
        assert (to("gil@example.org").by_id, to("gil@example.org").sends) == (other.id, 1)


def test_another_group_can_invite_the_same_address(ana, invite):
    first = invite()
    inviting.invite(factories.group(ana), ana, Invited(["gil@example.org"], MEMBER))

    assert count(GroupInvitation) == 1, "the second was rolled back"
    assert first.sends == 1


def test_an_invitation_is_resent_at_most_twice_and_not_on_the_same_day(ana, invite):
    row, now = invite(), clock.now()
    before = path(row)
    with pytest.raises(UserError, match="Wait a day"):
        inviting.resend(row, ana)
    for days in (1, 2):
        with time_machine.travel(now + days * (DAY + timedelta(hours=1)), tick=False):
            inviting.resend(row, ana)
            assert row.expires_at == clock.now() + timedelta(days=30)
            db.session.commit()
    with (
        time_machine.travel(now + 5 * DAY, tick=False),
        pytest.raises(UserError, match="three times"),
    ):
        inviting.resend(row, ana)

    assert path(row) == before
    assert db.session.scalars(sa.select(OutgoingEmail.address)).all() == ["gil@example.org"] * 3


def test_withdrawing_and_inviting_again_does_not_reset_the_count(group, ana, invite):
    row, now = invite(), clock.now()
    for days in (2, 4):
        invite_links.withdraw(row, ana)
        db.session.commit()
        assert row.email is None
        with time_machine.travel(now + days * DAY, tick=False):
            inviting.invite(group, ana, Invited(["gil@example.org"], MEMBER))
            db.session.commit()
    invite_links.withdraw(row, ana)
    with (
        time_machine.travel(now + 6 * DAY, tick=False),
        pytest.raises(UserError, match="Everyone on this list has already been invited"),
    ):
        inviting.invite(group, ana, Invited(["gil@example.org"], MEMBER))


def test_a_group_sends_at_most_five_hundred_invitations_a_day(group, ana, monkeypatch):
    monkeypatch.setattr(inviting, "MOST_A_DAY", 5)
    inviting.invite(group, ana, Invited([f"p{n}@example.org" for n in range(5)], MEMBER))
    with pytest.raises(UserError, match="0 are left"):
        inviting.invite(group, ana, Invited(["one@example.org"], MEMBER))
    with time_machine.travel(clock.now() + DAY + timedelta(minutes=1), tick=False):
        inviting.invite(group, ana, Invited(["one@example.org"], MEMBER))


def test_an_address_over_its_email_limit_is_skipped(app, browser, ana, group, invite):
    tab = browser(ana)
    with app.test_request_context():
        from webapp.core.http import limits

        for _ in range(5):
            limits.email_to("gil@example.org")
    tab.post(here(group, "/new"), {"addresses": "gil@example.org hal@example.org", "role": MEMBER})
    tab.submit("/invitations")

    assert "1 invitation sent." in tab.text
    assert "1 address has just been sent several emails" in tab.text
    assert db.session.scalars(sa.select(GroupInvitation.email)).all() == ["hal@example.org"]
    app.extensions["limits"].reset()


@pytest.mark.parametrize(
    ("mine", "may"), [(OWNER, {MEMBER, MODERATOR, ORGANIZER}), (ORGANIZER, {MEMBER, MODERATOR})]
)
def test_people_can_invite_only_to_roles_they_can_give(group, ana, mine, may):
    by = ana if mine == OWNER else factories.user()
    if mine != OWNER:
        factories.membership(group, by, mine)
    for n, role in enumerate((MEMBER, MODERATOR, ORGANIZER, OWNER)):
        if role in may:
            inviting.invite(group, by, Invited([f"p{n}@example.org"], role))
            invite_links.make_link(group, by, role)
        else:
            with pytest.raises(UserError):
                inviting.invite(group, by, Invited([f"p{n}@example.org"], role))
            with pytest.raises(UserError):
                invite_links.make_link(group, by, role)


def shown(browser, ana, group):
    """Return (preview, list afterwards) of each address, without the address itself."""
    tab = browser(ana)
    tab.get(here(group))
    return {
        row.th.get_text(" ", strip=True): row.td.get_text(" ", strip=True)
        for row in tab.page.select("#email_invitations tbody tr")
    }


def test_the_list_reveals_no_accounts_opt_outs_blocks_or_bans(
    browser, ana, ben, cem, group, emails
):
    """Strangers, accounts of the site, members, and people who are banned, have blocked or opted
    out all look alike.
    """
    inside, banned = factories.user("Ina"), factories.user("Jan")
    factories.membership(group, inside)
    db.session.add(Ban(group_id=group.id, user_id=banned.id))
    blocks.block_or_mute(cem, ana, BLOCK)
    opt_outs.opt_out(opt_outs.hash_of("never@example.org"))
    db.session.commit()
    everyone = [
        "stranger@example.org",
        "never@example.org",
        ben.email,
        cem.email,
        inside.email,
        banned.email,
    ]
    tab = browser(ana)
    tab.post(here(group, "/new"), {"addresses": "\n".join(everyone), "role": MEMBER})
    assert "6 addresses are ready" in tab.text
    tab.submit("/invitations")
    assert set(shown(browser, ana, group).values()) == {"Sending"}

    assert sorted(email["To"] for email in emails()) == sorted(["stranger@example.org", ben.email])
    assert shown(browser, ana, group) == dict.fromkeys(everyone, "Sent")


def test_the_list_shows_pending_and_failed_emails(browser, ana, group, invite, emails):
    for n in range(3):
        invite(f"p{n}@example.org")
    tab = browser(ana)
    tab.get(here(group))
    assert "0 sent, 3 still to send" in tab.text
    assert "every 3s" in tab.page.find(id="email_invitations")["hx-trigger"]

    emails()
    db.session.execute(
        sa.update(OutgoingEmail)
        .where(OutgoingEmail.address == "p0@example.org")
        .values(state="dead", ended_at=clock.now())
    )
    db.session.commit()
    assert dead_letters.count() == 1
    tab.fragment(here(group), "email_invitations")
    assert "every 3s" not in tab.page.find(id="email_invitations")["hx-trigger"]
    assert "1 email couldn’t be delivered" in tab.text
    assert shown(browser, ana, group)["p0@example.org"] == "Not delivered"


def test_the_list_of_invitations_has_pages(browser, ana, group):
    inviting.invite(group, ana, Invited([f"p{n}@example.org" for n in range(25)], MEMBER))
    db.session.commit()
    tab = browser(ana)
    tab.get(here(group, "?page=2"))

    assert len(tab.page.select("#email_invitations tbody tr")) == 5
    assert "21 to 25 of 25" in tab.text


def test_audit_log_records_every_invitation_action(browser, ana, ben, group, invite, link):
    row, other = invite(ben.email), link()
    for act, one in (
        (invite_links.pause, row),
        (invite_links.resume, row),
        (invite_links.pause, other),
        (invite_links.withdraw, other),
    ):
        act(one, ana)
    accepting.accept(row, ben)
    db.session.commit()
    acts = set(db.session.scalars(sa.select(AuditEntry.action)))

    assert {
        *("invitation.sent", "invitation_link.made", "invitation.paused", "invitation.resumed"),
        *("invitation.withdrawn", "invitation.accepted"),
    } <= acts


def test_the_email_of_a_paused_invitation_is_sent_once_resumed(group, ana, invite, emails):
    row = invite()
    invite_links.pause(row, ana)
    db.session.commit()
    assert emails() == []
    invite_links.resume(row, ana)
    db.session.commit()

    assert [email["To"] for email in emails()] == ["gil@example.org"]


NASTY = [
    "",
    "river\x00side",
    "9" * 5000,
    "<script>alert(1)</script>",
    "%(name)s {{ 7*7 }}",
    "a" * 60_000,
    "ﷺ@ﷺ.ﷺ",
]


@pytest.mark.parametrize("words", NASTY)
@pytest.mark.parametrize("name", ["addresses", "also", "role", "message", "once"])
def test_unexpected_field_values_never_cause_a_server_error(browser, ana, group, name, words):
    fields = {"addresses": "gil@example.org", "role": MEMBER, "message": "", "once": "x"}

    assert browser(ana).post(here(group), {**fields, name: words}).status_code in (303, 422)


@pytest.mark.parametrize("mine", [OWNER, ORGANIZER, MODERATOR, MEMBER])
def test_the_lists_role_query_agrees_with_the_permission_rules(group, ana, mine):
    person = factories.user()
    factories.membership(group, person, mine)

    assert reads.givers(group).get(person.id, []) == access.roles_for(person, group)


def test_members_and_banned_people_are_not_notified_of_invitations(group, invite, ben, cem, dia):
    factories.membership(group, ben)
    db.session.add(Ban(group_id=group.id, user_id=cem.id))
    db.session.commit()
    for person in (ben, cem, dia):
        invite(person.email)
    decide()

    notified = sa.select(Notification.user_id).where(Notification.kind == "invitation.arrived")
    assert list(db.session.scalars(notified)) == [dia.id]
