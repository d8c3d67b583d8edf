"""Texts written from right to left keep their own direction and don't change that of others: on
every page, in every email, in drawings, attributes and titles.
"""

import re
from collections import defaultdict
from itertools import chain

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup, NavigableString

from tests import sample_site, snapshots
from tests.browser.pages.test_long_words import written
from tests.mail.every_email import EmailScene, Words, written as written_email
from webapp.admin import announcements
from webapp.agenda.models import Speaker
from webapp.config import ROOT
from webapp.core.extensions import db
from webapp.core.text import markdown
from webapp.core.text.bidi import FSI, PDI, isolated
from webapp.core.text.strings import listed
from webapp.events.models import Rsvp
from webapp.groups.models import JoinQuestion, JoinRequest
from webapp.notifications.digest_contents import DigestSection, DigestThing, subject_of
from webapp.notifications.models import Notification
from webapp.people.models import Profile
from webapp.voting.ballots.ballot_texts import in_words

pytestmark = pytest.mark.any_database
#: What people write: letters, digits and punctuation whose order depends on the direction.
TEXT = "שלום (19:00)!"
#: Columns of text that are part of an address.
ADDRESSES = ("slug", "handle", "email")
#: The page that shows every text of a thing. Texts of others may be on any page but a report's,
#: which repeats them.
PAGES = {
    "event": "events.show",
    "group": "groups.show",
    "report": "cases.show",
    "vote": "votes.show",
}
#: Columns that no page shows: searches or programs read them, or the site writes them.
NOT_READ = """
event.cover event.search_text group.search_text guest.search_text news_item.search_text
news_source.home_url news_source.title outgoing_email.last_error
site_flag.note user.search_text vote.lot_secret waitlist_step.full
"""
#: Shown in a state in which nothing of the sample site is, such as cancelled, declined or joined.
ELSEWHERE = """
agenda_session.cancelled_reason case_step.text event.cancelled_reason event.online_url
event_news.subject feedback.comment feedback.shown_comment group.welcome guest.name
host_message.body join_request.answer option.description reply.reason reply_version.title
rsvp.decline_message site_page.body vote.cancelled_reason vote_outcome.body
"""
HEBREW = re.compile("[\u0590-\u05ff]")
LATIN = re.compile("[a-zA-Z]")
#: Attributes that are read aloud or shown.
SHOWN = ("aria-label", "title", "alt", "placeholder", "content", "data-confirm")
#: Where texts are joined without being isolated: words of ours, sentences whose values are isolated
#: already, and what programs read.
JOINED = re.compile(r"""["'][^"'\n]*[,·][^"'\n]*["']\.join\(|\|join\(["'][^"'\n]*[,·]""")
OURS = {
    "templates/admin/_audit.html",
    "templates/attendance/_person.html",
    "templates/groups/topics/index.html",
    "templates/groups/topics/removal.html",
    "templates/invitations/_address_preview.html",
    "templates/notifications/preferences.html",
    "webapp/accounts/passwords.py",
    "webapp/agenda/calendar.py",
    "webapp/agenda/clashes.py",
    "webapp/attendance/forms/messages.py",
    "webapp/attendance/labels.py",
    "webapp/config.py",
    "webapp/core/http/forms.py",
    "webapp/core/text/strings.py",
    "webapp/events/defaults.py",
    "webapp/mail/jobs/rendering.py",
    "webapp/notifications/digest_contents.py",
    "webapp/voting/ballots/ballot_texts.py",
    "webapp/voting/electorate/electorates.py",
    "webapp/voting/forms/initial.py",
    "webapp/voting/results/stage_views.py",
}
#: Whose output is English alone, or SQL.
NOT_PAGES = ("webapp/ops/", "webapp/core/db/", "webapp/voting/secret/")
#: Elements whose text is a paragraph by itself; the initials of an avatar (`av`) are one, too.
ALONE = ("option", "textarea", "script", "style")


