"""Pages at 320 px, at 200% zoom, with text twice as large, and from right to left: nothing scrolls
sideways, nothing is cut off, and what has the focus is never covered.
"""

import pytest
from playwright.sync_api import expect

from .important import EVENT, GROUP, PAGES, VOTES, opened, visited
from .looking import AXE, findings

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("important-pages")]

PHONE, LAPTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
#: A window of 1280 × 800 px at 200% has room for as much as one of 640 × 400 px.
ZOOMED = {"width": 640, "height": 400}
SMALLEST = {"width": 320, "height": 640}
#: (name, window, direction of writing, size of the text)
LOOKS = [
    ("320 px", SMALLEST, "ltr", ""),
    ("320 px from right to left", SMALLEST, "rtl", ""),
    ("zoom of 200%", ZOOMED, "ltr", ""),
    ("text of 200%", LAPTOP, "ltr", "200%"),
    ("text of 200% on a phone", PHONE, "ltr", "200%"),
    ("from right to left", LAPTOP, "rtl", ""),
]
DRESS = """([dir, size]) => {
    document.documentElement.dir = dir;
    document.documentElement.style.fontSize = size;
}"""
#: What makes the page wider than its window; which controls are outside of it or cut off by what
#: they are in; whose text is outside of its control. Rows that scroll by themselves may be wide.
UNFIT = """() => {
    const wide = document.documentElement.clientWidth, found = [];
    const named = one =>
        `${one.localName}.${one.className} “${one.textContent.trim().slice(0, 30)}”`;
    if (document.documentElement.scrollWidth > wide)
        found.push(`scrolls sideways: ${document.documentElement.scrollWidth} px`);
    const known = new Map();
    const flow = one => known.get(one) ?? known.set(one, getComputedStyle(one).overflowX).get(one);
    const cuts = one => /hidden|clip/.test(flow(one));
    const scrolls = one => /auto|scroll/.test(flow(one));
    const visible = one => one.checkVisibility({visibilityProperty: true, opacityProperty: true});
    const within = (inner, outer) => inner.left >= outer.left - 1 && inner.right <= outer.right + 1;
    const controls = `.brand, .btn, button, summary, .chip, .nav a, .tabs a,
        :is(.seg, .choice, .pick) label`;
    for (const one of document.querySelectorAll(controls)) {
        const box = one.getBoundingClientRect();
        if (!visible(one) || !box.width || one.closest(".sr, .skip")) continue;
        const around = [];
        for (let it = one.parentElement; it; it = it.parentElement) around.push(it);
        if (!around.some(scrolls)) {
            if (!within(box, {left: 0, right: wide})) found.push(`outside: ${named(one)}`);
            if (around.some(it => cuts(it) && !within(box, it.getBoundingClientRect())))
                found.push(`cut off: ${named(one)}`);
        }
        const texts = document.createTreeWalker(one, NodeFilter.SHOW_TEXT);
        while (texts.nextNode()) {
            const text = texts.currentNode, parent = text.parentElement;
            const isCut = getComputedStyle(parent).textOverflow === "ellipsis";
            if (!text.data.trim() || isCut || parent.closest(".sr") || !visible(parent)) continue;
            const range = document.createRange();
            range.selectNodeContents(text);
            if (!within(range.getBoundingClientRect(), box))
                found.push(`text outside: ${named(one)}`);
        }
    }
    for (const row of document.querySelectorAll(".tabs"))
        if (row.scrollWidth > row.clientWidth + 1) found.push(`tabs out of sight: ${named(row)}`);
    for (const ring of document.querySelectorAll(".ring:has(p)")) {
        const words = document.createRange();
        words.selectNodeContents(ring.querySelector("p"));
        // stones are turned, so their boxes are larger than they
        const covers = (line, {left, right, top, bottom}) =>
            line.left < (left + right) / 2 && line.right > (left + right) / 2
            && line.top < (top + bottom) / 2 && line.bottom > (top + bottom) / 2;
        const stones = [...ring.querySelectorAll("rect")].map(it => it.getBoundingClientRect());
        if ([...words.getClientRects()].some(line => stones.some(stone => covers(line, stone))))
            found.push(`words over stones: ${named(ring)}`);
    }
    return found;
}"""


def unfit(page, window, direction, size):
    """What does not fit when the page looks like this."""
    page.set_viewport_size(window)
    page.evaluate(DRESS, [direction, size])
    return page.evaluate(UNFIT)


@pytest.mark.long(12)
def test_pages_fit_small_windows_large_text_and_both_directions(visit_as):
    wrong = [
        f"{path} at {name}: {line}"
        for path, page in visited(visit_as)
        for name, *look in LOOKS
        for line in unfit(page, *look)
    ]
    assert not wrong, "\n".join(wrong)


