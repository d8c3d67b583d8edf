"""The page of an invitation, the ways to accept it, and what can prevent that."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from tests import factories
from tests.mail.deciding import decide
from webapp.accounts import blocks
from webapp.accounts.models import BLOCK
from webapp.core.extensions import db
from webapp.core.time import clock
from webapp.groups import groups, memberships, reads
from webapp.groups.models import MEMBER, MODERATOR, ORGANIZER, OWNER, Ban
from webapp.invitations import accepting, invite_links, reads as invitation_reads
from webapp.invitations.models import InvitationUse
from webapp.notifications.models import Notification

from .conftest import path, role_of

pytestmark = pytest.mark.usefixtures("context")
OVER = "This invitation doesn’t work"


def test_an_invitation_link_shows_a_secret_group_without_its_members(visitor, group, invite):
    factories.membership(group, factories.user("Ina", "Inside"))
    answer = visitor.get(path(invite(message="Come on <b>Saturday</b>")))

    assert answer.status_code == 200
    for words in (
        "Weir Keepers",
        "Ana Souza invited you to",
        "We keep the weir.",
        "Come on <b>Saturday</b>",
        "Create an account",
        "Sign in",
    ):
        assert words in visitor.text
    assert "Ina" not in visitor.text
    assert "member" not in visitor.page.find("main").get_text()
    assert "Set-Cookie" not in answer.headers
    assert not visitor.page.find("main").find_all("form")
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "noindex" in visitor.page.find("meta", {"name": "robots"})["content"]


WRONG = (
    lambda url: url[:-1],
    lambda url: url[:-1] + ("A" if url[-1] != "A" else "B"),
    lambda url: url.replace("-", "0", 1),
)


@pytest.mark.parametrize("spoil", WRONG)
def test_an_altered_invitation_link_gets_404(visitor, invite, spoil):
    assert visitor.get(spoil(path(invite()))).status_code == 404


def test_an_emailed_invitation_works_once_for_anyone_who_has_it(browser, ben, cem, group, invite):
    row = invite("gil@example.org", role=MODERATOR)
    tab = browser(ben)
    tab.get(path(row))
    tab.submit("/acceptance")

    assert "You’re now a member of Weir Keepers." in tab.text
    assert role_of(group, ben) == MODERATOR
    other = browser(cem)
    assert other.get(path(row)).status_code == 410
    assert "has reached its limit" in other.text
    assert "Weir" not in other.text
    assert other.post(path(row) + "/acceptance").status_code == 409
    assert role_of(group, cem) is None


def test_an_invitation_is_shown_at_home_in_the_inbox_and_on_its_page(
    browser, ana, ben, group, invite
):
    row = invite(ben.email.upper().lower(), message="Please come")
    decide()
    tab = browser(ben)
    tab.get("/")
    assert "Ana Souza invited you to join Weir Keepers" in tab.text
    tab.get("/inbox")
    assert "Ana Souza invited you to Weir Keepers" in tab.text
    tab.get("/invitations")
    assert "Please come" in tab.text

    tab.submit("/acceptance")
    assert role_of(group, ben) == MEMBER
    tab.get("/")
    assert "invited you" not in tab.text
    line = db.session.scalars(
        sa.select(Notification.label).where(Notification.user_id == ana.id)
    ).one()
    assert line == "Ben Okafor joined Weir Keepers with your invitation"
    assert not db.session.scalars(
        sa.select(Notification.url).where(Notification.url.contains(str(row.id)))
    ).all()


def test_declining_ends_an_invitation_and_organizers_see_it(browser, ana, ben, group, invite):
    row = invite(ben.email)
    tab = browser(ben)
    tab.get("/")
    tab.submit("/refusal")
    assert "You declined the invitation." in tab.text
    assert "No open invitations" in tab.text
    assert tab.get(path(row)).status_code == 410
    mine = browser(ana)
    mine.get(f"/groups/{group.slug}/manage/invitations")
    assert "Declined" in mine.text


def test_invitations_from_blocked_people_are_not_shown(browser, ana, ben, invite):
    blocks.block_or_mute(ben, ana, BLOCK)
    invite(ben.email)
    tab = browser(ben)
    for page in ("/", "/invitations", "/inbox"):
        tab.get(page)
        assert "Weir Keepers" not in tab.text


def test_unconfirmed_addresses_see_no_invitations(browser, invite):
    unsure = factories.user("Una", verified_at=None)
    invite(unsure.email)
    tab = browser(unsure)
    tab.get("/invitations")

    assert "Weir Keepers" not in tab.text


def expire(row, ana):
    row.expires_at = clock.now()


def put_away(row, ana):
    groups.delete(row.group, by=ana)


def demote(row, ana):
    factories.membership(row.group, factories.user(), OWNER)
    reads.membership_of(row.group, ana).role = ORGANIZER if row.role == ORGANIZER else MEMBER


def go(row, ana):
    factories.membership(row.group, factories.user(), OWNER)
    memberships.leave(row.group, by=ana)


def close_account(row, ana):
    ana.deactivated_at = clock.now()


ENDS = [invite_links.pause, invite_links.withdraw, expire, put_away, demote, go, close_account]


@pytest.mark.parametrize("kind", ["mail", "link", "organizer"])
@pytest.mark.parametrize("end", ENDS, ids=lambda end: end.__name__)
def test_an_ended_invitation_admits_no_one_and_its_page_reveals_nothing(
    browser, visitor, ana, cem, group, invite, link, kind, end
):
    row = {"mail": invite, "link": link, "organizer": lambda: link(role=ORGANIZER)}[kind]()
    address = path(row)
    end(row, ana)
    db.session.commit()

    for tab in (visitor, browser(cem)):
        for rest in ("", "/sign-up"):
            answer = tab.get(address + rest)
            if tab is not visitor and rest:
                continue
            assert answer.status_code == 410
            assert OVER in tab.text
            assert "Weir" not in answer.text
            assert ana.name not in answer.text
    assert browser(cem).post(address + "/acceptance").status_code == 409
    assert role_of(group, cem) is None


def test_a_paused_link_works_again_once_resumed(browser, ana, cem, group, link):
    row = link()
    tab, mine = browser(cem), browser(ana)
    page = f"/groups/{group.slug}/manage/invitations/{row.id}"
    mine.get(page)
    mine.submit("/pause")
    assert tab.get(path(row)).status_code == 410
    mine.submit("/resumption")
    assert tab.get(path(row)).status_code == 200


def test_a_banned_person_cannot_accept_an_invitation(browser, cem, group, invite):
    row = invite(cem.email)
    db.session.add(Ban(group_id=group.id, user_id=cem.id, reason="Noise"))
    db.session.commit()
    tab = browser(cem)
    tab.get("/")
    assert "You’re invited" not in tab.text
    tab.get(path(row))
    assert "You can’t join this group." in tab.text
    assert "Join group" not in tab.text
    assert tab.post(path(row) + "/acceptance").status_code == 422


def test_an_expired_ban_hides_no_invitation(browser, cem, group, invite):
    row = invite(cem.email)
    db.session.add(
        Ban(
            group_id=group.id,
            user_id=cem.id,
            reason="Noise",
            ends_at=clock.now() - timedelta(seconds=1),
        )
    )
    db.session.commit()

    assert invitation_reads.waiting_for(cem) == [row]
    assert role_of(group, cem) is None


def test_joining_another_way_uses_no_link_and_ends_emailed_invitations(
    browser, ben, cem, group, invite, link
):
    row, other = invite(ben.email), link(most=1)
    factories.membership(group, ben)
    accepting.accept(other, ben)
    assert other.uses == 0
    memberships.end(group, reads.membership_of(group, ben), by_choice=True)
    memberships.admit(memberships.hold(group), ben)
    db.session.commit()

    assert row.state == "open", "those who look after the group see nothing of it"
    assert browser(cem).get(path(row)).status_code == 410


def test_someone_who_leaves_and_rejoins_uses_a_link_once(group, ben, cem, link):
    row = link(most=1)
    for _ in range(2):
        accepting.accept(row, ben)
        memberships.leave(group, by=ben)
        db.session.commit()

    assert (row.uses, db.session.scalar(sa.select(sa.func.count()).select_from(InvitationUse))) == (
        1,
        1,
    )
    row.expires_at = clock.now()
    assert accepting.why_not(row, ben), "not when its time is over"


@pytest.mark.parametrize(("life", "days"), [("day", 1), ("week", 7), ("month", 30), ("ever", None)])
def test_a_link_works_for_the_chosen_time(visitor, link, life, days):
    row = link(life=life)
    with time_machine.travel(clock.now() + timedelta(days=days or 900, hours=-1), tick=False):
        assert visitor.get(path(row)).status_code == 200
    if days:
        with time_machine.travel(clock.now() + timedelta(days=days, hours=1), tick=False):
            assert visitor.get(path(row)).status_code == 410


def test_accepting_needs_agreement_to_the_code_of_conduct(browser, cem, group, invite):
    group.code_of_conduct, group.code_version = "Be **kind**.", 3
    row = invite(cem.email)
    tab = browser(cem)
    tab.get("/invitations")
    assert tab.submit("/acceptance").status_code == 422
    assert "Read the code of conduct" in tab.text
    assert role_of(group, cem) is None

    tab.submit("/acceptance", affirms="y")
    assert reads.membership_of(group, cem).code_version == 3
    assert row.uses == 1


@pytest.mark.parametrize(
    "values", [{"most": "0"}, {"most": "1001"}, {"most": "x"}, {"life": "century"}, {"role": OWNER}]
)
def test_an_invalid_link_form_is_refused_and_keeps_its_values(browser, ana, group, values):
    tab = browser(ana)
    page = f"/groups/{group.slug}/manage/invitations/links/new"
    tab.get(page)
    answer = tab.post(
        page, {"life": "week", "role": MEMBER, "most": "", "label": "Poster", **values}
    )

    assert answer.status_code == 422
    assert tab.page.find("input", {"name": "label"})["value"] == "Poster"


def test_a_link_can_be_created_shown_and_withdrawn(browser, ana, cem, group):
    tab = browser(ana)
    tab.get(f"/groups/{group.slug}/manage/invitations/links/new")
    tab.submit("/new", most="2", label="The poster")
    address = tab.page.find("input", id="address")["value"]
    assert "0 of 2" in tab.text
    other = browser(cem)
    other.get(address.removeprefix("http://127.0.0.1:8000"))
    other.submit("/acceptance")
    assert role_of(group, cem) == MEMBER

    tab.get(tab.path)
    tab.get(f"/groups/{group.slug}/manage/invitations")
    assert "1 of 2 used" in tab.text
    tab.get(tab.page.select_one("#links a")["href"])
    assert "Cem Yılmaz" in tab.text
    tab.submit("/removal")
    assert "The poster" not in tab.page.find("main").get_text()


def test_an_organizer_cannot_see_or_create_links_that_make_organizers(
    browser, ana, ben, group, link
):
    factories.membership(group, ben, ORGANIZER)
    one, members = link(ORGANIZER), link(MEMBER)
    tab, owner = browser(ben), browser(ana)
    page = f"/groups/{group.slug}/manage/invitations/{one.id}"
    for who, shown in ((owner, 1), (tab, 0)):
        who.get(page)
        assert len(who.page.find_all("input", id="address")) == shown
        assert (path(one) in who.answer.text) == bool(shown)
    tab.get(f"/groups/{group.slug}/manage/invitations/{members.id}")
    assert tab.page.find("input", id="address")

    invite_links.pause(one, ana)
    db.session.commit()
    tab.get(page)
    assert not tab.page.select("form[action$='/resumption']")
    assert tab.post(f"{page}/resumption").status_code == 422
    assert one.paused_at is not None
