"""What someone presses while the page refreshes itself: the action comes first, on live pages."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from . import forms, steps
from .test_helping import called, card, plan, press

pytestmark = [pytest.mark.browser, pytest.mark.small]

#: Lets refreshes load and appear whenever they like.
NOT_WAITING = """document.addEventListener("htmx:before:request", ({detail: {ctx}}) => {
  const plain = ctx.fetch;
  Object.defineProperty(ctx, "fetch", {get: () => plain, set() {}});
}, true);"""


#: What is refreshed beside the header, which also loads by itself.
PLACES = re.compile("/(events|votes|groups)/")


def is_refresh(request):
    """Whether a part of the page makes this request by itself."""
    headers = request.headers
    if not PLACES.search(request.url):
        return False
    is_asked = headers.get("hx-source", "").startswith(("form", "button", "a#"))
    return headers.get("hx-request") == "true" and request.method == "GET" and not is_asked


class Held:
    """Requests of a page that wait until they are let go."""

    def __init__(self, person, which):
        self.page, self.which, self.routes = person.page, which, []
        self.page.route(PLACES, self._handle)

    def _handle(self, route):
        if self.which(route.request):
            self.routes.append(route)
        else:
            route.continue_()

    def let_go(self):
        """Send them, and hold no others."""
        self.which = lambda request: False
        for route in self.routes:
            route.continue_()
        self.page.unroute_all(behavior="wait")


def press_during_a_refresh(person, button, change, is_patient=True):
    """Press the button before a refresh that `change` caused has loaded, and release it after."""
    held, mouse = Held(person, is_refresh), person.page.mouse
    with person.page.expect_request(is_refresh):
        change()
    box = button.bounding_box()
    mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    mouse.down()
    with person.page.expect_response(lambda answer: is_refresh(answer.request)):
        held.let_go()
    begun = []
    person.page.on("request", lambda request: is_refresh(request) and begun.append(request.url))
    person.page.evaluate("() => new Promise(done => setTimeout(done))")
    assert not begun or not is_patient, "it isn't loaded again while the button is held down"


@pytest.fixture
def evening(site, group_of):
    """Ana, who hosts an event in an hour with two tasks, Ben, who attends and took one, the group's
    path and the event's.
    """
    ana, ben, group = group_of(site, True, "Eel counters")
    starts = datetime.now(UTC) + timedelta(hours=1)
    times = {"starts": steps.wall(starts), "ends": steps.wall(starts + timedelta(hours=2))}
    slug = group.rpartition("/")[2]
    event = forms.send(
        ana, f"/events/new?group={slug}", "Publish", title="Eel count", zone="UTC", **times
    )
    for title in ("Bring lamps", "Bring nets"):
        forms.send(ana, f"{event}/manage/tasks", "Add task", title=title)
    forms.send(ben, event, answer="going")
    ben.visit(f"{event}/help")
    press(ben, "Take task", "Bring lamps")
    expect(ben.page.get_by_role("button", name=called("Start", "Bring lamps"))).to_be_visible()
    return ana, ben, group, event


def test_what_is_pressed_during_a_refresh_is_done_on_every_live_page(evening):
    ana, ben, group, event = evening

    ana.visit(f"{event}/manage/tasks")
    start = ana.page.get_by_role("button", name=called("Start", "Bring nets"))
    press_during_a_refresh(ana, start, lambda: press(ben, "Start", "Bring lamps"))
    ana.page.mouse.up()
    expect(card(ana, "Bring nets", "Doing")).to_be_visible()
    expect(card(ana, "Bring lamps", "Doing")).to_be_visible()

    ben.visit("/inbox")  # he will lose access to the tasks
    ana.visit(event)
    ana.page.get_by_role("radiogroup", name="Your answer").get_by_label("Going", exact=True).check()
    send = ana.page.locator("#rsvp-send")
    press_during_a_refresh(ana, send, lambda: forms.send(ben, event, answer="maybe"))
    ana.page.mouse.up()
    expect(steps.status(ana, "You’re going")).to_be_visible()

    forms.send(ben, event, body="Take the path by the weir.")
    ana.visit(event)
    post = ana.page.locator("article", has_text="by the weir")
    post.get_by_role("button", name="React").click()
    agree = post.get_by_role("button", name="Agree")
    press_during_a_refresh(ana, agree, lambda: forms.send(ben, event, body="And a lamp."))
    ana.page.mouse.up()
    expect(agree.and_(post.locator("[aria-pressed=true]"))).to_be_visible()
    expect(ana.page.get_by_text("And a lamp.")).to_be_visible()

    ana.visit(f"{event}/manage/check-in")
    ana.page.get_by_label("Name", exact=True).fill("souza")
    found = ana.page.locator("#check-in-found")
    check_in = found.get_by_role("button", name=re.compile("^Check in"))
    expect(check_in).to_be_visible()
    press_during_a_refresh(ana, check_in, lambda: forms.send(ben, event, answer="going"))
    ana.page.mouse.up()
    expect(ana.page.get_by_role("status").get_by_text("Ana Souza is checked in")).to_be_visible()

    vote = steps.open_vote(ana, group, "Which boat?", ("The old one", "The new one"))
    ballot = ana.page.get_by_role("region", name="Your ballot")
    ballot.get_by_role("radio", name="The old one").check()
    cast = ballot.get_by_role("button", name="Cast ballot")
    press_during_a_refresh(ana, cast, lambda: steps.cast(ben, vote, "The new one"))
    ana.page.mouse.up()
    expect(ballot.get_by_role("heading", name="You’ve voted")).to_be_visible()
    steps.see_result(ana, "The new one", 1, 50)
    assert [person.complaints for person in (ana, ben)] == [[], []]


def test_control_a_refresh_that_does_not_wait_takes_the_button_away(evening):
    ana, ben, _group, event = evening
    posts = []
    ana.context.add_init_script(NOT_WAITING)
    ana.page.on("request", lambda request: request.method == "POST" and posts.append(request.url))
    ana.visit(f"{event}/manage/tasks")
    start = ana.page.get_by_role("button", name=called("Start", "Bring nets"))

    press_during_a_refresh(ana, start, lambda: press(ben, "Start", "Bring lamps"), is_patient=False)
    expect(card(ana, "Bring lamps", "Doing")).to_be_visible()
    ana.page.mouse.up()

    expect(card(ana, "Bring nets", "To do")).to_be_visible()
    assert posts == []


def test_a_reply_sent_slowly_amid_others_appears_once(evening):
    ana, ben, _group, event = evening
    ana.visit(event)
    ana.page.get_by_label("Your comment").fill("I bring the lamp.")
    held = Held(ana, lambda request: request.method == "POST")

    with ana.page.expect_request(lambda request: request.method == "POST"):
        ana.page.get_by_role("button", name="Post", exact=True).click()
    with ana.page.expect_event("console", lambda message: message.text == "waits"):
        ana.page.evaluate("""addEventListener("htmx:before:request", ({detail: {ctx}}) =>
            ctx.sourceElement.id === "newer" && console.log("waits"))""")
        forms.send(ben, event, body="Take the path by the weir.")
    held.let_go()

    posts = ana.page.locator("article")
    expect(posts.filter(has_text="I bring the lamp.")).to_have_count(1)
    forms.send(ben, event, body="Bring tea, too.")
    expect(posts.filter(has_text="Bring tea")).to_have_count(1)
    expect(posts.filter(has_text="I bring the lamp.")).to_have_count(1)
    expect(posts.filter(has_text="by the weir")).to_have_count(1)
    assert ana.complaints == []


def test_a_button_pressed_while_another_is_being_sent_is_sent_next(evening):
    ana, _ben, _group, event = evening
    plan(ana, event, "Cook soup")
    ana.visit(f"{event}/manage/tasks")
    held = Held(ana, lambda request: request.method == "POST")

    with ana.page.expect_request(lambda request: request.method == "POST"):
        ana.page.get_by_role("button", name="Move down: Bring nets").press("Enter")
    ana.page.get_by_role("button", name=called("Start", "Bring nets")).press("Enter")
    held.let_go()

    expect(card(ana, "Bring nets", "Doing")).to_be_visible()
    assert ana.complaints == []
