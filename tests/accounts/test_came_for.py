"""Whoever signs in or signs up comes back to the page where they were, through every door."""

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest

from tests import factories, sample_site, snapshots
from tests.attendance import checking_in
from tests.browser_like import Browser, values_of
from tests.conversation.talking import thread
from tests.form_site import FormSite
from tests.voting import making
from webapp.accounts import emails, passwords, reads, sign_ups
from webapp.accounts.routes.safe_redirect import kept_target, purpose_of
from webapp.core import site_settings
from webapp.core.extensions import db
from webapp.core.http.way_back import WAYS_IN, next_query
from webapp.groups.models import APPROVE, INVITE, SECRET
from webapp.invitations import access as invitation_access
from webapp.invitations.models import GroupInvitation

from .conftest import GOOD, someone

pytestmark = pytest.mark.any_database
#: Pages on which one has come for nothing yet, with their reasons.
NOTHING_YET = {
    "home.show": "people who sign in there come to their own first page",
    "dev_mailbox.index": "only on a developer's machine",
}
#: Pages behind a token that end something, or say what was decided: there is nothing to come for.
NOTHING_MORE = {"decisions", "guest_silences", "invitation_refusals", "unsubscriptions"}
#: Links with a token that don't open a page for visitors on the site of these tests.
CLOSED = {"calendars.show", "email_address_links.new", "test_emails.edit"}


def leads_in(path: str) -> bool:
    return path in {"/sign-in", "/sign-up", "/password/forgotten"} or path.endswith("/sign-up")


def ways_in(tab: Browser) -> set[str]:
    """Return the links of this page to the sign-in, the sign-up and the forgotten password."""
    links = set(map(unescape, re.findall(r' href="([^"]+)"', tab.answer.get_data(as_text=True))))
    return {link for link in links if leads_in(urlsplit(link).path)}


def back_of(link: str) -> str:
    return parse_qs(urlsplit(link).query).get("next", [""])[0]


def links_of_all_pages(app) -> set[tuple[str, str]]:
    """Return (page, link) of every link into the sign-in or sign-up that a visitor meets."""
    here, found = snapshots.sample_site_of(app, secret=False), set()
    tab = here.browser(app, "visitor")
    for rule in sample_site.rules(app, "GET"):
        if rule.endpoint in NOTHING_YET or rule.endpoint.split(".")[0] in WAYS_IN:
            continue
        if "token" in rule.arguments:
            continue  # not valid on this site: test_pages_that_only_their_link_opens_… opens them
        page = here.path(rule)
        answer = tab.get(page)
        if answer.status_code == 303 and leads_in(urlsplit(answer.headers["Location"]).path):
            found.add((page, answer.headers["Location"]))
        elif answer.mimetype == "text/html":
            found |= {(page, link) for link in ways_in(tab)}
        answer.close()
        app.extensions["limits"].reset()
    return found


def leads_back(page: str, back: str) -> bool:
    """Whether `back` is the page, what is on it, or what the page is about."""
    at, page = urlsplit(back).path, urlsplit(page).path
    return at.startswith(page) or (len(at) > 1 and page.startswith(at.removesuffix("/rsvp")))


@pytest.mark.long(6)
def test_every_link_into_the_sign_in_leads_back_to_its_page(app, context):
    links = links_of_all_pages(app)

    assert {(page, link) for page, link in links if not leads_back(page, back_of(link))} == set()
    assert len(links) > 200


@pytest.mark.long(2)
def test_pages_that_only_their_link_opens_lead_back_to_what_they_are_about(app, context):
    here = snapshots.load(app, "form site", lambda: FormSite(app))
    tab, closed, back = Browser.of(app), set(), {}
    for rule in sample_site.rules(app, "GET"):
        if "token" not in rule.arguments or rule.endpoint.split(".")[0] in WAYS_IN:
            continue
        page = here.path_of(rule)
        if tab.get(page).status_code != 200:
            closed.add(rule.endpoint)
        elif tab.answer.mimetype == "text/html" and ways_in(tab):
            others = {link for link in ways_in(tab) if not link.startswith(page)}
            (back[rule.endpoint],) = {back_of(link) for link in others}
        tab.answer.close()
        app.extensions["limits"].reset()

    assert closed <= CLOSED
    invitation = invitation_access.path(here.invited)
    about = {"event_invitation_pages": here.event.path, "invitation_pages": invitation}
    for page, leads_to in back.items():
        area = page.split(".")[0]
        answer = f"{here.event.path}/rsvp" if area.startswith("guest_") else ""
        assert leads_to == ("" if area in NOTHING_MORE else about.get(area, answer)), page
    assert {page.split(".")[0] for page in back} > NOTHING_MORE | set(about)


