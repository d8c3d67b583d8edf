"""Which characters of typed text are kept, by every field, to every place where it is read."""

import csv
import json
import unicodedata
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cache
from html import unescape
from io import StringIO
from typing import Any
from urllib.parse import quote, unquote
from xml.etree.ElementTree import fromstring
from xml.sax.saxutils import escape

import icalendar
import pytest
from werkzeug.datastructures import MultiDict
from werkzeug.http import parse_options_header
from wtforms.fields import HiddenField, PasswordField, StringField
from wtforms.fields.core import UnboundField
from wtforms.meta import DefaultMeta

from tests import factories
from tests.events import calendars
from tests.events.plans import fields
from tests.privacy import finding
from tests.security.test_delimiters import leaves
from tests.voting.tally.test_blt import read as read_blt
from webapp.core.extensions import db
from webapp.core.http.forms import Form
from webapp.core.http.number_fields import Amount
from webapp.core.storage import attachments
from webapp.core.storage.attachments import download_name
from webapp.core.text import csv_download
from webapp.core.text.strings import folded
from webapp.core.text.typed import normal_lines, single_line
from webapp.events.models import Event
from webapp.invitations import address_import
from webapp.invitations.address_import import lines_of
from webapp.news import sanitizer
from webapp.voting.models import Vote
from webapp.voting.tally import exports

pytestmark = pytest.mark.any_database

FARMER, RAINBOW = "\U0001f469\u200d\U0001f33e", "\U0001f3f3\ufe0f\u200d\U0001f308"
SCOTLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"
PERSIAN = "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"
JOINED = {
    "farmer": FARMER,
    "rainbow": RAINBOW,
    "scotland": SCOTLAND,
    "persian": PERSIAN,
    "couple": "\U0001f469\U0001f3fd\u200d\u2764\ufe0f\u200d\U0001f48b\u200d\U0001f469",
    "keycap": "1\ufe0f\u20e3",
    "marathi": "\u0930\u094d\u200d\u092f",
    "end of a half letter": "\u0915\u094d\u200d",
    "variant of a Japanese name": "\u845b\U000e0100",
    "mongolian": "\u182a\u180b\u1820",
    "old korean": "\u115f\u1161\u1112\u1160",
    "hebrew with marks": "C++\u200f \u05e9\u05dc\u05d5\u05dd",
}
#: Newer than Python 3.11's Unicode: a heart, a letter of a Chinese name, a tired face.
NEW = "\U0001fa77\U00031350\U0001fae9"
#: Shows nothing, by itself or between two letters.
INVISIBLE = (
    "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f\u061c\u202a\u2068\u034f\ufe0f\U000e0041"
)
#: What no text holds: controls, overrides of the direction, and what will never be a character.
NEVER = "\x00\x08\x1b\x7f\x84\u202d\u202e\ufdd0\uffff\U0010ffff\ud800"
LINE_BREAKS = ["\n", "\r\n", "\r", "\v", "\f", "\x1c", "\x85", "\u2028", "\u2029"]


@cache
def by_category() -> dict[str, list[str]]:
    """Return characters by category: all of the first two planes and of that of the tags, the ends
    of all planes, and every 61st of the wide empty ones.
    """
    found: dict[str, list[str]] = {}
    planes = range(0, 0x110000, 0x10000)
    ends = [plane + end for plane in planes for end in (0xFFFE, 0xFFFF)]
    for code in {*range(0x20000), *range(0x20000, 0x110000, 61), *range(0xE0000, 0xE1000), *ends}:
        found.setdefault(unicodedata.category(chr(code)), []).append(chr(code))
    return found


def gone_from(signs: list[str], clean: Any) -> set[int]:
    """Return the code points of those that `clean` removes between two letters."""
    read = clean("|".join(f"a{sign}b" for sign in signs)).split("|")
    return {ord(sign) for sign, kept in zip(signs, read, strict=True) if kept == "ab"}


SPACES, FORMATS = by_category()["Zs"], by_category()["Cf"]
UNKNOWN = by_category()["Cn"] + by_category()["Co"]


@pytest.mark.parametrize("text", JOINED.values(), ids=JOINED)
def test_joined_emoji_and_letters_stay_together(text):
    assert single_line(f" {text}  garden ") == f"{text} garden"
    assert normal_lines(f"{text}\r\n{text}") == f"{text}\n{text}"
    assert sanitizer.words(f"<p>{text}</p>", 100) == text
    assert download_name(f"{text}.pdf", "pdf") == unicodedata.normalize("NFC", text) + ".pdf"


