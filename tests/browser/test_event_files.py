"""After an event: pictures are uploaded with a progress bar, one is refused by name, arrow keys
browse them; and people comment, live.
"""

import re

import pytest
from playwright.sync_api import expect

from tests import images

from . import steps
from .test_running_an_event import draft

pytestmark = [pytest.mark.browser, pytest.mark.small]

SENT = [
    ("gate.jpg", "image/jpeg", images.encoded(images.drawing((90, 60)))),
    ("table.png", "image/png", images.encoded(images.drawing((60, 90)), "PNG")),
    ("logo.svg", "image/svg+xml", b"<svg onload='alert(1)'/>"),
]


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no scripts"])
def test_people_can_share_pictures_and_comments_about_an_event(site, group_of, javascript):
    ana, ben, group = group_of(site, javascript, "Eel painters")
    event = draft(ana, group, f"Eel painting of {ana.handle}")
    ana.visit(f"{event}/manage")
    steps.press(ana, "Publish the event")

    ana.visit(event)
    ana.page.get_by_role("link", name="Upload pictures or files").click()
    files = [{"name": name, "mimeType": kind, "buffer": content} for name, kind, content in SENT]
    ana.page.get_by_label("Pictures and files").set_input_files(files)
    steps.press(ana, "Upload")
    expect(ana.page.get_by_role("alert")).to_contain_text(
        re.compile(r"logo\.svg: .*can contain programs")
    )
    ana.page.get_by_role("link", name="See pictures").click()
    expect(ana.page.locator(".gallery img")).to_have_count(2)

    ben.visit(event)
    ben.page.get_by_role("link", name="All 2 pictures").click()
    ben.page.locator(".gallery a").first.click()
    expect(ben.page.get_by_text("1 of 2")).to_be_visible()
    if javascript:
        ben.page.keyboard.press("ArrowRight")
    else:
        ben.page.get_by_role("link", name="Next").click()
    expect(ben.page.get_by_text("2 of 2")).to_be_visible()

    ana.visit(event)
    ben.visit(event)
    steps.fill(ben, Your_comment="The table was **long**.")
    steps.press(ben, "Post")
    steps.see(ana, ana.page.locator("#comments strong", has_text="long"))
