"""Characters that end a field, a line or a file in some format stay text in every download."""

import csv
import io
import json
import re
import zipfile
from itertools import count
from uuid import uuid4
from xml.etree import ElementTree

import pytest
import sqlalchemy as sa
from werkzeug.http import parse_options_header

from tests import factories, sample_site, snapshots
from tests.attendance import checking_in
from tests.events import calendars
from tests.privacy import finding
from webapp.core import site_settings
from webapp.core.extensions import db
from webapp.core.storage.attachments import download_name
from webapp.core.text import csv_download
from webapp.event_files.models import EventFile
from webapp.events.calendar import subscriptions
from webapp.events.models import Rsvp
from webapp.events.models.event import HOST_TEXTS

pytestmark = pytest.mark.any_database

#: Columns with text by people. A column of text that is in neither list fails the test.
_WORDS = """
alt answer answers author bio body cancelled_reason caption code_of_conduct comment decline_message
description device first_name label last_name location message name params reason
shown_comment snapshot subject summary text title welcome words
"""
WORDS = set(_WORDS.split()) | set(HOST_TEXTS)
#: Columns that the code writes, with characters that are safe in every format.
_OURS = """
about accent action address address_hash audience came_for channel choice color commitment cover
currency
details digest electorate email ending error etag feedback file file_uploaders file_viewers finding
full handle hash home_url ids join_policy key kind last_error last_modified leavers level links
locale lot_commitment lot_secret may_create_events may_create_votes may_see_members
may_start_threads message_id nonce note of_others online_url open_as opening options outcome page
password_hash prev price profile_visibility promotion purpose reasons removed_by reporter_kind
results role roles roll_at root rule salt scope search_text seed slug state
step subject_kind tag template terms_version text_size theme threshold_of ticket token_hash tracker
url user_nonce value visibility zone
"""
OURS = set(_OURS.split())
#: Routes without a URL in the sample site, or not for its owner: those of the guest and of the
#: calendar program are requested separately.
NOT_HERE = {
    "calendars.show",
    "guest_agenda.file",
    "guest_pages.export",
    "guest_pages.file",
    "your_data.export",
}
UNTOUCHED = {"site_flag", "site_setting", "site_page"}
LINE = "=1;＝2,@\"'</script>]]>END:VCALENDAR"
LINES = f"{LINE}\nEND:VEVENT\n.\nBcc: eve@example.org\n;+3\n＋4\n\t-5"
FORMULAS = tuple("=+-@＝＋－＠")


def texts():
    """Yield each column of text, as (table, column)."""
    for table in db.metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, sa.String | sa.JSON) and not isinstance(
                column.type, sa.Enum
            ):
                yield table, column


def test_every_text_column_is_classified(app):
    names = {column.name for _table, column in texts()}
    assert names == WORDS | OURS
    assert not WORDS & OURS


@pytest.fixture
def here(app, context):
    """The sample site with these characters in all its texts, with a guest, and a calendar feed of
    the member.
    """
    made = snapshots.sample_site_of(app, secret=False)
    group, member, owner = (
        db.session.merge(one) for one in (made.group, made.people["member"], made.people["owner"])
    )
    guest = checking_in.guest(factories.event(owner, group, title="Seed swap"))
    feed = subscriptions.create(member, group)
    db.session.commit()
    paths = checking_in.path(guest), subscriptions.path(feed)
    spoil()
    site_settings.write("SITE_NAME", LINE)
    db.session.commit()
    return made, *paths


def spoil():
    """Set each text of each row to LINE, or LINES where long text is possible, with a number where
    they must differ.
    """
    numbers = count(1)
    db.session.execute(sa.update(Rsvp).values(answers=[[str(uuid4()), LINE, LINES]]))
    for table, column in texts():
        if column.name not in WORDS or table.name in UNTOUCHED or isinstance(column.type, sa.JSON):
            continue
        words = LINES if isinstance(column.type, sa.Text) else LINE
        if column is EventFile.__table__.c.name:
            words = download_name(
                LINE, "txt"
            )  # file names are cleaned when they are uploaded, by their own rule
        keys = list(table.primary_key)
        for row in db.session.execute(sa.select(*keys).where(column.is_not(None))).all():
            which = [key == value for key, value in zip(keys, row, strict=True)]
            db.session.execute(
                sa.update(table).where(*which).values({column: f"{words} {next(numbers)}"})
            )


def strictly_ics(body):
    """Expect calendars, parsed by two libraries that share no code, to contain what was typed as
    text.
    """
    lines = calendars.lines(body)
    unescaped = re.compile(r"^(?:NAME|X-WR-CALNAME):.*(?<!\\)[;,]")
    assert not [line for line in lines if unescaped.match(line)]
    found = calendars.entries(body)
    assert len(calendars.second(body).events) == len(found) == body.count(b"\r\nBEGIN:VEVENT\r\n")
    assert [str(event["SUMMARY"]).startswith(LINE) for event in found] == [True] * len(found)
    return True


def strictly_csv(body):
    """Expect that no cell is a formula, whether a spreadsheet separates cells by commas or, as many
    do, by semicolons.
    """
    text = body.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    assert len(rows) > 1
    assert len({len(row) for row in rows}) == 1
    for delimiter in ",;\t":
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            assert not [cell for cell in row if cell.lstrip().startswith(FORMULAS)], (
                delimiter,
                row,
            )
    return rows


