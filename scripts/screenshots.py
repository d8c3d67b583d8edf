"""Pictures of the demo's pages for docs/screenshots: two widths, light and dark, as small WebP files.

Started by `make screenshots`. Serves a site of its own in a temporary folder; needs Chromium.
"""

import base64
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from tests.browser import servers, steps
from tests.browser.demo import Demo, seeded
from tests.browser.people import Person

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "screenshots"
#: name -> (whose page it is, path)
PAGES = {
    "home": ("visitor", "/"),
    "sign-up": ("visitor", "/sign-up"),
    "group": ("member", "/groups/leith-commons-garden"),
    "event": ("member", "/events/seed-swap-and-long-table-lunch"),
    "vote": ("member", "/votes/what-do-we-grow-on-the-east-plot"),
    "vote-result": ("member", "/votes/which-evenings-suit-you-for-an-extra-hour-of-weeding"),
    "inbox": ("member", "/inbox"),
    "member-home": ("member", "/"),
    "my-events": ("member", "/events/mine"),
    "muted-and-blocked": ("member", "/account/distances"),
    "notifications": ("member", "/account/notifications"),
    "person": ("member", "/people/yuki-hasegawa"),
    "profile": ("member", "/account/profile"),
    "account": ("member", "/account"),
    "settings": ("organizer", "/account/settings"),
    "event-form": ("organizer", "/events/new?group=whanganui-river-carers"),
}
#: width -> height, dots for each pixel, quality of WebP
SIZES = {390: (844, 1.5, 60), 1280: (900, 1, 70)}


def main() -> int:
    """0 when every picture was taken anew."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, servers.small(Path(folder)) as site, sync_playwright() as playwright:
        path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
        chromium = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"] if os.geteuid() == 0 else [])
        community = seeded(site)
        for role in ("visitor", "member", "organizer"):
            take_all(chromium, community, role)
        chromium.close()
    print(f"{sum(file.stat().st_size for file in FOLDER.iterdir()) // 1024} kB in {FOLDER}")
    return 0


def take_all(chromium: Browser, community: Demo, role: str) -> None:
    """Every page of somebody with this role has its four pictures."""
    handle = community.handles.get(role, "")
    for width, (height, dots, quality) in SIZES.items():
        look: dict[str, Any] = {"viewport": {"width": width, "height": height}, "device_scale_factor": dots}
        person = Person.met(chromium, community.site, role.title(), handle=handle, reduced_motion="reduce", **look)
        if handle:
            steps.sign_in(person, password=community.password)
        for name, (whose, path) in PAGES.items():
            if whose == role:
                take(person, path, f"{name}-{width}", quality)
        person.context.close()


def take(person: Person, path: str, name: str, quality: int) -> None:
    """The top of the page lies in two files, as it looks in light and in dark."""
    answer = person.page.goto(path)
    assert answer is not None, path
    assert answer.status == 200, f"{path}: {answer.status}"
    person.wait_for_scripts()
    session = person.context.new_cdp_session(person.page)
    for scheme in ("light", "dark"):
        person.page.emulate_media(color_scheme=scheme)
        shot = session.send("Page.captureScreenshot", {"format": "webp", "quality": quality})
        (FOLDER / f"{name}-{scheme}.webp").write_bytes(base64.b64decode(shot["data"]))
    session.detach()


if __name__ == "__main__":
    sys.exit(main())