def filled(app):
    """A sample site in which everything that people wrote is from right to left."""
    here = sample_site.build(app)
    answers = [[str(here.ids["event_question_id"]), TEXT, TEXT]]
    db.session.execute(sa.update(Rsvp).values(answers=answers))
    db.session.execute(sa.update(JoinRequest).values(answers=[[TEXT, TEXT]]))
    db.session.execute(sa.update(JoinQuestion).values(kind="choice", options=[TEXT, f"{TEXT}2"]))
    db.session.execute(sa.update(Speaker).values(links=["https://www.example.org/"]))
    announcements.announce(TEXT, "note", None, by=here.people["admin"])
    db.session.add(Profile(user_id=here.people["member"].id, bio=TEXT, links=[]))
    names = columns()
    for table in written():
        texts = [one for one in table.columns if str(one) in names]
        for number, row in enumerate(db.session.execute(sa.select(table)).mappings().all()):
            values = {
                one.name: f"{TEXT}{number}:{names.index(str(one))}"[: one.type.length or 200]
                for one in texts
                if row[one.name] is not None
            }
            where = [one == row[one.name] for one in table.primary_key]
            if values:
                db.session.execute(sa.update(table).where(*where).values(values))
    db.session.commit()
    return here.signed_in(app)


def columns() -> list[str]:
    """Return the columns that people write into, but for what is part of an address."""
    texts = [one for one in chain(*written().values()) if one.name not in ADDRESSES]
    return [str(one) for one in texts]


def is_isolated(text: str) -> bool:
    """Whether each letter from right to left is between the characters that isolate it."""
    depth = 0
    for letter in text:
        depth += (letter == FSI) - (letter == PDI)
        if depth == 0 and HEBREW.match(letter):
            return False
    return depth == 0


def read_on(page: BeautifulSoup) -> set[int]:
    """Return the numbers of the columns whose text can be read on the page, not only edited."""
    texts = [it for it in page.body.find_all(string=HEBREW) if it.parent.name not in ALONE]
    texts += [picture["alt"] for picture in page.select("img[alt]")]
    return {int(number) for text in texts for number in re.findall(r"\)!\d+:(\d+)", text)}


def is_read(column: str, endpoints: set[str]) -> bool:
    """Whether the column's text is on its thing's page, or on any if the thing has none."""
    page = PAGES.get(column.split(".")[0])
    return page in endpoints if page else bool(endpoints - {"cases.show"})


def troubles(page: BeautifulSoup) -> list[str]:
    """Return what a page writes from right to left without isolating it."""
    found = []
    for text in page.find_all(string=HEBREW):
        is_alone = text.parent.name in ALONE or "av" in text.parent.get("class", ())
        if type(text) is not NavigableString or is_alone:
            continue
        around = next((it for it in text.parents if it.name == "bdi" or it.get("dir")), None)
        is_auto = around is not None and (around.name == "bdi" or around["dir"] == "auto")
        in_drawing = text.find_parent("svg") is not None
        if not is_isolated(text) and (in_drawing or not is_auto):
            found.append(f"<{text.parent.name}> {text.strip()[:80]}")
    for element in page.select("svg bdi, title bdi, option bdi, textarea bdi"):
        found.append(f"an element in <{element.parent.name}>")
    filled = page.select("[data-answering-name]:not([dir])")
    found += [f"filled in by a script: <{element.name}>" for element in filled]
    for element in page.find_all(True):
        for name, value in element.attrs.items():
            if name in SHOWN and HEBREW.search(value) and not is_isolated(value):
                if not re.fullmatch(r"[\u0590-\u05ff() :!\d]+", value):
                    found.append(f"{name} of <{element.name}> {value[:80]}")
            elif name not in SHOWN and FSI in str(value):
                found.append(f"isolated {name} of <{element.name}> {str(value)[:80]}")
    return found + [
        f"field {it.get('name')}"
        for it in page.select("input[type=text], input[type=search], input:not([type]), textarea")
        if HEBREW.search(it.get("value", "") + it.get_text()) and it.get("dir") != "auto"
    ]


