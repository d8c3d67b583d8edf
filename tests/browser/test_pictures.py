"""A profile picture, from the file to the header and the group; a group's picture; without scripts,
too.
"""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests import images

from . import steps

pytestmark = [pytest.mark.browser, pytest.mark.small]


LOADED = "image => image.complete && image.naturalWidth"


@pytest.fixture
def camera(tmp_path: Path) -> Path:
    path = tmp_path / "IMG_0001.jpg"
    path.write_bytes(images.from_a_camera())
    return path


@pytest.mark.parametrize("javascript", [True, False])
def test_a_profile_picture_is_visible_in_the_header_and_to_the_group(
    site, people, camera, tmp_path, javascript
):
    ana, ben = people(site, "Ana Souza", javascript=javascript), people(site, "Ben Okafor")
    for person in (ana, ben):
        steps.become_a_member_of_the_site(person)
    group = steps.make_group(ana, f"Wheels of {ana.handle}")
    steps.join(ben, group)
    ana.visit("/account/profile")
    ana.page.get_by_label("Your picture").set_input_files(camera)
    steps.press(ana, "Save")

    expect(ana.page.get_by_role("status").get_by_text("Profile saved.")).to_be_visible()
    header = ana.page.locator("header.top button .av img")
    expect(header).to_have_js_property("complete", True)
    assert header.evaluate(LOADED) in (48, 96)
    ben.visit(group)
    steps.see(ben, ben.page.get_by_role("link", name="Ana Souza"))
    face = ben.page.locator("main .person", has_text="Ana Souza").locator("img")
    face.scroll_into_view_if_needed()
    expect(face).to_have_js_property("complete", True)
    assert face.evaluate(LOADED) in (48, 96)
    ben.page.get_by_role("link", name="Ana Souza").click()
    steps.expect_heading(ben, "Ana Souza")

    liar = tmp_path / "party.jpg"
    liar.write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    ana.visit("/account/profile")
    ana.page.get_by_label("Your picture").set_input_files(liar)
    steps.press(ana, "Save")
    expect(ana.page.get_by_role("alert").get_by_text("We can’t read this picture.")).to_be_visible()
    ana.page.get_by_label("Remove the picture").check()
    steps.press(ana, "Save")
    expect(ana.page.locator("header.top .av img")).to_have_count(0)
    assert ben.complaints == []
