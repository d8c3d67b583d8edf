"""With forced colours, as in Windows' contrast themes, no background and no shadow is drawn as we
chose it. What is selected, current or focused still looks different, and controls have edges.
"""

import io

import pytest
from PIL import Image, ImageChops

from ..keyboard import SHOWS_FOCUS
from .important import EVENT, GROUP, NEW_VOTE, VOTES, opened, visited
from .test_narrow_and_large import restyle

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("important-pages")]

FEW = {
    "member": [VOTES[1], VOTES[2], "/votes", "/account/profile"],
    "organizer": [NEW_VOTE, f"{GROUP}/manage"],
}
MORE = {
    "visitor": ["/events", "/sign-up"],
    "member": ["/", "/inbox", EVENT, GROUP, f"{GROUP}/conversation", "/account/settings"]
    + ["/account/notifications", *VOTES],
    "organizer": ["/events/new", f"{EVENT}/edit", f"{EVENT}/manage/attendees"]
    + [f"{EVENT}/manage/agenda", f"{EVENT}/manage/tasks"],
    "admin": ["/admin", "/admin/reports", "/admin/settings"],
}
#: Bold letters alone are no mark; bars that stick and menus that scroll would hide some.
STILL = """* { font-weight: 400 !important }
    .nav, .bar-save, .answer-bar { position: static !important }
    .area-nav { position: static !important; max-height: none !important }"""
#: What is in a state: [its name, its box on the page]. The last crumb is no link: it needs no mark.
IN_A_STATE = """() => {
    const states = `input:checked, [aria-pressed=true],
        [aria-current]:not([aria-current=false], .crumbs *)`;
    window.inAState ??= [...document.querySelectorAll(states)].filter(one => {
        const it = one.closest("label") ?? one;
        return it.checkVisibility({visibilityProperty: true}) && it.getBoundingClientRect().width;
    });
    return inAState.map(one => {
        const it = one.closest(".ballot li") ?? one.closest("label") ?? one;
        const {left, top, right, bottom} = it.getBoundingClientRect();
        const box = [left - 4, top + scrollY - 4, right + 4, bottom + scrollY + 16];
        return [one.outerHTML.slice(0, 140), box];
    });
}"""
NO_LONGER = """() => inAState.forEach(one => {
    one.checked = false;
    one.removeAttribute("aria-current");
    one.removeAttribute("aria-pressed");
})"""
#: A mark has at least so many pixels that differ clearly.
MARK, CLEARLY = 30, 60


def unmarked(page):
    """What looks the same whether or not it is selected, current or pressed."""
    restyle(page, STILL)
    before, drawn = page.evaluate(IN_A_STATE), picture(page)
    page.evaluate(NO_LONGER)
    after, redrawn = page.evaluate(IN_A_STATE), picture(page)
    for (name, box), (_name, other) in zip(before, after, strict=True):
        if pixels_that_differ(drawn.crop(box), redrawn.crop(other)) < MARK:
            yield name


def picture(page):
    """The whole page as it is drawn now."""
    return Image.open(io.BytesIO(page.screenshot(full_page=True))).convert("RGB")


def pixels_that_differ(one, other):
    """How many pixels of two pictures differ clearly."""
    if one.size != other.size:
        return MARK
    difference = ImageChops.difference(one, other).convert("L")
    return sum(difference.histogram()[CLEARLY:])


def look_for_marks(visit_as, pages):
    """Every state on these pages is visible."""
    wrong = [
        f"{path}: {name}"
        for path, page in visited(visit_as, pages, forced_colors="active")
        for name in unmarked(page)
    ]
    assert not wrong, "\n".join(wrong)


def test_what_is_selected_or_current_is_marked_with_forced_colors(visit_as):
    look_for_marks(visit_as, FEW)


@pytest.mark.deep
def test_more_pages_mark_what_is_selected_with_forced_colors(visit_as):
    look_for_marks(visit_as, MORE)


@pytest.mark.deep
def test_control_a_choice_without_a_mark_is_noticed(visit_as):
    page = opened(visit_as, "organizer", NEW_VOTE, forced_colors="active")
    restyle(page, ".kinds > [aria-pressed='true'] { border: 1px solid ButtonBorder !important }")
    assert any("kind-single" in name for name in unmarked(page))


