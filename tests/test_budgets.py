"""The cost of requests: function calls and statements of every page and of the most frequent forms.
Unlike times, both are exact on any machine; calls are counted with SQLite.

`tests/budgets.txt` has the counts. Statements are strict. Calls may differ by a fifth: they only
hint at time, as code can halve them and cost the same. What a change costs is measured beside the
commit before, by `make bench ARGS="--against …"`.
"""

import gc
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import factories, sample_site, snapshots
from tests.test_every_form import Sender, place, rules  # noqa: F401 -- place is a fixture
from tests.test_matrix import EXPECTED
from webapp.accounts.models import User
from webapp.core.extensions import db

pytestmark = pytest.mark.any_database

BUDGETS = Path(__file__).with_name("budgets.txt")
#: The first of these who may open a page opens it.
ROLES = ("member", "organizer", "owner", "admin", "stranger", "visitor")
#: PostgreSQL's clock is read there; SQLite has none.
READ_THE_CLOCK = {
    "GET /admin/queue",
    "GET /votes/<slug>/cancellation",
    "GET /votes/<slug>/edit",
    "POST /votes/<slug>/ballot",
}
#: Calls may differ by this share.
SLACK = 0.2
WRITE = "WRITE_BUDGETS=1 make quick ARGS=tests/test_budgets.py"
#: What to do, by what has changed.
FEWER = f"Keep that: {WRITE}"
MORE_CALLS = f"""\
Cost less, or measure it (make bench ARGS="--against main --rows …"), say in the commit what users \
get for it, and {WRITE}"""
MORE_STATEMENTS = f"Ask less, or say in the commit what users get for it, and {WRITE}"
#: The most frequent forms, with values for their fields.
WRITES: dict[str, dict[str, str]] = {
    "/events/<slug>/rsvp": {},
    "/votes/<slug>/ballot": {},
    "/groups/<slug>/conversation": {"title": "Saturday", "body": "Who has a trailer?"},
    "/groups/<slug>/conversation/<uuid:thread_id>/replies": {"body": "I have one."},
    "/events/<slug>/comments/replies": {"body": "Is there parking?"},
    "/events": {},
    "/events/<slug>/edit": {},
    "/inbox/reading": {},
    "/sign-up": {},
    "/sign-in": {"name": "{ana.handle}", "password": factories.PASSWORD},
}

#: Parts of pages that open pages fetch when something has changed, by the page's rule.
LIVE_PARTS = {
    "/": ("next", "needs", "coming"),
    "/events/<slug>": ("announcement", "rsvp", "people", "votes", "help", "here"),
    "/groups/<slug>/conversation": ("threads",),
    "/groups/<slug>/conversation/<uuid:thread_id>": ("newer",),
    "/inbox": ("inbox", "unread"),
    "/votes/<slug>": ("status", "ballot", "results"),
}


def calls_of(act: Callable[[], Any]) -> tuple[int, Any]:
    """Return the number of function calls of `act`, and its result. Calls by the garbage collector
    don't count.
    """
    calls = 0

    def note(_frame: Any, event: str, _argument: Any) -> None:
        nonlocal calls
        calls += event in {"call", "c_call"}

    gc.disable()
    sys.setprofile(note)
    try:
        answer = act()
    finally:
        sys.setprofile(None)
        gc.enable()
    return calls, answer


@pytest.fixture
def cost_of(statements_of: Any) -> Any:
    """A function that returns the function calls and statements of `act`, and its result."""

    def count(act: Callable[[], Any]) -> tuple[int, int, Any]:
        found: list[tuple[int, Any]] = []
        db.session.remove()
        sent = statements_of(lambda: found.append(calls_of(act)))
        db.session.remove()
        return found[0][0], sent, found[0][1]

    return count


def pages(app: Any, cost_of: Any) -> Iterator[tuple[str, int, int]]:
    """Yield the costs of every page that someone of the sample site may open, at the third
    request.
    """
    sample = snapshots.sample_site_of(app, False)
    for rule in sample_site.rules(app, "GET"):
        route = f"GET {rule.rule}"
        letters = dict(zip(sample_site.ROLES, EXPECTED[route][0].split(), strict=True))
        role = next((role for role in ROLES if letters[role] == "y"), None)
        if role is None:
            continue
        tab, path = sample.browser(app, role), sample.path(rule)
        for _ in range(2):
            tab.get(path).close()
        app.extensions["limits"].reset()
        calls, sent, answer = cost_of(lambda tab=tab, path=path: tab.get(path))
        answer.close()
        yield route, calls, sent


