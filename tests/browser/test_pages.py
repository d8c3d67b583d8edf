"""Every page, for everyone who may see it: no complaint of the browser, of axe or about the HTML; narrow and light."""

import json

import pytest
from playwright.sync_api import expect

from webapp import create_app

from . import demo, doors, servers, steps
from .crawl import NO_PAGES, Crawl
from .markup import problems

pytestmark = pytest.mark.browser

AXE = (servers.ROOT / "tests" / "browser" / "vendor" / "axe.min.js").read_text()
ROLES = ["visitor", "member", "organizer", "admin"]
WIDTHS = [320, 390]
#: What a browser of ours keeps: whom it is signed in as.
COOKIES = {"folkmoot", "__Host-folkmoot"}
#: Routes that no crawl comes to, each with its reason.
NOT_REACHED: dict[str, str] = {}


@pytest.fixture(scope="module")
def community(tmp_path_factory):
    """The demo's people, groups, events and votes on a small site of their own, which lets people in one by one; one mail."""
    with servers.small(tmp_path_factory.mktemp("demo"), SIGN_UP="approval") as site:
        community = demo.seeded(site)
        site.flask("send-test-mail", "somebody@example.org")
        site.mailbox.await_mail("somebody@example.org", containing="")
        yield community


@pytest.fixture(scope="module")
def urls(tmp_path_factory):
    """The map of all routes."""
    return create_app(INSTANCE=str(tmp_path_factory.mktemp("urls")), REDIS_URL="", MAIL_SERVER="").url_map


@pytest.fixture(scope="module")
def reached():
    """The routes that the crawl of each role came to."""
    return {}


@pytest.fixture(scope="module")
def signed_in():
    """The cookies of each role that has signed in: nobody does so twice, for the sixth time in a minute is refused."""
    return {}


@pytest.fixture
def visit_as(people, community, signed_in):
    """Somebody of this role at the demo's site, signed in unless a visitor."""

    def enter(role, **options):
        handle = community.handles.get(role, "")
        person = people(community.site, role.title(), handle=handle, reduced_motion="reduce", **options)
        if role in signed_in:
            person.context.add_cookies(signed_in[role])
        elif handle:
            steps.sign_in(person, password=community.password)
            signed_in[role] = person.context.cookies()
        return person

    return enter


@pytest.fixture
def first(people, community, visit_as):
    """Where somebody of this role begins; what mails and earlier acts lead to has happened."""

    def prepare(role, person):
        newcomer = people(community.site, "Nadia Haddad")
        if role == "visitor":
            waiting = people(community.site, "Amal Said")
            return doors.FIRST[role] + doors.for_visitors(person, newcomer, waiting, visit_as("organizer"), community)
        if role == "organizer":
            return doors.FIRST[role] + doors.for_organizers(person)
        if role == "admin":
            doors.wait_to_be_let_in(newcomer)
        return doors.FIRST[role]

    return prepare


@pytest.mark.parametrize("role", ROLES)
def test_nothing_is_wrong_with_any_page(role, visit_as, first, urls, reached):
    person = visit_as(role)
    crawl = Crawl(person, urls)
    wrong = []

    for path in crawl.paths(*first(role, person)):
        found = list(complaints(person, path))
        wrong += [f"{role} {path}: {line}" for line in found]

    reached[role] = set(crawl.found)
    assert not wrong, "\n".join(wrong)


def complaints(person, path):
    """What the browser, the HTML, axe and a narrow window say about a page."""
    person.complaints.clear()
    answer = person.page.goto(path)
    person.wait_for_scripts()
    if answer.status != 200 and "no-such" not in path:
        yield f"status {answer.status}"
    yield from (line for line in person.complaints if answer.status == 200 or "Failed to load resource" not in line)
    yield from (f"cookie {name}" for name in cookies_beyond(person))
    yield from problems(answer.text())
    yield from axe(person.page)
    yield from sideways(person.page)


def cookies_beyond(person):
    """The names of cookies that are not ours, or that a script could read: there is one that says who is signed in."""
    return [one["name"] for one in person.context.cookies() if one["name"] not in COOKIES or not one["httpOnly"]]