#: Controls without an edge, and words or icons that hardly differ from what is behind them.
FAINT = """() => {
    const canvas = document.createElement("canvas"), known = {};
    const pen = canvas.getContext("2d", {willReadFrequently: true});
    const rgba = color => known[color] ??= (() => {
        pen.clearRect(0, 0, 1, 1);
        pen.fillStyle = color;
        pen.fillRect(0, 0, 1, 1);
        return [...pen.getImageData(0, 0, 1, 1).data];
    })();
    const light = color => {
        const [r, g, b] = rgba(color).map(it => it / 255)
            .map(it => it <= .04045 ? it / 12.92 : ((it + .055) / 1.055) ** 2.4);
        return .2126 * r + .7152 * g + .0722 * b;
    };
    const ratio = (one, other) => {
        const [low, high] = [light(one), light(other)].sort((a, b) => a - b);
        return (high + .05) / (low + .05);
    };
    const behind = one => {
        for (let it = one; it; it = it.parentElement) {
            const color = getComputedStyle(it).backgroundColor;
            if (rgba(color)[3] > 200) return color;
        }
        return "Canvas";
    };
    const found = [], named = one => one.outerHTML.slice(0, 120);
    const isSeen = one => one.checkVisibility({visibilityProperty: true, opacityProperty: true})
        && !one.closest(".sr, :disabled, [aria-disabled=true]");
    const controls = ".btn, input, select, textarea, button, a, summary, label";
    for (const one of [...document.querySelectorAll(controls)].filter(isSeen)) {
        const {color, borderTopStyle, borderTopWidth, borderTopColor} = getComputedStyle(one);
        if (ratio(color, behind(one)) < 4.5) found.push(`faint words: ${named(one)}`);
        const hasEdge = borderTopStyle !== "none" && parseFloat(borderTopWidth) >= 1
            && ratio(borderTopColor, behind(one.parentElement)) >= 3;
        if (one.matches(".btn") && !hasEdge) found.push(`no edge: ${named(one)}`);
    }
    for (const one of [...document.querySelectorAll("svg.icon")].filter(isSeen)) {
        const {fill, stroke} = getComputedStyle(one), back = behind(one.parentElement);
        if (![fill, stroke].some(color => color !== "none" && ratio(color, back) >= 3))
            found.push(`faint icon: ${named(one.parentElement)}`);
    }
    return found;
}"""


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_controls_have_edges_and_icons_with_forced_colors(visit_as, theme):
    pages = {"visitor": ["/sign-up"], "member": [EVENT, VOTES[1]], "organizer": [f"{GROUP}/manage"]}
    looks = {"forced_colors": "active", "color_scheme": theme}
    wrong = [
        f"{path}: {line}"
        for path, page in visited(visit_as, pages, **looks)
        for line in page.evaluate(FAINT)
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.deep
@pytest.mark.parametrize(
    "fault",
    [
        ".btn { border: 0 !important }",
        ".icon { forced-color-adjust: none; color: ButtonFace; stroke: ButtonFace }",
    ],
)
def test_control_a_button_without_edge_or_icon_is_noticed(visit_as, fault):
    page = opened(visit_as, "member", EVENT, forced_colors="active")
    restyle(page, fault)
    assert page.evaluate(FAINT)


def test_the_focus_is_visible_with_forced_colors(visit_as):
    pages = {"organizer": [NEW_VOTE, f"{GROUP}/manage"]}
    for path, page in visited(visit_as, pages, forced_colors="active"):
        for _step in range(30):
            page.keyboard.press("Tab")
            assert page.evaluate(SHOWS_FOCUS), path + page.evaluate(
                "document.activeElement.outerHTML"
            )


def test_a_bar_of_progress_is_visible_with_forced_colors(visit_as):
    page = opened(visit_as, "member", "/account", forced_colors="active")
    page.evaluate("document.querySelector('main').innerHTML = '<progress max=9></progress>'")
    bar, pictures = page.locator("progress"), []
    for value in (0, 6):
        bar.evaluate("(it, value) => { it.value = value; }", value)
        pictures.append(Image.open(io.BytesIO(bar.screenshot())).convert("RGB"))
    assert pixels_that_differ(*pictures) >= MARK