def test_every_space_becomes_a_space_in_lines_and_stays_in_texts():
    text = "x".join(["", *SPACES, ""])

    assert single_line(text) == "x".join(["", *" " * len(SPACES), ""])
    assert normal_lines(text) == text
    assert "".join(SPACES).join("ab") == normal_lines("".join(SPACES).join("ab"))
    assert [normal_lines(sign) for sign in SPACES] == [""] * len(SPACES)


@pytest.mark.parametrize("sign", LINE_BREAKS, ids=ascii)
def test_every_line_break_is_a_newline_in_texts(sign):
    assert normal_lines(f"a{sign}b") == "a\nb"
    assert single_line(f"a{sign}b") == "a b"


def test_texts_lose_no_character_but_the_listed_ones():
    """Formats, private characters, and those that this Python doesn't know."""
    gone = gone_from([*FORMATS, *UNKNOWN], normal_lines)
    last = {plane * 0x10000 + end for plane in range(17) for end in (0xFFFE, 0xFFFF)}

    assert gone == {0x202D, 0x202E, *range(0xFDD0, 0xFDF0), *last}
    assert normal_lines(f"a{INVISIBLE}b") == f"a{INVISIBLE}b"


def test_lines_keep_what_is_newer_than_this_python():
    """Except what Unicode reserves for invisible characters."""
    gone = gone_from(UNKNOWN, single_line)

    assert unicodedata.category(NEW[0]) in {"Cn", "So"}
    assert len(gone) < 4000
    assert gone < {0x2065, *range(0xFDD0, 0x10000), *range(0xE0000, 0xE1000)} | {
        plane * 0x10000 + end for plane in range(17) for end in (0xFFFE, 0xFFFF)
    }
    assert single_line(f" {NEW}\u00a0") == NEW


def test_lines_keep_formats_that_show_something():
    shown = {sign for sign in FORMATS if single_line(f"a{sign}b") != "ab"}

    assert {unicodedata.name(sign).split()[0] for sign in shown} <= {
        "ARABIC", "SYRIAC", "KAITHI", "EGYPTIAN", "INTERLINEAR",
    }  # fmt: skip
    assert "\u06dd" in shown


@pytest.mark.parametrize("sign", INVISIBLE, ids=ascii)
def test_invisible_characters_are_removed_from_lines(sign):
    assert single_line(sign * 3) == ""
    assert single_line(f"Fr{sign}ee") == "Free"
    assert normal_lines(sign) == ""


@pytest.mark.parametrize("sign", NEVER, ids=ascii)
def test_controls_and_overrides_are_removed_everywhere(sign):
    assert single_line(f"Fr{sign}ee") == normal_lines(f"Fr{sign}ee") == "Free"


@pytest.mark.parametrize("sign", "\u3164\u2800\u115f\uffa0", ids=ascii)
def test_letters_that_look_like_spaces_are_spaces_in_lines(sign):
    assert single_line(sign) == normal_lines(sign) == ""
    assert single_line(f"Fr{sign}ee") == "Fr ee"


def test_repeated_joiners_are_removed():
    assert single_line("\u05d0\u200d\u200d\u200d\u05d0") == "\u05d0\u05d0"


def test_search_ignores_zero_width_joiners():
    assert folded(PERSIAN) == folded(PERSIAN.replace("\u200c", ""))


#: Fields that read text otherwise: passwords as they are, and what only programs fill in.
OTHERWISE = {"password", "password_again", "current", "proof", "homepage", "step"}


def fields_of_forms(kind: Any) -> Iterator[tuple[str, str, UnboundField]]:
    """Yield the form's name, the field's name and the field, for each of the application's fields
    of this kind.
    """
    forms = [Form]
    while forms:
        form = forms.pop()
        forms += form.__subclasses__()
        for name, field in vars(form).items():
            is_one = isinstance(field, UnboundField) and issubclass(field.field_class, kind)
            if is_one and form.__module__.startswith("webapp."):
                yield form.__name__, name, field


def text_fields() -> list[tuple[str, str, UnboundField]]:
    """Return every field of every form that people type text into."""
    return [
        (form, name, field)
        for form, name, field in fields_of_forms(StringField)
        if not issubclass(field.field_class, HiddenField | PasswordField | Amount)
        and name not in OTHERWISE
    ]


