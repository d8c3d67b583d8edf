"""Someone who has a keyboard and no mouse."""

from playwright.sync_api import Locator

from .people import Person

#: Whether what has the focus, or the label around it, has a ring around it.
SHOWS_FOCUS = """() => {
    const here = document.activeElement;
    if (here === document.body) return true;
    const outlined = one => {
        const {outlineStyle, outlineWidth} = getComputedStyle(one);
        return outlineStyle !== "none" && parseFloat(outlineWidth) > 1;
    };
    return outlined(here) || (here.closest("label") && outlined(here.closest("label")));
}"""
#: More than any page has.
MOST = 120


def tab_to(person: Person, wanted: Locator) -> None:
    """The Tab key has led them there; the focus was visible all the way."""
    page = person.page
    for _step in range(MOST):
        page.keyboard.press("Tab")
        assert page.evaluate(SHOWS_FOCUS), page.evaluate("document.activeElement.outerHTML")
        if has_focus(wanted):
            return
    raise AssertionError(f"the Tab key does not lead to {wanted}")


def press_at(person: Person, wanted: Locator, key: str = "Enter") -> None:
    """They have gone there with the Tab key, and pressed this key."""
    tab_to(person, wanted)
    person.page.keyboard.press(key)


def has_focus(wanted: Locator) -> bool:
    """Whether this element has the focus."""
    return bool(wanted.evaluate("it => it === document.activeElement"))