#: What stays in the window while the page scrolls. A ballot's line of points left may.
STAYS = """() => [...document.querySelectorAll("body *:not([popover], .left)")]
    .filter(one => /fixed|sticky/.test(getComputedStyle(one).position) && one.checkVisibility())
    .map(one => `${one.localName}.${one.className}`)"""


def test_nothing_covers_the_page_in_a_short_window(visit_as):
    covering = [
        f"{path}: {line}"
        for path, page in visited(visit_as, viewport=ZOOMED)
        for line in page.evaluate(STAYS)
    ]
    assert not covering, "\n".join(covering)


def test_the_first_view_of_an_event_at_200_percent_shows_its_title(visit_as):
    page = opened(visit_as, "member", EVENT, viewport=ZOOMED)
    expect(page.locator("h1")).to_be_in_viewport(ratio=1)


def test_control_tabs_and_bars_stay_in_a_tall_window(visit_as):
    page = opened(visit_as, "member", EVENT, viewport=PHONE)
    assert {"nav.nav", "div.answer-bar"} <= set(page.evaluate(STAYS))


@pytest.mark.parametrize(
    "pages", [{"member": [EVENT, GROUP, VOTES[0]]}, pytest.param(PAGES, marks=pytest.mark.deep)]
)
def test_links_and_buttons_are_large_enough_for_fingers(visit_as, pages):
    wrong = []
    for path, page in visited(visit_as, pages, viewport={"width": 412, "height": 823}):
        page.evaluate(AXE)
        wrong += [f"{path}: {line}" for line in findings(page, {"runOnly": ["target-size"]})]
    assert not wrong, "\n".join(wrong)


#: How far the first bar of a result is from where the words begin.
GAP = """() => {
    const [bar, whole] = ["rect", "svg"].map(
        name => document.querySelector(`.bars ${name}`).getBoundingClientRect());
    return document.documentElement.dir === "rtl" ? whole.right - bar.right : bar.left - whole.left;
}"""


def test_bars_of_a_result_grow_from_where_words_begin(visit_as):
    page = opened(visit_as, "member", "/votes/when-do-we-sow-the-harakeke-seed")
    for direction in ("ltr", "rtl"):
        page.evaluate(DRESS, [direction, ""])
        assert abs(page.evaluate(GAP)) < 2


@pytest.mark.deep
@pytest.mark.parametrize(
    "fault",
    [
        "main { min-width: 22rem }",
        ".btn { translate: 12rem }",
        ".btn { width: 1rem; padding: 0; overflow: hidden; white-space: nowrap }",
        ".btn { position: relative; margin-inline-start: -3rem } .row { overflow: hidden }",
    ],
)
def test_control_what_does_not_fit_is_noticed(visit_as, fault):
    page = opened(visit_as, "member", EVENT)
    restyle(page, fault)
    assert unfit(page, SMALLEST, "ltr", "")


def restyle(page, css):
    """The page has these styles as well."""
    page.evaluate(
        """css => { const sheet = new CSSStyleSheet(); sheet.replaceSync(css);
        document.adoptedStyleSheets.push(sheet); }""",
        css,
    )


#: What sticks to the window over what has the focus; half of a large field may be hidden.
COVERED = """() => {
    const here = document.activeElement;
    const bars = ".nav, .answer-bar, .bar-save";
    if (here === document.body || here.closest(`${bars}, .skip, [popover]`)) return [];
    const own = here.getBoundingClientRect();
    const most = here.localName === "textarea" ? own.height / 2 : 1;
    return [...document.querySelectorAll(bars)].filter(bar => {
        if (!bar.checkVisibility({visibilityProperty: true})) return false;
        if (!/fixed|sticky/.test(getComputedStyle(bar).position)) return false;
        const box = bar.getBoundingClientRect();
        return Math.min(own.bottom, box.bottom) - Math.max(own.top, box.top) > most;
    }).map(bar => `${bar.className} over ${here.outerHTML.slice(0, 100)}`);
}"""
#: Pages with a bar that sticks to the window: an answer, and a button that saves.
BARS = {"member": [EVENT, "/account/notifications"], "organizer": ["/events/new"]}


@pytest.mark.parametrize("window", [SMALLEST, pytest.param(ZOOMED, marks=pytest.mark.deep)])
def test_no_bar_covers_what_has_the_focus(visit_as, window):
    covered = []
    for path, page in visited(visit_as, BARS, viewport=window):
        covered += [f"{path}: {line}" for line in covers(page)]
    assert not covered, "\n".join(covered)


def covers(page):
    """What is covered while someone goes through the whole page with the Tab key."""
    found, seen = [], 0
    page.evaluate("document.activeElement.blur()")
    while seen < 150:
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            break
        seen += 1
        found += page.evaluate(COVERED)
    assert seen > 15
    return found


@pytest.mark.deep
def test_control_a_bar_over_the_focus_is_noticed(visit_as):
    page = opened(visit_as, "member", EVENT, viewport=SMALLEST)
    restyle(page, "html { scroll-padding: 0 !important }")
    assert covers(page)