def test_every_field_keeps_what_a_line_or_a_text_keeps(app):
    typed = f"{INVISIBLE}Fr{NEVER}ee\u00a0{''.join(FORMATS)}{NEW}{FARMER}\u3000{PERSIAN}\u2028ok"
    kept = {single_line(typed), normal_lines(typed), (single_line(typed) or "").lower()}
    asked = text_fields()

    def data(field: UnboundField) -> Any:
        bound = field.bind(form=None, name="field", _meta=DefaultMeta())
        bound.process(MultiDict({"field": typed}))
        return bound.data

    assert len(asked) > 90
    assert [names for *names, field in asked if data(field) not in kept] == []


def test_what_was_typed_arrives_on_the_page_in_the_calendar_the_email_and_the_export(
    app, browser, ana, ben, emails
):
    """One line and a text with every space, every format, and what is newer than we are."""
    line = f"meet\u00a0at\u202fthe\u3000landing {NEW} {FARMER} {PERSIAN}"
    spaces = "x".join(SPACES)
    text = f"Tel.{spaces}06 {''.join(FORMATS)} {NEW}{FARMER}{PERSIAN}"
    kept_line = line.replace("\u00a0", " ").replace("\u202f", " ").replace("\u3000", " ")
    kept_text = text.replace("\u202d", "").replace("\u202e", "")

    host = browser(ana)
    host.post(
        "/events",
        {**fields(title=line, summary=line, description=text, venue=line), "as": "published"},
    )
    event = db.session.query(Event).one()
    writer = browser(ben)
    writer.get(f"/events/{event.slug}/message")
    writer.submit("/message", body=text)

    assert (event.title, event.summary, event.venue) == (kept_line,) * 3
    assert event.description == kept_text
    page = unescape(browser(ana).get(f"/events/{event.slug}").text)
    assert kept_line in page
    assert kept_text in page
    entry = calendars.entry(browser(ana).get(f"/events/{event.slug}/event.ics").data)
    assert entry["SUMMARY"] == kept_line
    assert " ".join(kept_text.split()) in " ".join(entry["DESCRIPTION"].split())
    (sent,) = emails()
    assert kept_line in sent["Subject"]
    assert kept_text in sent.get_body(("plain",)).get_content().replace("\n> ", " ")
    exported = finding.archive_of(app, ana)
    tables = [exported.read(name) for name in exported.namelist() if name.endswith(".json")]
    assert kept_text in {text for table in tables for text in leaves(json.loads(table))}


def test_what_a_line_keeps_can_be_encoded_for_every_format(app, context):
    line = single_line("x".join(sign for of in by_category().values() for sign in of[::300])) or ""
    assert len(line) > 900

    event = icalendar.Event()
    event.add("summary", line)
    email = EmailMessage()
    email["Subject"] = line
    row = csv_download.download("x", [[line]]).get_data()
    blt = exports.blt_text([("1", 1)], [line, line], 1, line)
    name = download_name(line, "pdf")
    sent = attachments.send_attachment(attachments.keep(b"x"), "pdf", name)
    _kind, options = parse_options_header(sent.headers["Content-Disposition"])

    assert fromstring(f"<title>{escape(line)}</title>").text == line
    assert str(icalendar.Event.from_ical(event.to_ical())["summary"]) == line
    assert message_from_bytes(email.as_bytes(), policy=policy.default)["Subject"] == line
    assert next(csv.reader(StringIO(row.decode("utf-8-sig")))) == [line]
    assert json.loads(json.dumps(line)) == line
    assert unquote(quote(line)) == line
    assert read_blt(blt.encode().decode())[4] == [" ".join(line.replace('"', "'").split())] * 3
    assert options["filename"] == name
    assert len(name) > 60


def test_options_names_and_addresses_keep_new_and_foreign_characters(browser, ana):
    group = factories.group(ana)
    page = browser(ana)
    page.get(f"/votes/new/single?group={group.slug}")
    page.submit("kind=single", title="Which heart?", options=f"{NEW[0]}\r\n{NEW[2]}\u00a0")
    page.get("/account/profile")
    page.submit("/account/profile", last_name=NEW[1])
    addresses = address_import.parse(lines_of("gil@example.org\u00a0hana@example.org"))

    vote = db.session.query(Vote).one()
    assert [option.title for option in vote.options] == [NEW[0], NEW[2]]
    assert ana.last_name == NEW[1]
    assert [one.address for one in addresses.valid] == ["gil@example.org", "hana@example.org"]
