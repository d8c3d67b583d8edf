"""Problems of pages, as found by the browser, the HTML, axe and a narrow window."""

from urllib.parse import urlsplit

from bs4 import BeautifulSoup

from .. import servers
from ..crawl import Crawl
from ..markup import problems
from .reach import kinds_in

AXE = (servers.ROOT / "tests" / "browser" / "vendor" / "axe.min.js").read_text()
WIDTHS = [320, 390]
#: The only cookies that a browser may have: who is signed in.
COOKIES = {"folkmoot", "__Host-folkmoot"}


def look_at_everything(role, visit_as, first, urls, reached):
    """Check every page that someone of this role finds, in light and dark mode."""
    person = visit_as(role)
    crawl, wrong = Crawl(person, urls), []
    person.context.add_init_script(AXE)

    for path in crawl.paths(*first(role, person)):
        wrong += [f"{role} {path}: {line}" for line in complaints(person, path)]
        crawl.follow(path, links_in(parsed(person.page.content())))

    settle(role, wrong, crawl, reached, urls)


def look_at_what_is_new(role, visit_as, first, urls, reached):
    """Check the HTML of one page of each route, and render each kind of element once.

    The HTML is checked for the first role that reaches the route (for each role, if pages differ by
    role). After the crawl, the browser renders as few pages as contain all kinds of elements that
    no role has rendered yet. axe checks the colours of elements that no role has shown.
    """
    person = visit_as(role)
    crawl, wrong, own, kinds = Crawl(person, urls), [], set(), {}

    for path in crawl.paths(*first(role, person)):
        route = crawl.endpoint(urlsplit(path).path)
        is_next = route not in own if crawl.differs(path) else reached.take(route)
        own.add(route)
        found, page = glance(person, path, is_next)
        wrong += [f"{role} {path}: {line}" for line in found]
        kinds[path] = kinds_in(page)
        crawl.follow(path, links_in(page))

    person.context.add_init_script(AXE)
    for path in reached.fewest(kinds):
        wrong += [f"{role} {path}: {line}" for line in complaints(person, path, reached.take)]

    settle(role, wrong, crawl, reached, urls)


def settle(role, wrong, crawl, reached, urls):
    """Fail if there were problems; with the last role, also if no role has reached a route."""
    assert not wrong, "\n".join(wrong)
    reached.note(role, set(crawl.found))
    missing = sorted(reached.missing(urls))
    assert not missing, f"no crawl of any role comes to these routes: {' '.join(missing)}"


def parsed(html):
    """Parse the page."""
    return BeautifulSoup(html, "html.parser")


def links_in(page):
    """Return the targets of the page's links."""
    return [link["href"] for link in page.find_all("a", href=True)]


def glance(person, path, checks_html):
    """Request a page without rendering it; return its problems and its parsed HTML."""
    answer = person.context.request.get(path)
    html = answer.text()
    is_well = answer.status == 200 or "no-such" in path
    found = [] if is_well else [f"status {answer.status}"]
    return found + (problems(html) if checks_html else []), parsed(html)


def complaints(person, path, take=None):
    """Yield the problems that the browser, the HTML, axe and a narrow window find on a page.

    `take` says whether a tag or class is new. axe then checks colours only of elements with new
    ones, because colours are most of its work and depend only on tags and classes.
    """
    person.complaints.clear()
    answer = person.page.goto(path)
    if answer.status != 200 and "no-such" not in path:
        yield f"status {answer.status}"
    yield from (
        line
        for line in person.complaints
        if answer.status == 200 or "Failed to load resource" not in line
    )
    yield from (f"cookie {name}" for name in cookies_beyond(person))
    yield from problems(answer.text())
    yield from axe(person.page, coloured=None if take is None else new_selectors(person.page, take))
    yield from sideways(person.page)


def cookies_beyond(person):
    """Return the names of unexpected cookies, and of cookies that scripts can read."""
    return [
        one["name"]
        for one in person.context.cookies()
        if one["name"] not in COOKIES or not one["httpOnly"]
    ]


def new_selectors(page, take):
    """Return selectors of the page's new tags and classes, and mark these as seen."""
    return [
        selector for selector in sorted(page.evaluate(SELECTORS)) if take(f"coloured {selector}")
    ]


SELECTORS = """() => [...new Set([...document.body.querySelectorAll("*")].flatMap(
    one => [one.localName, ...one.classList].map((name, place) => (place ? "." : "") + CSS.escape(name))))]"""  # noqa: E501


def axe(page, coloured=None):
    """Yield axe's findings: all rules in light mode, colours also in dark mode.

    Colours are checked only for elements that match `coloured`, or for all if that is None.
    """
    page.wait_for_load_state()
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(AXE)
    page.wait_for_function(AT_REST)
    yield from findings(page, {"rules": {"color-contrast": {"enabled": coloured is None}}})
    if coloured == []:
        return
    colours = {"runOnly": ["color-contrast"]}
    if coloured is not None:
        yield from findings(page, colours, coloured)
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(AT_REST)
    yield from findings(page, colours, coloured)
    page.emulate_media(color_scheme="light")


#: During transitions elements are half transparent, so their colours can't be judged.
AT_REST = """() => !document.querySelector(".htmx-request, .htmx-swapping, .htmx-settling, [aria-busy=true]")
    && document.getAnimations().every(one => one.playState != "running" || one.effect.getTiming().iterations == Infinity)"""  # noqa: E501


def findings(page, options, selectors=None):
    """Yield each broken rule with its first elements, in the page or in what matches the
    selectors.
    """
    options = options | {"resultTypes": ["violations"]}
    within = {"include": [[selector] for selector in selectors]} if selectors else None
    result = page.evaluate(
        "([within, options]) => axe.run(within || document, options)", [within, options]
    )
    for rule in result["violations"]:
        places = "; ".join(node["html"][:160] for node in rule["nodes"][:3])
        yield f"axe {rule['id']}: {rule['help']}: {places}"


def sideways(page):
    """Yield the widths at which the page scrolls sideways, with the elements that stick out."""
    usual = page.viewport_size
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        if page.evaluate("document.documentElement.scrollWidth") > width:
            yield f"scrolls sideways at {width} px: {page.evaluate(STICKS_OUT)}"
    page.set_viewport_size(usual)


STICKS_OUT = """[...document.querySelectorAll("body *")]
    .filter(one => one.getBoundingClientRect().right > innerWidth + 1)
    .slice(0, 3).map(one => one.outerHTML.slice(0, 120)).join(" ")"""