def test_control_what_comes_from_elsewhere_and_other_cookies_are_noticed(visit_as):
    person = visit_as("visitor")
    person.context.route("https://elsewhere.example/**", lambda route: route.abort())
    person.visit("/")
    assert not person.complaints

    with person.page.expect_event("request", lambda asked: "elsewhere" in asked.url):
        person.page.evaluate("() => { const it = new Image(); it.src = 'https://elsewhere.example/dot.gif'; }")
    person.context.add_cookies([{"name": "counter", "value": "1", "url": person.site.url}])

    assert any("elsewhere.example" in line for line in person.complaints)
    assert cookies_beyond(person) == ["counter"]


def axe(page):
    """What axe says, in light and, about colours alone, in dark."""
    page.evaluate(AXE)
    yield from findings(page, {"resultTypes": ["violations"]})
    page.emulate_media(color_scheme="dark")
    yield from findings(page, {"resultTypes": ["violations"], "runOnly": ["color-contrast"]})
    page.emulate_media(color_scheme="light")


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


def test_every_route_was_looked_at_or_says_why_not(urls, reached):
    if set(reached) != set(ROLES):
        pytest.skip("only after all crawls")
    pages = {rule.endpoint for rule in urls.iter_rules() if "GET" in rule.methods and not NO_PAGES.search(rule.endpoint)}

    missed = pages - set.union(*reached.values())

    assert not missed - set(NOT_REACHED), " ".join(sorted(missed - set(NOT_REACHED)))
    assert not set(NOT_REACHED) - missed, "they are reached now"


MAIN = [("visitor", ""), ("visitor", "events"), ("visitor", "groups"), ("member", ""), ("member", "votes"), ("member", "inbox")]


@pytest.mark.parametrize(("role", "section"), MAIN)
def test_a_first_visit_is_light(role, section, visit_as):
    person = visit_as(role)
    cookies = person.context.cookies()
    person.context.close()
    fresh = visit_as("visitor")
    fresh.context.add_cookies(cookies)

    for path in [f"/{section}", first_of(fresh, section)]:
        weight, requests = loaded(fresh, path)
        assert weight <= 60_000, f"{path} weighs {weight} bytes: {json.dumps(requests, indent=1)}"
        own = {url for url in requests if "/picture/" not in url}  # pictures that people chose come one by one
        assert len(own) <= 8, f"{path}: {json.dumps(requests, indent=1)}"


def first_of(person, section):
    """The path of the first thing in a list, or of the list itself."""
    if section not in ("events", "groups", "votes"):
        return f"/{section}"
    person.visit(f"/{section}")
    links = person.page.get_by_role("main").locator(f"article a[href^='/{section}/'], li a[href^='/{section}/']")
    return links.first.get_attribute("href")


def loaded(person, path):
    """(bytes over the wire, {address: bytes}) of a visit with an empty cache; the open stream does not count."""
    page = person.context.new_page()
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    names, sizes = {}, {}
    session.on("Network.requestWillBeSent", lambda event: names.update({event["requestId"]: event["request"]["url"]}))
    session.on("Network.loadingFinished", lambda event: sizes.update({event["requestId"]: event["encodedDataLength"]}))
    page.goto(path, wait_until="load")
    expect(page.get_by_role("main")).to_be_visible()
    page.close()
    urls = {names[number]: int(size) for number, size in sizes.items() if number in names and "/live" not in names[number]}
    return sum(urls.values()), urls


@pytest.mark.parametrize(
    ("role", "path"), [("visitor", "/"), ("visitor", "/sign-in"), ("member", "/"), ("member", "/events/new")]
)
def test_by_keyboard_one_sees_where_one_is_and_can_skip_to_the_content(role, path, visit_as):
    person = visit_as(role)
    person.visit(path)
    page = person.page
    if page.evaluate("document.activeElement !== document.body"):
        page.evaluate("document.activeElement.blur()")

    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    for _step in range(25):
        assert page.evaluate(SHOWS_FOCUS), page.evaluate("document.activeElement.outerHTML")
        page.keyboard.press("Tab")

    page.get_by_role("link", name="Skip to content").press("Enter")
    expect(page.get_by_role("main")).to_be_focused()


SHOWS_FOCUS = """() => {
    const here = document.activeElement;
    if (here === document.body) return true;
    const outlined = one => {
        const {outlineStyle, outlineWidth} = getComputedStyle(one);
        return outlineStyle !== "none" && parseFloat(outlineWidth) > 1;
    };
    return outlined(here) || (here.closest("label") && outlined(here.closest("label")));
}"""
