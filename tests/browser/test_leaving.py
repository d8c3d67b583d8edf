"""Downloading one's data, and leaving, in a real browser, with scripts and without."""

import io
import zipfile

import pytest
from playwright.sync_api import expect

from . import steps
from .people import PASSWORD

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("javascript", [True, False])
def test_people_can_download_their_data(site, people, javascript):
    ana = people(site, "Ana Souza", javascript=javascript)
    steps.become_a_member_of_the_site(ana)
    ana.visit("/account/data")
    steps.press(ana, "Create archive")
    steps.expect_heading(ana, "Your data")

    fetch = ana.page.get_by_role("link", name="Download archive")
    for _look in range(40):
        if javascript or fetch.is_visible():
            break
        ana.page.wait_for_timeout(500)
        ana.page.reload()
    expect(fetch).to_be_visible(timeout=20_000)
    with ana.page.expect_download() as download:
        fetch.click()

    archive = zipfile.ZipFile(io.BytesIO(download.value.path().read_bytes()))
    assert ana.email in archive.read("data/account.json").decode()
    email = site.mailbox.await_email(ana.email, containing="Your data archive is ready")
    assert not list(email.iter_attachments())
    assert ana.complaints == []


@pytest.mark.deep
def test_reloading_during_the_export_shows_it_again(small_site, people):
    """On a site with one process and without a worker."""
    ana = people(small_site, "Ana Souza")
    steps.become_a_member_of_the_site(ana)
    ana.visit("/account/data")
    steps.press(ana, "Create archive")
    section = ana.page.locator("#export")
    expect(section).to_contain_text("Creating your archive")

    ana.page.reload()

    expect(section.get_by_role("link", name="Download archive")).to_be_visible(timeout=20_000)
    assert ana.complaints == []


@pytest.mark.parametrize("javascript", [True, False])
def test_people_can_leave_and_restore_their_account(site, people, javascript):
    ben, elsewhere = (
        people(site, "Ben Okafor", javascript=javascript),
        people(site, "Ben elsewhere"),
    )
    steps.become_a_member_of_the_site(ben)
    elsewhere.handle = ben.handle
    steps.sign_in(elsewhere)
    ben.visit("/account/deletion")
    steps.fill(ben, Your_password="wrong")
    steps.press(ben, "Delete account")
    expect(ben.page.get_by_text("That’s not your password. Try again.").first).to_be_visible()
    steps.fill(ben, Your_password=PASSWORD)
    steps.press(ben, "Delete account")
    steps.expect_heading(ben, "Sign in")
    expect(ben.page.get_by_text("You’re signed out everywhere.")).to_be_visible()
    site.mailbox.await_email(ben.email, containing="Your account will be deleted")
    anew = elsewhere.in_another_tab()  # the open page updates itself as soon as it's notified
    anew.visit("/account")
    steps.expect_heading(anew, "Sign in")

    steps.fill(ben, Email_address_or_handle=ben.handle, Password=PASSWORD)
    steps.press(ben, "Sign in")
    steps.expect_heading(ben, "Keep your account?")
    steps.press(ben, "Keep my account")

    expect(ben.page.get_by_text("Good to have you back.")).to_be_visible()
    ben.visit("/account")
    steps.expect_heading(ben, ben.name)
    real = [line for line in ben.complaints if "422" not in line and "403" not in line]
    assert real == []