def strictly_blt(body):
    """Expect options and seats, ballots that end in 0, and the final 0 followed by one quoted name
    per line.
    """
    head, *lines = body.decode().split("\n")
    options, _seats = map(int, head.split())
    end = lines.index("0")
    assert all(
        int(number) <= options or not place
        for line in lines[:end]
        for place, number in enumerate(line.split())
    )
    names = lines[end + 1 :]
    assert names.pop() == ""
    assert len(names) == options + 1
    assert all(name[0] == name[-1] == '"' and name.count('"') == 2 for name in names)
    return names


def strictly_json(body):
    """Expect a single value that contains what was typed unchanged."""
    assert any(text.startswith(LINE) for text in leaves(json.loads(body)))
    return True


def leaves(value):
    """Yield every text in a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from leaves(part)


def strictly_zip(body):
    """Expect each file in it to be valid by the rules of its own format."""
    archive = zipfile.ZipFile(io.BytesIO(body))
    assert archive.testzip() is None
    for name in archive.namelist():
        if name.endswith(".json"):
            assert json.loads(archive.read(name)) is not None
        if name.endswith(".csv") and archive.read(name).count(b"\n") > 1:
            strictly_csv(archive.read(name))
    return archive.namelist()


READERS = {
    "text/calendar": strictly_ics,
    "text/csv": strictly_csv,
    "text/plain": strictly_blt,
    "application/json": strictly_json,
    "application/manifest+json": strictly_json,
    "application/zip": strictly_zip,
    "image/svg+xml": ElementTree.fromstring,
}


def headers_are_sound(answer):
    """Expect no header to contain its own end, and file names to be a single name."""
    for name, value in answer.headers:
        assert value.isprintable(), (name, value)
    kind, options = parse_options_header(answer.headers.get("Content-Disposition"))
    if kind:
        assert kind == "attachment"
        assert not set(options["filename"]) & set('/\\"\r\n;'), options


def linked_data_is_sound(page):
    """Expect what a page says to machines to be one JSON value that ends where it should."""
    scripts = page.page.find_all("script", type="application/ld+json")
    return [strictly_json(script.string) for script in scripts]


def test_downloaded_files_treat_user_text_as_text(app, here, browser, context):
    """Every URL with a file's ending, as the group's owner, and those for a guest and a calendar
    program.
    """
    made, guest, feed = here
    owner = made.browser(app, "owner")
    rules = [rule for rule in sample_site.rules(app, "GET") if "." in rule.rule.rpartition("/")[2]]
    asked = {rule.endpoint: made.path(rule) for rule in rules}
    asked |= {f"guest {name}": f"{guest}/{name}" for name in ("event.ics", "data.json")} | {
        "feed": feed
    }
    read = set()
    for name, path in asked.items():
        answer = owner.get(path)
        headers_are_sound(answer)
        assert answer.status_code < 500, name
        if answer.status_code == 200:
            READERS[answer.mimetype](answer.data)
            read.add(name)

    assert read >= set(asked) - NOT_HERE, "nothing was read of these"
    answered = owner.get(asked["attendees.export"]).data
    assert any("Bcc: eve" in cell for row in strictly_csv(answered) for cell in row)
    strictly_zip(finding.archive_of(app, db.session.merge(made.people["owner"])).fp.getvalue())


def test_linked_data_and_file_downloads_treat_user_text_as_text(app, here):
    made, _guest, _feed = here
    owner = made.browser(app, "owner")

    event = made.browser(app, "visitor")
    assert event.get(f"/events/{made.event.slug}").status_code == 200
    assert linked_data_is_sound(event)
    files = owner.get(f"/events/{made.event.slug}/files/{made.ids['file_id']}")
    assert (files.status_code, files.data) == (200, b"Bring a cup.")
    headers_are_sound(files)


def test_emails_treat_user_text_as_text(app, here, post_office, emails):
    """Over SMTP, where a line with a single dot ends an email."""
    made, guest, _feed = here
    page = made.browser(app, "stranger")
    page.get(f"{guest}/message")
    page.submit("/message", body=LINES)
    emails()

    assert post_office.emails
    for email in post_office.emails:
        assert not email.defects
        assert email["Bcc"] is None
        assert LINE[:20] in email["Subject"]
        plain = email.get_body(("plain",)).get_content()
        typed = [line.strip("> ") for line in plain.splitlines()]
        assert (
            typed.index("END:VEVENT")
            < typed.index(".")
            < typed.index("Bcc: eve@example.org")
            < typed.index(";+3")
        )


@pytest.mark.parametrize("sign", FORMULAS)
def test_no_csv_cell_starts_a_formula_with_any_separator(sign):
    said = f"{sign}1"
    for words in (
        said,
        f"  {said}",
        f"\u00a0{said}",
        f"a;{said}",
        f"a\t {said}",
        f"a\n{said}",
        f"a\r\n{said}",
        f'a";{said}',
    ):
        strictly_csv(
            b"".join(
                part.encode() for part in csv_download.download("x", [["head"], [words]]).response
            )
        )


def test_harmless_text_is_not_escaped():
    for words in ("a - b", "3 + 4", "ana@example.org", "half; half", "x = y", "-"):
        assert csv_download.escape_formula(words) == (words if words != "-" else "'-")
