"""What is wrong with a page: what the browser, the HTML, axe and a narrow window say about it."""

from urllib.parse import urlsplit

from bs4 import BeautifulSoup, SoupStrainer

from .. import servers
from ..crawl import Crawl
from ..markup import problems

AXE = (servers.ROOT / "tests" / "browser" / "vendor" / "axe.min.js").read_text()
WIDTHS = [320, 390]
#: What a browser of ours keeps: whom it is signed in as.
COOKIES = {"folkmoot", "__Host-folkmoot"}


def look_at_everything(role, visit_as, first, urls, reached, at_each=False):
    """Nothing is wrong with any page that somebody of this role comes to; the last role says which route nobody came to.

    `at_each` route, the HTML of one page is checked, for the role that comes to it first (of pages that differ by role, for
    each role). The browser draws those that hold an element like none drawn before; in the dark where a class is new.
    """
    person = visit_as(role)
    crawl = Crawl(person, urls)
    wrong, own, worn = [], set(), set() if at_each else None
    person.context.add_init_script(AXE)

    for path in crawl.paths(*first(role, person)):
        route = crawl.endpoint(urlsplit(path).path)
        is_next = route not in own if crawl.differs(path) else reached.take(route)
        own.add(route)
        found, html = glance(person, path, is_next) if at_each else ([], "")
        if not at_each or reached.holds_something_new(html):
            found = list(complaints(person, path, worn))
            html = person.page.content()
        wrong += [f"{role} {path}: {line}" for line in found]
        crawl.follow(path, links_in(html))

    assert not wrong, "\n".join(wrong)
    reached.note(role, set(crawl.found))
    missing = sorted(reached.missing(urls))
    assert not missing, f"no crawl of any role comes to these routes: {' '.join(missing)}"


def links_in(html):
    """Where the links of a page lead."""
    return [link["href"] for link in BeautifulSoup(html, "html.parser", parse_only=SoupStrainer("a", href=True)).find_all("a")]


def glance(person, path, checks_html):
    """What is wrong with the answer, and its HTML; no browser draws it."""
    answer = person.context.request.get(path)
    is_well = answer.status == 200 or "no-such" in path
    found = [] if is_well else [f"status {answer.status}"]
    return found + (problems(answer.text()) if checks_html else []), answer.text()


def complaints(person, path, worn=None):
    """What the browser, the HTML, axe and a narrow window say about a page; it wears these classes from now on."""
    person.complaints.clear()
    answer = person.page.goto(path)
    person.wait_for_scripts()
    if answer.status != 200 and "no-such" not in path:
        yield f"status {answer.status}"
    yield from (line for line in person.complaints if answer.status == 200 or "Failed to load resource" not in line)
    yield from (f"cookie {name}" for name in cookies_beyond(person))
    yield from problems(answer.text())
    yield from axe(person.page, in_dark=worn is None or wears_new(person.page, worn))
    yield from sideways(person.page)


def cookies_beyond(person):
    """The names of cookies that are not ours, or that a script could read: there is one that says who is signed in."""
    return [one["name"] for one in person.context.cookies() if one["name"] not in COOKIES or not one["httpOnly"]]


def wears_new(page, worn):
    """Whether the page has a class that is not among these; all of its are, then. Colours come from nowhere else."""
    classes = set(page.evaluate("[...document.querySelectorAll('[class]')].flatMap(one => [...one.classList])"))
    is_new = not classes <= worn
    worn |= classes
    return is_new


def axe(page, in_dark=True):
    """What axe says, in light and, about colours alone, in dark."""
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(AXE)
    page.wait_for_function(AT_REST)
    yield from findings(page, {"resultTypes": ["violations"]})
    if not in_dark:
        return
    page.emulate_media(color_scheme="dark")
    yield from findings(page, {"resultTypes": ["violations"], "runOnly": ["color-contrast"]})
    page.emulate_media(color_scheme="light")


#: What is on its way is half transparent for a moment: no colour to judge by.
AT_REST = """() => !document.querySelector(".htmx-request, .htmx-swapping, .htmx-settling, [aria-busy=true]")
    && document.getAnimations().every(one => one.playState != "running" || one.effect.getTiming().iterations == Infinity)"""


def findings(page, options):
    """Each rule that is broken, with the first places."""
    result = page.evaluate("options => axe.run(document, options)", options)
    for rule in result["violations"]:
        places = "; ".join(node["html"][:160] for node in rule["nodes"][:3])
        yield f"axe {rule['id']}: {rule['help']}: {places}"


def sideways(page):
    """Whether a narrow window must be scrolled sideways, and what sticks out."""
    usual = page.viewport_size
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        if page.evaluate("document.documentElement.scrollWidth") > width:
            yield f"scrolls sideways at {width} px: {page.evaluate(STICKS_OUT)}"
    page.set_viewport_size(usual)


STICKS_OUT = """[...document.querySelectorAll("body *")]
    .filter(one => one.getBoundingClientRect().right > innerWidth + 1)
    .slice(0, 3).map(one => one.outerHTML.slice(0, 120)).join(" ")"""
