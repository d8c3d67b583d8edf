"""Announcing and discussing: several browsers in one conversation, on sites of both sizes, with
scripts and without.
"""

import re

import pytest
from playwright.sync_api import Locator, expect

from tests import images

from . import steps

pytestmark = pytest.mark.browser


def begin(person, group, title, words, announce=False):
    """Start a thread in the group; return the path of its page."""
    person.visit(f"{group}/conversation/new")
    steps.fill(person, Title=title, Text=words)
    if announce:
        person.page.get_by_label(re.compile("^Announce to all members")).check()
    steps.press(person, "Post")
    steps.expect_heading(person, title)
    return steps.path_of(person.page)


def reply(person, words):
    """Reply in the open thread."""
    steps.fill(person, Your_reply=words)
    steps.press(person, "Post")
    expect(said(person, words)).to_be_visible()


def look_at_nothing(person):
    """Preview an empty reply."""
    preview = person.page.get_by_role("button", name="Preview")
    expect(preview).to_be_hidden()  # the composer is a single line until it's focused
    person.page.get_by_label("Your reply").focus()
    expect(preview).to_be_visible()
    steps.press(person, "Preview")
    expect(person.page.get_by_text("Nothing to preview yet.")).to_be_visible()


def mention(person, other):
    """Mention someone from the list by keyboard alone; return what is then in the text.

    Chinese has no space before it.
    """
    page, first = person.page, other.name.split()[0]
    page.get_by_label("Your reply").press_sequentially(f"Thank you, 谢谢@{first[:2]}")
    option = page.get_by_role("option", name=re.compile(first))
    expect(option).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Escape")
    expect(option).to_be_hidden()
    page.keyboard.type(first[2])
    expect(option).to_be_visible()
    page.keyboard.press("Enter")
    expect(option).to_be_hidden()
    expect(page.get_by_label("Your reply")).to_have_value(f"Thank you, 谢谢@{other.handle} ")
    return f"Thank you, 谢谢@{other.handle}!"


def said(person, words) -> Locator:
    """Return where the page shows someone's words."""
    return person.page.get_by_role("log").get_by_text(words)


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no scripts"])
def test_members_can_announce_and_discuss(site, group_of, javascript):
    ana, ben, group = group_of(site, javascript)
    thread = begin(ana, group, "No water on Tuesday", "The **main** is mended.", announce=True)
    email = site.mailbox.await_email(ben.email, containing="No water on Tuesday")
    assert "Announcement" in email["Subject"]

    ben.visit(f"{group}/conversation")
    ben.page.get_by_role("link", name="No water on Tuesday").click()
    steps.expect_heading(ben, "No water on Tuesday")
    look_at_nothing(ben)
    if javascript:
        look_at_nothing(
            ana
        )  # htmx changes the history at its first request: to `see`, a navigation
        steps.fill(ana, Your_reply="Half a sentence")
    reply(ben, mention(ben, ana) if javascript else f"Thank you, 谢谢@{ana.handle}!")
    steps.see(ana, said(ana, "Thank you,"))
    if javascript:
        expect(ana.page.get_by_label("Your reply")).to_have_value("Half a sentence")
        expect(ben.page.get_by_label("Your reply")).to_have_value("")
    site.mailbox.await_email(ana.email, containing="mentioned you")

    react(ana, "Thank you,", "Great")
    steps.see(ben, post(ben, "Thank you,").get_by_role("button", name="Great: 1 (Ana Souza)"))

    said(ana, "Thank you,").locator("xpath=ancestor::article").get_by_role(
        "link", name=re.compile("^Reply")
    ).click()
    expect(ana.page.get_by_text("Replying to Ben Okafor")).to_be_visible()
    reply(ana, "With pleasure.")
    steps.see(ben, said(ben, "With pleasure."))
    expect(said(ben, "in reply to Ben Okafor")).to_be_visible()
    assert said(ben, "With pleasure.").count() == said(ana, "With pleasure.").count() == 1
    change_and_look_back(ben, thread)
    assert [person.complaints for person in (ana, ben)] == [[], []]


def post(person, words) -> Locator:
    """Return the post with these words."""
    return said(person, words).locator("xpath=ancestor::article")


def react(person, words, kind):
    """Choose a reaction in the menu of the post with these words by keyboard, remove it, and choose
    it again.
    """
    there = post(person, words)
    there.get_by_role("button", name="React").press("Enter")
    there.get_by_role("button", name=kind).press("Enter")
    chip = there.get_by_role("button", name=f"{kind}: 1 ({person.name})")
    expect(chip).to_have_attribute("aria-pressed", "true")
    if person.javascript:
        expect(chip).to_be_focused()
    chip.press("Enter")
    expect(chip).to_have_count(0)
    there.get_by_role("button", name="React").click()
    there.get_by_role("button", name=kind).click()
    expect(chip).to_be_visible()


def change_and_look_back(ben, thread):
    """Edit Ben's reply; expect its earlier version to be readable."""
    own = said(ben, "Thank you,").locator("xpath=ancestor::article")
    own.locator("summary").click()
    own.get_by_role("link", name="Edit").click()
    ben.page.get_by_label("Text").fill("Thank you very much!")
    steps.press(ben, "Save")
    expect(said(ben, "Thank you very much!")).to_be_visible()
    ben.page.get_by_role("link", name=re.compile("^edited")).click()
    expect(ben.page.get_by_text("Thank you, 谢谢@")).to_be_visible()
    ben.visit(thread)


