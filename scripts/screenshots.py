"""Pictures of the demo's pages for docs/screenshots: two widths, light and dark, as small WebP files.

Started by `make screenshots`; `python -m scripts.screenshots home vote` takes those alone. Serves a site of its own in a
temporary folder; needs Chromium.
"""

import base64
import os
import sqlite3
import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from scripts import services
from tests.browser import servers, steps
from tests.browser.demo import Demo, seeded
from tests.browser.people import Person

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "screenshots"
RIVER = "/groups/whanganui-river-carers"
#: A secret vote in which the member has not voted.
BOX = "/votes/who-speaks-for-the-river-at-the-council"
#: name -> (whose page it is, its path; or another page's, " → " and the link on it that leads there)
PAGES = {
    "home": ("visitor", "/"),
    "sign-up": ("visitor", "/sign-up"),
    "directory": ("member", "/groups"),
    "group": ("member", "/groups/leith-commons-garden"),
    "conversation": ("member", f"{RIVER}/conversation"),
    "thread": ("member", f"{RIVER}/conversation → Rāhui below the bridge"),
    "members": ("member", f"{RIVER}/members"),
    "decision": ("member", "/account/reports → You, in"),
    "manage": ("organizer", f"{RIVER}/manage"),
    "news": ("member", f"{RIVER}/news"),
    "news-item": ("member", "/groups/leith-commons-garden/news → What your nettles tell you"),
    "news-sources": ("organizer", f"{RIVER}/manage/news"),
    "requests": ("organizer", f"{RIVER}/manage/requests"),
    "invitations": ("organizer", f"{RIVER}/manage/invitations"),
    "reports": ("organizer", f"{RIVER}/manage/reports"),
    "case": ("organizer", f"{RIVER}/manage/reports → Noah Whittaker"),
    "running-an-event": ("organizer", "/events/three-days-on-the-river-from-pipiriki-down/manage"),
    "queue": ("organizer", "/events/three-days-on-the-river-from-pipiriki-down/manage/queue"),
    "attendees": ("organizer", "/events/three-days-on-the-river-from-pipiriki-down/manage/attendees"),
    "approvals": ("organizer", "/events/three-days-on-the-river-from-pipiriki-down/manage/approvals"),
    "questions": ("organizer", "/events/three-days-on-the-river-from-pipiriki-down/manage/questions"),
    "tickets": ("organizer", "/events/three-days-on-the-river-from-pipiriki-down/manage/tickets"),
    "messages": ("organizer", "/events/three-days-on-the-river-from-pipiriki-down/manage/messages"),
    "hosts": ("organizer", "/events/three-days-on-the-river-from-pipiriki-down/manage/hosts"),
    "agenda": ("member", "/events/clean-up-at-the-upokongaro-bend/agenda"),
    "session": ("member", "/events/clean-up-at-the-upokongaro-bend/agenda → What the water tells us"),
    "my-agenda": ("member", "/events/clean-up-at-the-upokongaro-bend/agenda/mine"),
    "speaker": ("member", "/events/clean-up-at-the-upokongaro-bend/speakers → Dr Hine Walker"),
    "planning-an-agenda": ("organizer", "/events/clean-up-at-the-upokongaro-bend/manage/agenda"),
    "rooms": ("organizer", "/events/clean-up-at-the-upokongaro-bend/manage/rooms"),
    "board": ("organizer", "/events/clean-up-at-the-upokongaro-bend/manage/tasks"),
    "shifts": ("organizer", "/events/clean-up-at-the-upokongaro-bend/manage/shifts"),
    "help": ("member", "/events/clean-up-at-the-upokongaro-bend/help"),
    "check-in": ("organizer", "/events/counting-eels-below-the-weir/manage/check-in?q=le"),
    "ticket": ("member", "/events/counting-eels-below-the-weir/ticket"),
    "feedback": ("organizer", "/events/carrying-the-young-eels-past-the-dam/manage/feedback"),
    "how-was-it": ("member", "/events/carrying-the-young-eels-past-the-dam/feedback"),
    "river": ("member", "/events/three-days-on-the-river-from-pipiriki-down"),
    "comments": ("member", "/events/seed-swap-and-long-table-lunch/comments"),
    "gallery": ("member", "/events/planting-harakeke-on-the-south-bank/pictures"),
    "picture": ("member", "/events/planting-harakeke-on-the-south-bank/pictures → hills, and a low sun"),
    "files": ("member", "/events/planting-harakeke-on-the-south-bank/files"),
    "bring-files": ("organizer", "/events/planting-harakeke-on-the-south-bank/files/new"),
    "files-settings": ("organizer", "/events/planting-harakeke-on-the-south-bank/manage/files"),
    "calendar": ("member", "/account/calendar"),
    "guest": ("visitor", "/events/seed-swap-and-long-table-lunch/guest"),
    "events": ("member", "/events"),
    "who-may-do-what": ("organizer", f"{RIVER}/manage/settings"),
    "as-a-member": ("organizer", f"{RIVER}/manage/as/member"),
    "event": ("member", "/events/seed-swap-and-long-table-lunch"),
    "vote": ("member", "/votes/what-do-we-grow-on-the-east-plot"),
    "vote-kinds": ("organizer", "/votes/new?group=whanganui-river-carers"),
    "vote-form": ("organizer", "/votes/new/stv?group=whanganui-river-carers"),
    "vote-ranking": ("member", "/votes/what-do-we-buy-with-the-council-s-grant"),
    "vote-stars": ("member", "/votes/what-shall-the-new-sign-at-the-landing-show"),
    "vote-dots": ("member", "/votes/what-do-we-put-our-saturdays-into-this-summer"),
    "vote-dates": ("member", "/votes/when-do-we-meet-to-plan-the-summer"),
    "vote-dates-result": ("member", "/votes/when-do-we-sow-the-harakeke-seed"),
    "vote-rounds": ("member", "/votes/who-speaks-for-us-at-the-allotment-federation"),
    "help-votes": ("visitor", "/help/votes"),
    "help-waiting-list": ("visitor", "/help/waiting-list"),
    "help-secret-votes": ("visitor", "/help/secret-votes"),
    "vote-secret": ("member", BOX),
    "vote-secret-result": ("member", "/votes/do-we-hold-a-karakia-before-each-work-day"),
    "vote-secret-check": ("member", "/votes/do-we-hold-a-karakia-before-each-work-day/key"),
    "vote-secret-checkpoints": ("member", "/votes/do-we-hold-a-karakia-before-each-work-day/checkpoints"),
    "vote-result": ("member", "/votes/which-evenings-suit-you-for-an-extra-hour-of-weeding"),
    "inbox": ("member", "/inbox"),
    "member-home": ("member", "/"),
    "my-events": ("member", "/events/mine"),
    "muted-and-blocked": ("member", "/account/distances"),
    "notifications": ("member", "/account/notifications"),
    "person": ("member", "/people/yuki-hasegawa"),
    "profile": ("member", "/account/profile"),
    "account": ("member", "/account"),
    "safety": ("member", "/account/security"),
    "change-address": ("member", "/account/email"),
    "sign-ins": ("member", "/account/sign-ins"),
    "your-data": ("member", "/account/data"),
    "deletion": ("member", "/account/deletion"),
    "privacy": ("visitor", "/privacy"),
    "retention": ("visitor", "/privacy/retention"),
    "admin": ("admin", "/admin"),
    "admin-people": ("admin", "/admin/people"),
    "admin-person": ("admin", "/admin/people/yuki-hasegawa"),
    "admin-settings": ("admin", "/admin/settings"),
    "admin-announcement": ("admin", "/admin/announcement"),
    "admin-audit": ("admin", "/admin/audit"),
    "newcomers-home": ("newcomer", "/"),
    "newcomers-account": ("newcomer", "/account"),
    "settings": ("organizer", "/account/settings"),
    "event-form": ("organizer", "/events/new?group=whanganui-river-carers"),
    "site-queue": ("admin", "/admin/queue"),
}
#: Of these there is no picture in the dark.
LIGHT = {"conversation", "members", "decision", "invitations", "reports", "who-may-do-what", "as-a-member"}
#: Afterwards, one by one: name -> (whose page it is, path, and what is done to the database before)
AFTERWARDS = {
    "export-ready": (
        "member",
        "/account/data",
        "UPDATE data_export SET state = 'ready', expires_at = datetime('now', '+7 days') || '.000000', size = 48210",
    ),
    "export-packing": (
        "member",
        "/account/data",
        "UPDATE data_export SET state = 'running', done = 11, total = 27, expires_at = NULL,"
        " leased_until = datetime('now', '+1 hour') || '.000000'",
    ),
    "house-rules-changed": ("member", "/account/agreement", "UPDATE site_page SET asks = 1 WHERE page = 'terms'"),
}
#: role -> the cookies of their first browser
STATES: dict[str, Any] = {}
#: width -> height, dots for each pixel, quality of WebP
SIZES = {390: (844, 1.5, 60), 1280: (900, 1, 70)}