def undirected(page: BeautifulSoup) -> list[str]:
    """Return paragraphs and quotes that people wrote, but that begin where ours do."""
    parts = page.select("main > p, main .quote p, main div.quote")
    theirs = [it for it in parts if HEBREW.search(it.text) and not LATIN.search(it.text)]
    alone = [it for it in theirs if it.find_parent(dir="auto") is None]
    return [f"undirected {it.name} {it.text[:40]}" for it in alone if it.get("dir") != "auto"]


@pytest.mark.long(25)
def test_pages_show_what_people_write_in_its_own_direction(app, context):
    here = snapshots.load(app, "right to left", lambda: filled(app))
    wrong, shown, names = set(), defaultdict(set), columns()
    for rule in sample_site.rules(app, "GET"):
        for role in ("owner", "admin", "member", "visitor"):
            answer = here.browser(app, role).get(here.path(rule))
            app.extensions["limits"].reset()
            if answer.status_code == 200:
                break
        if answer.status_code == 200 and answer.mimetype == "text/html":
            page = BeautifulSoup(answer.get_data(as_text=True), "html.parser")
            wrong |= {f"{rule.endpoint}: {it}" for it in troubles(page)}
            for one in read_on(page):
                shown[names[one]].add(rule.endpoint)
        answer.close()

    assert sorted(wrong) == []
    hidden = [name for name in names if not is_read(name, shown[name])]
    known = f"{NOT_READ} {ELSEWHERE}".split()
    assert {*hidden} ^ {*known} == set(), "people write these, but no page shows them"


def test_emails_isolate_what_is_written_from_right_to_left(context):
    scene = EmailScene(Words(TEXT, f"{TEXT}2", "ליאור", f"{TEXT} " * 3))
    wrong = set()
    for template, ids in scene.emails():
        page = BeautifulSoup(written_email(template, ids).html, "html.parser")
        wrong |= {f"{template}: {it}" for it in [*troubles(page), *undirected(page)]}

    assert sorted(wrong) == []


def test_blocks_of_markdown_have_the_direction_of_their_first_letter():
    html = markdown.render(f"{TEXT}\n\nA ride\n\n- {TEXT}\n")

    assert html.count('<p dir="auto">') == 2
    assert '<ul dir="auto">' in html
    assert "dir" not in markdown.render("A ride\n\n- at ten")


def test_only_texts_from_right_to_left_are_isolated():
    assert isolated(TEXT) == f"{FSI}{TEXT}{PDI}"
    assert [isolated(text) for text in ("Ana", "Ūpokongaro", "你好", isolated(TEXT))] == [
        "Ana",
        "Ūpokongaro",
        "你好",
        isolated(TEXT),
    ]


def test_names_in_front_of_a_sentence_keep_their_own_direction(context):
    line = Notification(kind="rsvp.refused", params={}, label="It happened")
    section = DigestSection(TEXT, [DigestThing([line])])

    assert subject_of([section]).startswith(f"{FSI}{TEXT}{PDI}: ")


def test_each_of_several_texts_in_a_list_keeps_its_own_direction():
    assert listed(["Leith", TEXT, ""]) == f"Leith, {FSI}{TEXT}{PDI}"
    assert in_words("approval", ["Leith", TEXT], "1+2") == listed(["Leith", TEXT])

    files = [path for name in ("webapp", "templates") for path in (ROOT / name).rglob("*.*")]
    named = [(path.relative_to(ROOT).as_posix(), path) for path in sorted(files)]
    found = {
        name
        for name, path in named
        if path.suffix in (".py", ".html") and not name.startswith(NOT_PAGES)
        if JOINED.search(path.read_text())
    }
    assert found == OURS
