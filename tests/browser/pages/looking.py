"""What is wrong with a page: what the browser, the HTML, axe and a narrow window say about it."""

from urllib.parse import urlsplit

from bs4 import BeautifulSoup

from .. import servers
from ..crawl import Crawl
from ..markup import problems
from .reach import kinds_in

AXE = (servers.ROOT / "tests" / "browser" / "vendor" / "axe.min.js").read_text()
WIDTHS = [320, 390]
#: What a browser of ours keeps: whom it is signed in as.
COOKIES = {"folkmoot", "__Host-folkmoot"}


def look_at_everything(role, visit_as, first, urls, reached):
    """Nothing is wrong with any page that someone of this role comes to, drawn in light and
    dark.
    """
    person = visit_as(role)
    crawl, wrong = Crawl(person, urls), []
    person.context.add_init_script(AXE)

    for path in crawl.paths(*first(role, person)):
        wrong += [f"{role} {path}: {line}" for line in complaints(person, path)]
        crawl.follow(path, links_in(parsed(person.page.content())))

    settle(role, wrong, crawl, reached, urls)


def look_at_what_is_new(role, visit_as, first, urls, reached):
    """Nothing is wrong with the HTML of a page of each route, nor, when drawn, with any kind of
    element.

    The HTML is checked for the role that comes to the route first (of pages that differ by role,
    for each role). When the crawl has ended the browser draws as few of its pages as hold all kinds
    that no role has drawn; axe looks at the colours of what no role has worn.
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
    """Nothing was wrong; the last role says which route nobody came to."""
    assert not wrong, "\n".join(wrong)
    reached.note(role, set(crawl.found))
    missing = sorted(reached.missing(urls))
    assert not missing, f"no crawl of any role comes to these routes: {' '.join(missing)}"


def parsed(html):
    """The page's elements."""
    return BeautifulSoup(html, "html.parser")


def links_in(page):
    """Where the links of a page lead."""
    return [link["href"] for link in page.find_all("a", href=True)]


def glance(person, path, checks_html):
    """What is wrong with the answer, and its elements; no browser draws it."""
    answer = person.context.request.get(path)
    html = answer.text()
    is_well = answer.status == 200 or "no-such" in path
    found = [] if is_well else [f"status {answer.status}"]
    return found + (problems(html) if checks_html else []), parsed(html)


def complaints(person, path, take=None):
    """What the browser, the HTML, axe and a narrow window say about a page.

    `take` says of a tag or class whether it is new: axe then judges the colours of such elements
    alone, which is most of its work. Colours come from nowhere else.
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
    """The names of cookies that are not ours, or that a script could read: there is one that
    says who is signed in.
    """
    return [
        one["name"]
        for one in person.context.cookies()
        if one["name"] not in COOKIES or not one["httpOnly"]
    ]


def new_selectors(page, take):
    """What matches the elements of the page whose tag or one of whose classes is new; none is
    afterwards.
    """
    return [
        selector for selector in sorted(page.evaluate(SELECTORS)) if take(f"coloured {selector}")
    ]


SELECTORS = """() => [...new Set([...document.body.querySelectorAll("*")].flatMap(
    one => [one.localName, ...one.classList].map((name, place) => (place ? "." : "") + CSS.escape(name))))]"""  # noqa: E501


def axe(page, coloured=None):
    """What axe says, in light and, about colours alone, in dark; about the colours of what
    matches `coloured`, else of all.
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


#: What is on its way is half transparent for a moment: no colour to judge by.
AT_REST = """() => !document.querySelector(".htmx-request, .htmx-swapping, .htmx-settling, [aria-busy=true]")
    && document.getAnimations().every(one => one.playState != "running" || one.effect.getTiming().iterations == Infinity)"""  # noqa: E501


def findings(page, options, selectors=None):
    """Each rule that is broken, with the first places; of the whole page, or of what matches a
    selector.
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
