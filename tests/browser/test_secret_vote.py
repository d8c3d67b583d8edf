"""A secret vote: cast, changed by its key, lost, closed, recounted at home, and one's ballot
verified.
"""

import re
import sqlite3
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import expect

from . import forms, steps
from .mailboxes import text_of
from .pages.looking import axe, sideways

pytestmark = pytest.mark.browser

NAMES = ("Ana Souza", "Ben Okafor", "Cem Yilmaz", "Dora Lind", "Edo Pires")
KEY = re.compile(r"^([0-9A-Z]{4} ){6}[0-9A-Z]{4}$")


@pytest.mark.parametrize(
    "javascript", [True, pytest.param(False, marks=pytest.mark.deep)], ids=["scripts", "no scripts"]
)
def test_a_secret_vote_can_be_cast_closed_and_recounted_at_home(
    small_site, people, tmp_path, javascript
):
    ana, ben, cem, *others = (
        people(small_site, name, javascript=javascript, reduced_motion="reduce") for name in NAMES
    )
    for person in (ana, ben, cem, *others):
        steps.become_a_member_of_the_site(person)
    steps.want_everything_at_once(ben)
    vote = asked_in_secret(ana, ben, cem, *others)

    key = cast(ben, vote, "Ada")
    keeps_no_trace(ben, vote, key)
    changed(ben, vote, key, "Ada", "Bea")
    loses_the_key(cem, vote, cast(cem, vote, "Ada"))
    for person in (ana, *others):
        assert forms.send(person, vote, "Cast ballot", choice="2") == f"{vote}/secret-ballot"

    is_over(small_site, ben, vote)
    parsed = text_of(
        small_site.mailbox.await_email(ben.email, containing="Bea was chosen, with 4 of 5.")
    )
    folder = taken_home(ben, vote, tmp_path)
    said = ben.page.locator("#results").inner_text()
    head = next(found for found in re.findall(r"\b[0-9a-f]{64}\b", said) if found in parsed)
    counted_again(folder, head, key)
    checks(ben, vote, key)
    assert [
        line for line in (*ana.complaints, *ben.complaints, *cem.complaints) if "422" not in line
    ] == []


def asked_in_secret(ana, *others):
    """Create a secret vote in Ana's group; expect its consequences to be shown once it's chosen."""
    group = steps.make_group(ana, f"Board of {ana.handle}")
    for person in others:
        steps.join(person, group)
    ana.visit(f"/votes/new/single?group={group.rpartition('/')[2]}")
    steps.open_options(ana)
    results = ana.page.get_by_role("radiogroup", name="Results")
    brings = ana.page.get_by_text("What a secret ballot involves")
    expect(results).to_be_visible()
    expect(brings).to_be_hidden()
    ana.page.get_by_role("radio", name="Secret ballot").check()
    expect(results).to_be_hidden()
    expect(brings).to_be_visible()
    if ana.javascript:
        assert [*axe(ana.page), *sideways(ana.page)] == []
    closes = steps.wall(steps.in_a_week()[0])
    steps.fill(ana, Question="Who keeps the accounts?", Options="Ada\nBea", Closes=closes)
    steps.press(ana, "Create vote")
    steps.expect_heading(ana, "Who keeps the accounts?")
    return steps.path_of(ana.page)


def cast(person, vote, option):
    """Cast a ballot; return the key that is shown."""
    person.visit(vote)
    person.page.get_by_role("radio", name=option).check()
    steps.press(person, "Cast ballot")
    steps.expect_heading(person, "Write down your key now")
    shown = person.page.locator("#key").inner_text()
    assert KEY.match(shown)
    return shown


def keeps_no_trace(ben, vote, key):
    """Expect the key to be copied and printed where scripts run, and to be gone when the browser
    goes back to its page.
    """
    if ben.javascript:
        assert [*axe(ben.page), *sideways(ben.page)] == []
        ben.context.grant_permissions(["clipboard-read", "clipboard-write"])
        steps.press(ben, "Copy")
        expect(ben.page.get_by_role("button", name="Copied")).to_be_visible()
        assert ben.page.evaluate("() => navigator.clipboard.readText()") == key
        ben.page.emulate_media(media="print")
        expect(ben.page.locator("#key")).to_be_visible()
        expect(ben.page.get_by_role("heading", level=1)).to_be_hidden()
        expect(ben.page.get_by_text("Without your key")).to_be_hidden()
        ben.page.emulate_media(media="screen")
    else:
        expect(ben.page.get_by_role("button", name="Copy")).to_be_hidden()
    ben.page.get_by_role("link", name="I’ve written it down").click()
    expect(ben.page.get_by_text("You’ve voted", exact=True)).to_be_visible()
    assert key not in ben.page.content()
    assert key.split()[0] not in ben.page.url + str(ben.context.storage_state())


