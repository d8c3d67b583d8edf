"""A browser lays out what people wrote from right to left in its own direction, wherever it is."""

import pytest

from tests import sample_site, snapshots
from tests.mail.every_email import EmailScene, Words, written
from tests.test_directions import TEXT, filled

from .test_long_words import ROLES, first_page, with_styles

pytestmark = [
    pytest.mark.browser,
    pytest.mark.both_databases,
    pytest.mark.xdist_group("long-words"),
]
PAGES = ("home.show", "events.index", "events.show", "groups.show", "members.index", "votes.show")
#: Of each visible text: whether its first letter is right of its digits, and these of its "!".
ORDERS = """text => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = [];
    const box = (node, at) => {
        const range = document.createRange();
        range.setStart(node, at);
        range.setEnd(node, at + 1);
        return range.getBoundingClientRect();
    };
    while (walker.nextNode()) {
        const node = walker.currentNode, at = node.data.indexOf(text);
        if (at < 0 || !node.parentElement.checkVisibility()) continue;
        const boxes = [0, text.indexOf("1"), text.length - 1].map(place => box(node, at + place));
        const isOneLine = boxes.every(one => one.width && Math.abs(one.top - boxes[0].top) < 4);
        if (isOneLine) found.push([boxes[0].x > boxes[1].x && boxes[1].x > boxes[2].x,
            node.parentElement.outerHTML.slice(0, 120)]);
    }
    return found;
}"""


@pytest.fixture
def page(chromium):
    """A page without scripts."""
    context = chromium.new_context(java_script_enabled=False)
    yield context.new_page()
    context.close()


def wrong_in(page, html):
    """Return the texts that are out of order, after checking that there are some in order."""
    page.set_content(html, wait_until="commit")
    orders = page.evaluate(ORDERS, TEXT)
    assert orders
    return [place for is_right, place in orders if not is_right]


def test_pages_lay_out_texts_from_right_to_left_in_their_own_direction(app, context, page):
    here, sheets = snapshots.load(app, "right to left", lambda: filled(app)), {}
    wrong, without = {}, []
    for rule in sample_site.rules(app, "GET"):
        if rule.endpoint not in PAGES:
            continue
        html = with_styles(app, first_page(app, here, rule, ROLES), sheets)
        wrong[rule.endpoint] = wrong_in(page, html)
        without += wrong_in(page, html.replace("<bdi>", "<span>").replace("</bdi>", "</span>"))

    assert wrong == dict.fromkeys(PAGES, [])
    assert without, "the control"


def test_emails_lay_out_texts_from_right_to_left_in_their_own_direction(context, page):
    scene = EmailScene(Words(TEXT, f"{TEXT}2", "ליאור", f"{TEXT} " * 3))
    for template, ids in scene.of_answers()[:3]:
        assert wrong_in(page, written(template, ids).html) == [], template
