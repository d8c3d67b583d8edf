"""Take pictures of the demo's pages for docs/screenshots: two widths, light and dark, as WebP.

Run by `make screenshots`; `python -m scripts.screenshots home vote` takes only those. Serves its
own site in a temporary folder; needs Chromium.
"""

import base64
import os
import sqlite3
import sys
import tempfile
import time
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from scripts import services
from scripts.pictured import AFTERWARDS, BOX, LIGHT, PAGES
from tests import shared_fixtures
from tests.browser import servers, steps
from tests.browser.demo import Demo, seeded
from tests.browser.pages.looking import AT_REST
from tests.browser.people import Person
from tests.browser.servers import Site

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "screenshots"
KEY = "vote-secret-key"
#: Milliseconds that a page may take on a busy machine; usually it takes a few.
LONGEST = 60_000
#: Every visible image of the page has loaded.
DRAWN = """() => [...document.images].every(one => one.complete || !one.checkVisibility()
    || one.getBoundingClientRect().top > innerHeight)"""
#: role -> the cookies of their first browser
STATES: dict[str, Any] = {}
#: width -> height, pixels per CSS pixel, quality of WebP
SIZES = {390: (844, 1.5, 60), 1280: (900, 1, 70)}


def main() -> int:
    """Take all pictures; return 0."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        shared_fixtures.begin()
        stack.callback(shared_fixtures.end)
        site = servers.at_rest(Path(stack.enter_context(tempfile.TemporaryDirectory())))
        community = seeded(site)  # before the site runs, which would block the database
        stack.enter_context(servers.running(site))
        unboxed = ["--no-sandbox"] if os.geteuid() == 0 else []
        playwright = stack.enter_context(sync_playwright())
        chromium = playwright.chromium.launch(executable_path=services.chromium(), args=unboxed)
        for role in ("visitor", "newcomer", "member", "organizer", "admin"):
            take_all(
                chromium,
                community,
                role,
                {name: path for name, (whose, path) in PAGES.items() if whose == role},
            )
        take_the_key(chromium, community)
        if any(map(is_wanted, AFTERWARDS)):
            ask_for_data(chromium, community)
        for name, (role, path, statement) in AFTERWARDS.items():
            ask_database(site, statement)
            take_all(chromium, community, role, {name: path})
        chromium.close()
    print(f"{sum(file.stat().st_size for file in FOLDER.iterdir()) // 1024} kB in {FOLDER}")
    return 0


def is_wanted(name: str) -> bool:
    """Whether the command line names this picture, or none."""
    return name in sys.argv[1:] or not sys.argv[1:]


def ask_database(site: Site, statement: str) -> list[Any]:
    """Run a statement on the site's database and return the rows."""
    with (
        closing(
            sqlite3.connect(Path(site.settings["INSTANCE"]) / "folkmoot.db", timeout=20)
        ) as database,
        database,
    ):
        return database.execute(statement).fetchall()


def ask_for_data(chromium: Browser, community: Demo) -> None:
    """Create the member's data archive, and wait until it is ready."""
    person = visiting(chromium, community, "member")
    person.visit("/account/data")
    steps.press(person, "Create archive")
    while not ask_database(community.site, "SELECT 1 FROM data_export WHERE state = 'ready'"):
        community.site.expect_alive()
        time.sleep(0.2)
    person.context.close()


def take_the_key(chromium: Browser, community: Demo) -> None:
    """Cast a secret ballot, and take pictures of the only page with its key in both widths."""
    if not is_wanted(KEY):
        return
    person = visiting(chromium, community, "member")
    person.visit(BOX)
    person.page.get_by_label("Yuki Hasegawa", exact=True).select_option("1")
    steps.press(person, "Cast ballot")
    steps.expect_heading(person, "Write down your key now")
    session = person.context.new_cdp_session(person.page)
    for width, (height, dots, quality) in SIZES.items():
        look = {"width": width, "height": height, "deviceScaleFactor": dots, "mobile": False}
        session.send("Emulation.setDeviceMetricsOverride", look)
        shoot(person, f"{KEY}-{width}", quality, ("light", "dark"))
    person.context.close()


def take_all(chromium: Browser, community: Demo, role: str, pages: dict[str, str]) -> None:
    """Take pictures of this role's pages, or of those named on the command line."""
    wanted = {name: path for name, path in pages.items() if is_wanted(name)}
    for width, (height, dots, quality) in SIZES.items() if wanted else ():
        look: dict[str, Any] = {
            "viewport": {"width": width, "height": height},
            "device_scale_factor": dots,
        }
        person = visiting(chromium, community, role, **look)
        for name, path in wanted.items():
            take(
                person,
                path,
                f"{name}-{width}",
                quality,
                ("light",) if name in LIGHT else ("light", "dark"),
            )
        person.context.close()


def visiting(chromium: Browser, community: Demo, role: str, **look: Any) -> Person:
    """Return a person with this role in a new browser, signed in unless they are a visitor.

    Each role signs in only once, because sign-ins are limited.
    """
    handle = community.handles.get(role, "")
    state = {"storage_state": STATES[role]} if role in STATES else {}
    person = Person.met(
        chromium,
        community.site,
        f"{role.title()} Lindqvist",
        handle=handle,
        reduced_motion="reduce",
        **look,
        **state,
    )
    person.context.set_default_timeout(LONGEST)
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
    """Take a picture of the top of the page in each colour scheme."""
    path, _arrow, link = path.partition(" → ")
    answer = person.page.goto(path)
    assert answer is not None, path
    assert answer.status == 200, f"{path}: {answer.status}"
    if link:
        person.page.goto(
            str(person.page.get_by_role("link", name=link).first.get_attribute("href"))
        )
    shoot(person, name, quality, schemes)


def shoot(person: Person, name: str, quality: int, schemes: tuple[str, ...]) -> None:
    """Save what the window shows in each colour scheme."""
    session = person.context.new_cdp_session(person.page)
    for scheme in schemes:
        person.page.emulate_media(color_scheme=scheme)
        for condition in (AT_REST, DRAWN):
            person.page.wait_for_function(condition)
        shot = session.send("Page.captureScreenshot", {"format": "webp", "quality": quality})
        (FOLDER / f"{name}-{scheme}.webp").write_bytes(base64.b64decode(shot["data"]))
    session.detach()


if __name__ == "__main__":
    sys.exit(main())