@pytest.mark.parametrize(
    "back", ["/groups/moss#join", "/events/walk/rsvp", "/events?when=weekend&topic=music"]
)
def test_every_door_passes_the_way_back_on(app, browser, context, back):
    tab, opened = browser(), set()
    to_open = [f"/sign-in{next_query(back)}"]
    while to_open:
        here = to_open.pop()
        opened.add(urlsplit(here).path)
        tab.get(here)
        assert {back_of(link) for link in ways_in(tab)} == {back}, here
        assert {tuple(values_of(form)["next"]) for form in tab.forms} == {(back,)}, here
        to_open += [link for link in ways_in(tab) if urlsplit(link).path not in opened]
        for form in tab.forms:  # refused, it still knows
            tab.post(str(form["action"]), {"next": back})
            assert tab.answer.status_code == 422
            assert {back_of(link) for link in ways_in(tab)} == {back}, here
            assert {tuple(values_of(one)["next"]) for one in tab.forms} == {(back,)}, here
    assert opened == {"/sign-in", "/sign-up", "/password/forgotten"}


def lands(tab: Browser) -> str:
    """Follow the answer's redirects and return the URL at which they end."""
    path = tab.path
    while tab.answer is not None and tab.answer.status_code == 303:
        path = tab.answer.headers["Location"]
        tab.get(path)
    return path


def sign_up(tab: Browser, link: str, **values) -> None:
    """Follow the link, and the one to the sign-up, and create an account."""
    tab.get(link)
    if urlsplit(link).path == "/sign-in":
        tab.get(next(one for one in ways_in(tab) if "/sign-up" in one))
        if tab.answer.status_code == 303:
            tab.follow()
    form = next(form for form in tab.forms if "/sign-up" in str(form["action"]))
    fields = values_of(form) | {k: v for k, v in someone(**values).items() if v}
    assert tab.post(form["action"], fields).status_code == 303


def sign_in(tab: Browser, name: str) -> str:
    """Send the sign-in form of this page and return where it leads."""
    form = next(form for form in tab.forms if str(form["action"]) == "/sign-in")
    tab.post("/sign-in", {**values_of(form), "name": name, "password": GOOD})
    return lands(tab)


def confirmed(tab: Browser, emailed, address: str) -> str:
    """Open the emailed link, press its button, sign in if asked, and return where it leads."""
    path = emailed.path("accounts/verify")
    tab.get(path)
    tab.post(path, {})
    at = lands(tab)
    return sign_in(tab, address) if urlsplit(at).path == "/sign-in" else at


def one_of_each(app) -> dict[str, str]:
    """Return a link for each kind of thing that people come for, with where it should lead."""
    ana = factories.user("Ana", "Souza")
    joined = factories.group(ana, name="Night Readers")
    asked = factories.group(ana, name="Slow Readers", join_policy=APPROVE)
    event = factories.event(ana, joined, title="River walk", allows_guests=True)
    db.session.commit()
    found = {f"/sign-up?next={joined.path}": joined.path}
    for page in (joined.path, asked.path, event.path):
        tab = Browser.of(app)
        tab.get(page)
        for link in [str(link["href"]) for link in tab.page.select("main a[href]")]:
            if link.endswith("/rsvp"):
                found[tab.get(link).headers["Location"]] = f"{page}#rsvp"
            elif leads_in(urlsplit(link).path):
                found[link] = back_of(link)
    talk = thread(joined, ana, "Boats", "Who comes?")
    vote = making.vote(joined, ana)
    db.session.commit()
    for page in (f"{joined.path}/conversation/{talk.id}", f"/votes/{vote.slug}"):
        found[Browser.of(app).get(page).headers["Location"]] = page
    invitation = GroupInvitation(group_id=asked.id, by_id=ana.id, role="member")
    db.session.add(invitation)
    db.session.commit()
    found[f"{invitation_access.path(invitation)}/sign-up"] = asked.path
    assert len(found) == 8
    return found