def follow_what_is_typed(person):
    """Expect the open preview to follow the typing, and the chosen type to stay."""
    field = person.page.get_by_label("Your reply")
    field.press_sequentially(", **bold**")
    expect(person.page.locator("#preview strong", has_text="bold")).to_be_visible()
    expect(field).to_be_focused()
    field.fill("Here it is")
    expect(person.page.locator("#preview strong")).to_have_count(0)


PASTE = """(field) => {
  const data = new DataTransfer();
  data.items.add(new File(["x"], "gate.png", {type: "image/png"}));
  const how = {clipboardData: data, bubbles: true, cancelable: true};
  field.dispatchEvent(new ClipboardEvent("paste", how));
}"""


def test_a_pasted_picture_is_sent_with_the_reply(small_site, group_of):
    ana, _ben, group = group_of(small_site)
    begin(ana, group, "The gate", "Who has a picture?")
    field = ana.page.get_by_label("Your reply")
    field.evaluate(PASTE)
    field.evaluate(PASTE)

    chosen = ana.page.get_by_label("Pictures")
    assert chosen.evaluate("field => [...field.files].map(file => file.name)") == ["gate.png"] * 2


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no scripts"])
def test_a_reply_can_contain_a_picture(site, group_of, tmp_path, javascript):
    ana, ben, group = group_of(site, javascript)
    thread = begin(ana, group, "The gate", "Who has a picture?")
    ben.visit(thread)
    picture, liar = tmp_path / "gate.jpg", tmp_path / "liar.jpg"
    picture.write_bytes(images.from_a_camera())
    liar.write_text("no picture")
    ben.page.get_by_label("Your reply").focus()
    ben.page.get_by_label("Pictures").set_input_files([picture, liar])
    steps.fill(ben, Your_reply="Here it is")
    steps.press(ben, "Preview")
    expect(ben.page.get_by_role("heading", name="Preview")).to_be_visible()
    if javascript:
        follow_what_is_typed(ben)
    else:  # without scripts the browser forgets the chosen file on each new page
        ben.page.get_by_label("Pictures").set_input_files([picture, liar])
    steps.press(ben, "Post")
    expect(ben.page.get_by_text("We can’t read this picture.").first).to_be_visible()
    expect(ben.page.get_by_label("Your reply")).to_have_value("Here it is")
    ben.complaints.clear()  # from the 422
    ben.page.get_by_label("Pictures").set_input_files(picture)
    steps.press(ben, "Post")

    shown = post(ben, "Here it is").get_by_role("img", name="Picture by Ben Okafor")
    expect(shown).to_have_js_property("complete", True)
    assert shown.evaluate("image => image.naturalHeight > image.naturalWidth")
    steps.see(ana, post(ana, "Here it is").get_by_role("img", name="Picture by Ben Okafor"))
    own = post(ben, "Here it is")
    own.locator("summary").click()
    own.get_by_role("link", name="Edit").click()
    steps.fill(ben, Description="The gate, open")
    steps.press(ben, "Save")
    expect(ben.page.get_by_role("img", name="The gate, open")).to_be_visible()
    assert [person.complaints for person in (ana, ben)] == [[], []]


def test_a_removed_member_receives_no_new_replies(site, group_of):
    ana, ben, group = group_of(site)
    begin(ana, group, "Between us", "Only members read this.")
    ben.visit(steps.path_of(ana.page))
    expect(said(ben, "Only members read this.")).to_be_visible()
    elsewhere = ana.in_another_tab()
    elsewhere.visit(f"{group}/manage/members")
    elsewhere.page.get_by_role("button", name="Change Ben Okafor").click()
    elsewhere.visit(
        elsewhere.page.get_by_role("link", name="Remove from the group").get_attribute("href")
    )
    steps.press(elsewhere, "Remove from the group")
    expect(elsewhere.page.get_by_text("is no longer a member")).to_be_visible()

    reply(ana, "He is gone.")

    ben.page.wait_for_timeout(1500)
    expect(said(ben, "He is gone.")).to_have_count(0)
    ben.page.reload()
    steps.expect_heading(ben, "You don’t have permission")


def test_a_draft_is_kept_until_it_is_posted(small_site, group_of):
    ana, _ben, group = group_of(small_site)
    thread = begin(ana, group, "A long story", "It begins so.\n\n" * 12)
    field = ana.page.get_by_label("Your reply")
    ana.page.set_viewport_size({"width": 390, "height": 500})
    ana.page.get_by_role("link", name="Write a reply").click()
    expect(field).to_be_focused()
    ana.page.keyboard.type("And goes on")
    ana.page.wait_for_timeout(600)

    ana.visit(thread)
    expect(field).to_have_value("And goes on")
    expect(ana.page.get_by_text("We restored your draft.")).to_be_visible()
    ana.context.clear_cookies()
    steps.press(ana, "Post")
    expect(ana.page.get_by_role("status").get_by_text("You’re signed out.")).to_be_visible()
    expect(field).to_have_value("And goes on")
    steps.sign_in(ana, thread)
    expect(field).to_have_value("And goes on")
    steps.press(ana, "Post")
    expect(said(ana, "And goes on")).to_be_visible()
    expect(field).to_have_value("")
    ana.visit(thread)
    expect(field).to_have_value("")