def changed(ben, vote, key, was, now):
    """Find Ben's ballot by its key, typed in lower case without spaces, and choose someone else."""
    ben.page.get_by_role("link", name="View or change my ballot").click()
    steps.fill(ben, Your_key=key.lower().replace(" ", ""))
    steps.press(ben, "Find my ballot")
    expect(ben.page.get_by_text("This is your ballot")).to_be_visible()
    expect(ben.page.get_by_role("radio", name=was)).to_be_checked()
    if ben.javascript:
        assert [*axe(ben.page), *sideways(ben.page)] == []
    ben.page.get_by_role("radio", name=now).check()
    steps.press(ben, "Change ballot")
    expect(ben.page.get_by_text("Your ballot was changed. The key stays the same.")).to_be_visible()
    assert steps.path_of(ben.page) == vote


def loses_the_key(cem, vote, key):
    """Reload after voting: Cem has voted once, with the same key. Then leave without writing it
    down: he learns what that means, and an invented key is refused.
    """
    cem.page.reload()
    steps.expect_heading(cem, "Write down your key now")
    assert cem.page.locator("#key").inner_text() == key
    cem.visit(vote)
    assert key not in cem.page.content()
    cem.page.get_by_text("I don’t have my key").click()
    expect(cem.page.get_by_text("Your ballot still counts, as you cast it.")).to_be_visible()
    expect(cem.page.get_by_role("button", name="Cast ballot")).to_have_count(0)
    cem.page.get_by_role("link", name="View or change my ballot").click()
    steps.fill(cem, Your_key="0123 4567 89AB CDEF GHJK MNPQ RSWS")
    steps.press(cem, "Find my ballot")
    expect(cem.page.locator("#key-err")).to_contain_text("No ballot in this vote has this key.")


def is_over(site, ben, vote):
    """Close the vote and let it be counted.

    Afterwards its end is again as declared.
    """
    slug = vote.rpartition("/")[2]
    with sqlite3.connect(Path(site.settings["INSTANCE"]) / "folkmoot.db", timeout=20) as database:
        declared = database.execute("SELECT closes_at FROM vote WHERE slug = ?", (slug,)).fetchone()
        now = "strftime('%Y-%m-%d %H:%M:%f', 'now') || '000'"
        database.execute(f"UPDATE vote SET closes_at = {now} WHERE slug = ?", (slug,))  # noqa: S608
        database.commit()
        for _second in range(40):
            ben.visit(vote)
            if ben.page.get_by_role("link", name="Download everything").count():
                break
            ben.page.wait_for_timeout(1000)
        database.execute("UPDATE vote SET closes_at = ? WHERE slug = ?", (*declared, slug))
    expect(ben.page.get_by_role("link", name="Download everything")).to_be_visible()


def taken_home(ben, vote, tmp_path):
    """Return the folder with Ben's unpacked download."""
    if ben.javascript:
        assert [*axe(ben.page), *sideways(ben.page)] == []
    with ben.page.expect_download() as downloading:
        ben.page.get_by_role("link", name="Download everything").click()
    with zipfile.ZipFile(downloading.value.path()) as held:
        held.extractall(tmp_path)
    return tmp_path


def counted_again(folder, head, key):
    """Expect the program to accept everything, including Ben's ballot, and to find what is wrong in
    a changed file.
    """
    fine = verified(folder, "--head", head, "--key", typed=key)
    assert fine.returncode == 0, fine.stdout
    assert "All that was asked holds." in fine.stdout
    assert "your ballot says 2" in fine.stdout
    assert verified(folder, "--head", "0" * 64).returncode == 1
    ballots = folder / "ballots.csv"
    ballots.write_text(ballots.read_text().replace(",2,", ",1,", 1))
    flipped = verified(folder, "--head", head)
    assert flipped.returncode == 1
    assert "FAIL root" in flipped.stdout


def verified(folder, *words, typed=""):
    """Return the program's output, run in its own process that knows nothing of this site."""
    command = [sys.executable, "-I", str(folder / "verify.py"), *words]
    return subprocess.run(
        command, cwd=folder, input=f"{typed}\n", capture_output=True, text=True, timeout=60
    )


def checks(ben, vote, key):
    """Expect Ben's ballot to have been counted as it was last."""
    ben.visit(vote)
    ben.page.get_by_role("link", name="Check my ballot").first.click()
    steps.fill(ben, Your_key=key)
    steps.press(ben, "Check my ballot")
    expect(ben.page.get_by_text("It was counted as you cast it")).to_be_visible()
    expect(ben.page.get_by_role("status").get_by_text("Bea")).to_be_visible()
    if ben.javascript:
        assert [*axe(ben.page), *sideways(ben.page)] == []