def main() -> int:
    """0 when every picture was taken anew."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, servers.small(Path(folder)) as site, sync_playwright() as playwright:
        unboxed = ["--no-sandbox"] if os.geteuid() == 0 else []
        chromium = playwright.chromium.launch(executable_path=services.chromium(), args=unboxed)
        community = seeded(site)
        for role in ("visitor", "newcomer", "member", "organizer", "admin"):
            take_all(chromium, community, role, {name: path for name, (whose, path) in PAGES.items() if whose == role})
        take_the_key(chromium, community)
        ask_for_data(chromium, community)
        for name, (role, path, statement) in AFTERWARDS.items():
            with sqlite3.connect(Path(folder) / "instance" / "folkmoot.db", timeout=20) as database:
                database.execute(statement)
            take_all(chromium, community, role, {name: path})
        chromium.close()
    print(f"{sum(file.stat().st_size for file in FOLDER.iterdir()) // 1024} kB in {FOLDER}")
    return 0


def ask_for_data(chromium: Browser, community: Demo) -> None:
    """The member has asked for their data."""
    person = visiting(chromium, community, "member")
    person.visit("/account/data")
    steps.press(person, "Pack my data")
    person.page.get_by_text("Your archive is ready").wait_for()
    person.context.close()


def take_the_key(chromium: Browser, community: Demo) -> None:
    """The member has cast a secret ballot; of the one page that bears its key there are pictures of both widths."""
    if "vote-secret-key" not in (sys.argv[1:] or ["vote-secret-key"]):
        return
    person = visiting(chromium, community, "member")
    person.visit(BOX)
    person.page.get_by_label("Yuki Hasegawa", exact=True).select_option("1")
    steps.press(person, "Cast my ballot")
    steps.expect_heading(person, "Now write down your key")
    session = person.context.new_cdp_session(person.page)
    for width, (height, dots, quality) in SIZES.items():
        look = {"width": width, "height": height, "deviceScaleFactor": dots, "mobile": False}
        session.send("Emulation.setDeviceMetricsOverride", look)
        shoot(person, f"vote-secret-key-{width}", quality, ("light", "dark"))
    person.context.close()


def take_all(chromium: Browser, community: Demo, role: str, pages: dict[str, str]) -> None:
    """Every page of somebody with this role has its pictures, or those that were named."""
    wanted = {name: path for name, path in pages.items() if name in (sys.argv[1:] or pages)}
    for width, (height, dots, quality) in SIZES.items() if wanted else ():
        look: dict[str, Any] = {"viewport": {"width": width, "height": height}, "device_scale_factor": dots}
        person = visiting(chromium, community, role, **look)
        for name, path in wanted.items():
            take(person, path, f"{name}-{width}", quality, ("light",) if name in LIGHT else ("light", "dark"))
        person.context.close()


def visiting(chromium: Browser, community: Demo, role: str, **look: Any) -> Person:
    """Somebody with this role at a new browser, signed in unless they are a visitor: once, for sign-ins are counted."""
    handle = community.handles.get(role, "")
    state = {"storage_state": STATES[role]} if role in STATES else {}
    person = Person.met(
        chromium, community.site, f"{role.title()} Lindqvist", handle=handle, reduced_motion="reduce", **look, **state
    )
    if role == "visitor" or state:
        return person
    if handle:
        steps.sign_in(person, password=community.password)
    else:
        steps.become_a_member_of_the_site(person)
        community.handles[role] = person.handle
    STATES[role] = person.context.storage_state()
    return person


def take(person: Person, path: str, name: str, quality: int, schemes: tuple[str, ...]) -> None:
    """The top of the page lies in a file for each of the schemes."""
    path, _arrow, link = path.partition(" → ")
    answer = person.page.goto(path)
    assert answer is not None, path
    assert answer.status == 200, f"{path}: {answer.status}"
    if link:
        with person.page.expect_navigation():
            person.page.get_by_role("link", name=link).first.click()
    if "/as/" not in path:  # what is only shown comes without scripts
        person.wait_for_scripts()
    shoot(person, name, quality, schemes)


def shoot(person: Person, name: str, quality: int, schemes: tuple[str, ...]) -> None:
    """What the window shows lies in a file for each of the schemes."""
    session = person.context.new_cdp_session(person.page)
    for scheme in schemes:
        person.page.emulate_media(color_scheme=scheme)
        shot = session.send("Page.captureScreenshot", {"format": "webp", "quality": quality})
        (FOLDER / f"{name}-{scheme}.webp").write_bytes(base64.b64decode(shot["data"]))
    session.detach()


if __name__ == "__main__":
    sys.exit(main())