def test_the_email_leads_back_to_what_one_came_for_in_any_browser(app, context, emailed):
    links = [*one_of_each(app).items()]
    for number, (link, goal) in enumerate([*links, links[0]]):
        is_elsewhere = number < len(links)
        address, tab = f"yuki{number}@example.org", Browser.of(app)
        sign_up(tab, link, email=address)

        there = Browser.of(app) if is_elsewhere else tab
        assert confirmed(there, emailed, address) == goal, link

        db.session.rollback()
        assert reads.by_email(address).came_for is None, "it is used once"
        app.extensions["limits"].reset()


def test_headings_say_what_one_comes_for(browser, context, ana):
    group = factories.group(ana, name="Night Readers")
    asked = factories.group(ana, name="Slow Readers", join_policy=APPROVE)
    event = factories.event(ana, group, title="River walk")
    for back, words in (
        (f"{group.path}#join", "join Night Readers"),
        (group.path, "continue to Night Readers"),
        (f"{group.path}/conversation", "continue to Night Readers"),
        (f"{group.path}/conversation/{uuid4()}", "continue to Night Readers"),
        (f"{group.path}/members", "continue to Night Readers"),
        (f"{asked.path}#join", "ask to join Slow Readers"),
        (f"{event.path}/rsvp", "answer “River walk”"),
        (f"{event.path}/comments", "comment on “River walk”"),
        (event.path, "continue to “River walk”"),
        ("/votes/tea-or-coffee", "see this vote"),
    ):
        tab = browser()
        tab.get(f"/sign-in{next_query(back)}")
        assert tab.page.h1.get_text() == f"Sign in to {words}"
        tab.get(f"/sign-up{next_query(back)}")
        assert tab.page.h1.get_text() == f"Create an account to {words}"


@pytest.mark.parametrize("secret", [True, False])
def test_headings_reveal_no_page_that_a_visitor_may_not_see(app, context, secret):
    """Every page of a secret group is called what it would be called if there were no group."""
    here = snapshots.sample_site_of(app, secret)
    if secret:
        here.group.name, here.event.title, here.vote.title = "Whisper", "Whispers", "Whispering"
    named = {}
    for rule in sample_site.rules(app, "GET"):
        page = here.path(rule)
        if rule.arguments and page.startswith(("/groups/", "/events/", "/votes/")):
            for fragment in ("", "#join"):
                named[page + fragment] = _called(app, page + fragment)
    if not secret:
        assert {"groups", "events"} == {page.split("/")[1] for page, it in named.items() if it}
        return
    nowhere = {
        page: _called(app, page.replace(slug, "no-such-thing"))
        for page in named
        for slug in [page.split("/")[2].partition("#")[0]]
    }
    assert named == nowhere


def _called(app, target: str) -> str | None:
    with app.test_request_context():
        found = purpose_of(target)
    return found.sign_in if found is not None and "this vote" not in found.sign_in else None


def test_an_invitation_leads_to_its_own_sign_up_from_every_door(browser, context, ana):
    group = factories.group(ana, name="Night Readers", visibility=SECRET, join_policy=INVITE)
    site_settings.write("SIGN_UP", "invitation")
    invitation = GroupInvitation(group_id=group.id, by_id=ana.id, role="member")
    db.session.add(invitation)
    db.session.commit()
    path = invitation_access.path(invitation)
    tab = browser()
    for page in (path, f"{path}/sign-up", f"/sign-in{next_query(path)}"):
        tab.get(page)
        for link in ways_in(tab):
            tab.get(link)
            at = lands(tab)
            assert back_of(at) == path or at == f"{path}/sign-up", (page, link)
    tab.get(f"/sign-in{next_query(path)}")
    assert tab.page.h1.get_text() == "Sign in to join Night Readers"
    assert tab.page.select_one("main a").get_text() == "Create an account"


