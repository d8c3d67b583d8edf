"""Typed text stays text wherever it is shown: a corpus in every text field of every form (TRUST
1.2.1, 1.2.2, 1.2.4).
"""

import re
from typing import Any

import html5lib
import pytest
from flask import Flask

from tests import factories
from tests.browser_like import Browser
from tests.test_every_form import Sender, place, rules  # noqa: F401 -- place is a fixture
from webapp.core.extensions import db
from webapp.core.text import markdown

pytestmark = pytest.mark.any_database

#: Each text would create an element or attribute of this name if it were treated as markup.
OWNED = "data-owned"
CORPUS = [
    f"<b {OWNED}=1>x</b>",
    f'" {OWNED}=1 x="',
    f"' {OWNED}=1 x='",
    f"</textarea><b {OWNED}=1>",
    f"</title><b {OWNED}=1>",
    f"</script><b {OWNED}=1>",
    f"--><b {OWNED}=1>",
    f"<svg {OWNED}=1 onload=alert(1)>",
    f"[a](http://a.example/'{OWNED}=1)<img {OWNED}=1 src=x>",
    f"{{{{ '<b {OWNED}=1>' | safe }}}}",
    f"＜b {OWNED}=1＞<<b {OWNED}=1>",
]
LINKS = [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    " javascript:alert(1)",
    "java\tscript:alert(1)",
    "java\nscript:alert(1)",
    "\x01javascript:alert(1)",
    "javascript&colon;alert(1)",
    "&#106;avascript:alert(1)",
    "vbscript:msgbox(1)",
    "data:text/html,<script>alert(1)</script>",
    "DATA:text/html;base64,PHNjcmlwdD4=",
    "blob:https://a.example/1",
    "file:///etc/passwd",
    "ftp://a.example/",
    "view-source:javascript:alert(1)",
]
QUOTES = [
    "'",
    '"',
    "--",
    ";",
    "/* */",
    "\\",
    "' OR '1'='1",
    "'; DROP TABLE user; --",
    '" OR ""="',
    "%",
    "_",
    "%' --",
    "$1",
    ":q",
]


def elements(html: str) -> list[Any]:
    return list(html5lib.parse(html, namespaceHTMLElements=False).iter())


def scheme_of(address: str) -> str:
    """Return what a browser would take for the scheme, ignoring control characters, tabs and line
    ends.
    """
    found = re.match(r"([a-z][a-z0-9+.-]*):", re.sub(r"[\x00-\x20]", "", address).lower())
    return found[1] if found else ""


def harm_typed_into(answer: Any) -> list[str]:
    """Return the harm that the corpus does on a page; a page without OWNED shows none of it."""
    html = answer.get_data(as_text=True)
    return harm_in(html) if OWNED in html else []


def harm_in(html: str) -> list[str]:
    """Return what on this page would be more than text."""
    found = []
    for element in elements(html):
        if not isinstance(element.tag, str):
            continue
        names = [
            name
            for name in element.attrib
            if name.startswith(("on", OWNED)) and not name.startswith("on-")
        ]
        scheme = scheme_of(element.get("href") or element.get("action") or element.get("src") or "")
        source = element.get("src", "") if element.tag == "script" else "/static/"
        foreign = not source.startswith("/static/") and element.get("type") != "application/ld+json"
        if names or scheme not in {"", "http", "https", "mailto", "webcal"} or foreign:
            found.append(f"{element.tag} {dict(element.attrib)}")
    return found


def test_harmful_markup_on_a_page_is_found():
    """The control: markup would be noticed, and every text of the corpus contains the name by which
    pages are selected.
    """
    assert all(OWNED in words for words in CORPUS)
    for words in (
        CORPUS[0],
        CORPUS[7],
        '<a href="javascript:alert(1)">',
        "<a onclick=x()>",
        "<script>alert(1)</script>",
    ):
        assert harm_in(f"<p>{words}</p>"), words
    assert harm_in(f'<input value="{CORPUS[1]}">')
    assert harm_in(f"<input value='{CORPUS[2]}'>")
    assert harm_in("<p>plain <a href='https://a.example'>words</a>") == []