def live_parts(app: Any, cost_of: Any) -> Iterator[tuple[str, int, int]]:
    """Yield the costs of every live part of a page, at a member's third request."""
    sample = snapshots.sample_site_of(app, False)
    by_path = {rule.rule: rule for rule in sample_site.rules(app, "GET")}
    for path, parts in LIVE_PARTS.items():
        for part in parts:
            tab, url = sample.browser(app, "member"), sample.path(by_path[path])
            url += "?since=0" if part == "newer" else ""
            for _ in range(2):
                tab.fragment(url, part).close()
            calls, sent, answer = cost_of(
                lambda tab=tab, url=url, part=part: tab.fragment(url, part)
            )
            assert answer.status_code in {200, 204}, (path, part, answer.status_code)
            answer.close()
            yield f"GET {path} #{part}", calls, sent


def writes(app: Any, place: Any, cost_of: Any) -> Iterator[tuple[str, int, int]]:  # noqa: F811
    """Yield the costs of each of these forms, when sent for the third time to the restored
    place.
    """
    by_path = {rule.rule: rule for rule in rules(app, "POST")}
    for path, words in WRITES.items():
        sender = Sender(app, by_path[path], place)
        ana = db.session.get(User, sender.place.event.owner_id)
        words = {name: value.format(ana=ana) for name, value in words.items()}
        for _ in range(2):
            sender.send(words)
        calls, asked, answer = cost_of(sender.ready(words))
        assert answer.status_code in {200, 303}, (path, answer.status_code)
        yield f"POST {path}", calls, asked


def known() -> dict[str, tuple[int, int]]:
    """Return the budgets in the file."""
    lines = (line.rsplit(maxsplit=2) for line in BUDGETS.read_text().splitlines())
    return {route: (int(calls.replace(",", "")), int(sent)) for route, calls, sent in lines}


def offences(counted: dict[str, tuple[int, int]], budgets: dict[str, tuple[int, int]]) -> list[str]:
    """Return the differences between these counts and the budgets, as lines that say what to do."""
    found = [f"{route} isn't in the table: {WRITE}" for route in counted.keys() - budgets.keys()]
    found += [
        f"{route} doesn't exist any more: {WRITE}" for route in budgets.keys() - counted.keys()
    ]
    for route in counted.keys() & budgets.keys():
        (calls, sent), (budget, most_sent) = counted[route], budgets[route]
        if sent != most_sent:
            advice = FEWER if sent < most_sent else MORE_STATEMENTS
            found.append(f"{route}: {sent} statements, not {most_sent}. {advice}")
        elif off(counted[route], budgets[route]):
            advice = FEWER if calls < budget else MORE_CALLS
            found.append(f"{route}: {calls:,} calls, {calls / budget - 1:+.0%}. {advice}")
    return sorted(found)


def off(cost: tuple[int, int] | None, budget: tuple[int, int], share: float = 1) -> bool:
    """Whether a count differs from its budget: in statements, or by this share of the slack in
    calls.
    """
    slack = budget[0] * SLACK * share
    return cost is None or abs(cost[0] - budget[0]) > slack or cost[1] != budget[1]


@pytest.mark.long(12)
def test_pages_and_frequent_posts_cost_what_the_budget_says(
    app,
    context,
    place,  # noqa: F811
    cost_of,
):
    counted = {route: (calls, sent) for route, calls, sent in pages(app, cost_of)}
    counted |= {route: (calls, sent) for route, calls, sent in live_parts(app, cost_of)}
    counted |= {route: (calls, sent) for route, calls, sent in writes(app, place, cost_of)}
    if "WRITE_BUDGETS" in os.environ:
        kept = {one: cost for one, cost in known().items() if not off(counted.get(one), cost, 0.5)}
        costs = sorted((counted | kept).items())
        lines = [f"{route:<80} {calls:>7,} {sent:>3}" for route, (calls, sent) in costs]
        BUDGETS.write_text("\n".join(lines) + "\n")
    table = known()
    if db.engine.dialect.name == "postgresql":
        table = {
            # its driver is written in Python: more calls; and changes lock their actor
            one: (
                counted.get(one, cost)[0],
                cost[1] + (one in READ_THE_CLOCK) + one.startswith("POST"),
            )
            for one, cost in table.items()
        }
    found = offences(counted, table)
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("cost", "said"),
    [
        ((10_000, 4), []),
        ((11_900, 4), []),
        ((8_100, 4), []),
        ((12_100, 4), [f"GET /: 12,100 calls, +21%. {MORE_CALLS}"]),
        ((7_900, 4), [f"GET /: 7,900 calls, -21%. {FEWER}"]),
        ((10_000, 5), [f"GET /: 5 statements, not 4. {MORE_STATEMENTS}"]),
        ((8_100, 3), [f"GET /: 3 statements, not 4. {FEWER}"]),
    ],
)
def test_control_other_costs_are_noticed(cost, said):
    assert offences({"GET /": cost}, {"GET /": (10_000, 4)}) == said


def test_control_the_table_has_every_route_and_no_other():
    assert offences({"GET /new": (1, 0)}, {"GET /": (10_000, 4)}) == [
        f"GET / doesn't exist any more: {WRITE}",
        f"GET /new isn't in the table: {WRITE}",
    ]