def test_no_page_offers_an_account_that_nobody_can_create(app, context, ana):
    group = factories.group(ana)
    event = factories.event(ana, group, allows_guests=True)
    site_settings.write("SIGN_UP", "invitation")
    db.session.commit()
    tab = Browser.of(app)
    guest = checking_in.path(checking_in.guest(event))

    for page in ("/", "/groups", group.path, event.path, guest, "/no-such-page", "/sign-in"):
        tab.get(page)
        assert {urlsplit(link).path for link in ways_in(tab)} - {"/password/forgotten"} == {
            "/sign-in"
        }, page


def test_a_guests_page_leads_to_the_event_with_an_account(browser, context, ana):
    event = factories.event(ana, title="River walk", allows_guests=True)
    tab = browser()
    tab.get(checking_in.path(checking_in.guest(event)))
    assert {back_of(link) for link in ways_in(tab)} == {f"{event.path}/rsvp"}
    assert len(ways_in(tab)) == 2


def test_a_new_password_leads_back_too(browser, context, emailed, ana):
    tab = browser()
    tab.get("/password/forgotten?next=/groups/moss%23join")
    tab.submit("/password/forgotten", email=ana.email)
    assert {back_of(link) for link in ways_in(tab)} == {"/groups/moss#join"}
    elsewhere = browser()
    path = emailed.path("accounts/reset")
    elsewhere.get(path)
    elsewhere.submit(None, password=GOOD, password_again=GOOD)
    assert back_of(elsewhere.path) == "/groups/moss#join"


def test_the_request_stores_where_a_new_password_leads_back_to(context, ana):
    passwords.request_reset(ana.email, "/groups/moss#join")
    passwords.request_reset("nobody@example.org", "/groups/moss#join")
    db.session.commit()
    assert ana.came_for == "/groups/moss#join"

    emails.forgotten(ana.email, "en")
    passwords.request_reset(ana.email)
    assert not db.session.is_modified(ana)
    assert ana.came_for == "/groups/moss#join"


def test_the_email_to_a_known_address_leads_back_too(browser, context, emailed, ana):
    sign_up(browser(), "/sign-up?next=/groups/moss%23join", email=ana.email)
    words = emailed.words("accounts/already")
    for name in ("sign_in_url", "forgotten_url"):
        assert back_of(words[name]) == "/groups/moss#join"


def test_people_who_are_approved_come_back_by_the_email(browser, context, emailed):
    site_settings.write("SIGN_UP", "approval")
    db.session.commit()
    tab = browser()
    sign_up(tab, "/sign-up?next=/groups/moss%23join")
    path = emailed.path("accounts/verify")
    tab.get(path)
    tab.submit()
    person = reads.by_email("yuki@example.org")
    sign_ups.approve(person)
    db.session.commit()
    assert back_of(emailed.words("accounts/approved")["url"]) == "/groups/moss#join"

    for where in ("/groups/moss#join", "/"):  # without the email's link, and once
        tab.get("/sign-in")
        assert sign_in(tab, "yuki@example.org") == where
        tab = browser()


def test_an_email_sent_again_leads_where_one_wanted_to_go_since(browser, context, emailed):
    tab = browser()
    sign_up(tab, "/sign-up")
    tab.get("/sign-in?next=/groups")
    tab.submit("/sign-in", name="yuki@example.org", password=GOOD)
    tab.submit("/verification")
    assert back_of(tab.path) == "/groups"
    elsewhere = browser()
    assert confirmed(elsewhere, emailed, "yuki@example.org") == "/groups"


def test_secrets_and_other_sites_are_never_kept(app, context):
    with app.test_request_context():
        for target in (
            "/invitations/00000000-0000-0000-0000-000000000000/secret",
            "/guests/00000000-0000-0000-0000-000000000000/secret#rsvp",
            "https://example.org/",
            "//example.org",
            "/no-such-page",
            "/events?q=" + "x" * 300,
            "/",
            None,
        ):
            assert kept_target(target) == "", target
        assert kept_target("/groups/night-readers#join") == "/groups/night-readers#join"
