"""Help pages: one for each main task, searchable, and linked from where they are needed."""

import pytest

from webapp.core.extensions import db
from webapp.core.ui import help
from webapp.home import help_search

TASKS = {
    *(
        "events",
        "answering",
        "waiting-list",
        "without-an-account",
        "running-an-event",
        "groups-and-roles",
    ),
    *(
        "mails-and-notifications",
        "your-data",
        "votes",
        "news-from-outside",
        "who-is-here",
        "looking-after-the-site",
        "queue-and-outbox",
    ),
}


@pytest.mark.parametrize("slug", sorted(TASKS))
def test_each_main_task_has_a_public_help_page(visitor, slug):
    assert visitor.get(f"/help/{slug}").status_code == 200

    assert visitor.page.h1.get_text() == str(help.TOPICS[slug].title)
    assert len(visitor.page.select("main h2, main dt")) >= 2
    assert "Set-Cookie" not in visitor.answer.headers
    assert not visitor.page.select("form[method=post]")


def test_links_on_help_pages_work(visitor):
    links = set()
    for slug in help.TOPICS:
        assert visitor.get(f"/help/{slug}").status_code == 200, slug
        links |= {link["href"].partition("#")[0] for link in visitor.page.select("main a")}

    assert len(links) > 12
    for link in links:
        assert visitor.get(link).status_code == 200, link


def titles(visitor, words):
    visitor.get(f"/help?q={words}")
    return [heading.text.strip() for heading in visitor.page.select(".topics h3")]


@pytest.mark.parametrize(
    ("words", "first"),
    [
        *[
            ("waiting list", "Waiting list"),
            ("unsubscr", ""),
            ("CLICK one unsub", "Emails and notifications"),
            ("schulze", ""),
        ],
        *[
            ("json feed", "News from other sites"),
            ("secret vote here", "Who is here"),
            ("redis", "Jobs and email"),
        ],
    ],
)
def test_help_search_matches_the_beginnings_of_words(visitor, words, first):
    found = titles(visitor, words)
    if first:
        assert found[0] == first


def test_help_search_shows_the_matching_sentence(visitor):
    titles(visitor, "jump ahead")
    assert "no one can jump ahead" in visitor.text
    titles(visitor, "last minute")
    assert "No one finds out at the last minute that they were expected" in visitor.text


def test_help_search_needs_all_words_and_an_empty_search_lists_all_pages(visitor):
    assert titles(visitor, "waiting xylophone") == []
    assert "No help page found" in visitor.text
    for nothing in ("", "%20", "!!"):
        visitor.get(f"/help?q={nothing}")
        assert visitor.answer.status_code == 200
    assert len(titles(visitor, "")) == len([topic for topic in help.TOPICS.values() if topic.part])
    assert visitor.page.find("input", {"name": "q"})


def test_help_search_keeps_the_query_escaped(visitor):
    visitor.get("/help?q=%3Cb%3Ex")
    assert visitor.page.select_one("main input[name=q]")["value"] == "<b>x"


def test_help_pages_are_rendered_once_for_search(app, visitor, monkeypatch):
    titles(visitor, "seat")
    monkeypatch.setattr(help_search, "render_template", None)
    assert titles(visitor, "list")


def test_help_is_linked_from_where_it_is_needed(browser, visitor, ana):
    from tests import factories

    group = factories.group(ana)
    event = factories.event(ana, group, capacity=1)
    page = browser(ana)
    ways = {
        f"/events/{event.slug}": "answering",
        "/account/notifications": "mails-and-notifications",
    }
    ways |= {
        "/account/data": "your-data",
        "/roles": "groups-and-roles",
        f"/events/{event.slug}/manage": "running-an-event",
    }
    ways |= {
        "/news": "news-from-outside",
        f"{group.path}/manage/news": "news-from-outside",
        "/account/profile": "who-is-here",
    }
    ways |= {"/inbox": "mails-and-notifications", f"{group.path}/manage": "groups-and-roles"}
    ways |= {
        "/admin": "looking-after-the-site",
        "/admin/queue": "queue-and-outbox",
        "/admin/news": "news-from-outside",
    }
    ana.is_admin = True
    db.session.commit()
    for address, slug in ways.items():
        page.get(address)
        assert page.page.find("a", href=f"/help/{slug}"), address