@pytest.mark.parametrize(
    "whole",
    [False, pytest.param(True, marks=[pytest.mark.deep, pytest.mark.long(1000)])],
    ids=["near it", "everywhere"],
)
def test_no_field_of_any_form_treats_text_as_markup(app: Flask, place: Any, whole: bool) -> None:  # noqa: F811
    """Neither on the form that comes back nor, once accepted, on the pages above it, or on any
    page, for their owner and for visitors.

    By default each field gets two texts of the corpus at once, or one after the other if the form
    doesn't accept that much.
    """
    harm, taken = [], set()
    for number, rule in enumerate(rules(app, "POST")):
        sender = Sender(app, rule, place)
        ones = [
            {
                name: CORPUS[(number + at + turn) % len(CORPUS)]
                for at, name in enumerate(sender.texts)
            }
            for turn in (range(len(CORPUS)) if whole else (0, 5))
        ]
        both = [] if whole else [{name: ones[0][name] + ones[1][name] for name in sender.texts}]
        for fill in filter(None, both + ones):
            sender.send(fill)
            harm += [
                f"{sender.path} {fill}: {what}" for what in harm_typed_into(sender.page.answer)
            ]
            if sender.accepted:
                taken.add(rule.endpoint)
                harm += [f"{sender.path} {fill}: {what}" for what in _seen(app, sender, whole)]
                if fill in both:
                    break
    assert not harm, "\n".join(harm)
    assert len(taken) > 30


def _seen(app: Flask, sender: Sender, whole: bool) -> Any:
    """Yield the harm on pages that show what was typed."""
    adapter = app.url_map.bind("")
    every = [
        sender.place.path_of(rule)
        for rule in rules(app, "GET")
        if not rule.rule.startswith(("/live", "/metrics"))
    ]
    above = [sender.path.rsplit("/", n)[0] for n in range(sender.path.count("/"))]
    paths = every if whole else [path for path in above if path and adapter.test(path, "GET")]
    for page in (sender.place.tab.again(), Browser.of(app)):
        for path in paths:
            app.extensions["limits"].reset()
            answer = page.get(path)
            db.session.rollback()
            if answer.mimetype == "text/html":
                yield from (f"{path} {what}" for what in harm_typed_into(answer))
            answer.close()


def test_markdown_contains_no_active_content():
    typed = CORPUS + [f"<{target}>" for target in LINKS] + LINKS

    assert [words for words in typed if harm_in(str(markdown.render(words)))] == []


#: Notations of links.
FORMS = ["[a]({})", "[a](<{}>)", "![a]({})", "[a]: {}\n\n[a]", "<{}>", '<a href="{}">a</a>']


def test_markdown_links_lead_to_the_web_or_email_only():
    typed = [form.format(target) for form in FORMS for target in LINKS]

    assert [words for words in typed if leads_elsewhere(str(markdown.render(words)))] == []


def leads_elsewhere(html: str) -> bool:
    """Whether a page with this text has harm in it, or a link that is neither to the web nor to
    email.
    """
    hrefs = [one.get("href") for one in elements(html) if one.tag == "a" and one.get("href")]
    schemes = {scheme_of(href) for href in hrefs}
    return bool(harm_in(html)) or not schemes <= {"http", "https", "mailto", ""}


@pytest.mark.parametrize("target", LINKS)
def test_link_fields_accept_web_urls_only(browser, ana, target):
    page = browser(ana)
    page.get("/events/new")
    answer = page.submit(
        "/events",
        title="River",
        starts="2031-05-01T10:00",
        ends="2031-05-01T12:00",
        online_url=target,
    )

    assert answer.status_code == 422
    assert "https://" in page.text


@pytest.mark.long(20)
def test_search_boxes_treat_sql_quotes_and_comments_as_text(app, place):  # noqa: F811
    """Expect no error, only results that contain the words, and every table to exist."""
    here = place()
    group, title = here.group.name, here.event.title
    page, asked = here.tab.again(), set()
    for rule in rules(app, "GET"):
        page.get(here.path_of(rule))
        if page.answer.mimetype != "text/html":
            continue
        named = {(form.get("action") or here.path_of(rule), box.get("name")) for form in page.forms if form.get("method") == "get"  # noqa: E501
                 for box in form.find_all("input") if box.get("type") in ("search", "text")}  # fmt: skip  # noqa: E501
        for action, name in named - asked:
            for words in QUOTES:
                app.extensions["limits"].reset()
                answer = page.get(str(action).partition("?")[0], query_string={name: words})
                assert answer.status_code == (422 if name == "who" else 200), (
                    action,
                    name,
                    words,
                )  # handles are refused
                for way_back in page.page.select("nav.crumbs"):
                    way_back.decompose()  # it names the event whose attendees are searched
                main = page.page.find("main").get_text(" ")
                assert title not in main, (action, words)
                assert action != "/groups" or group not in main, (action, words)
        asked |= named
    assert asked
    db.session.rollback()
    assert factories.user("Still", "Here").id
