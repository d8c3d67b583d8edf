"""Every action of every permission table is what the code checks: emptied, it refuses people whom
it let in; given to everyone, it lets in people whom it refused.

An action without a door (`opens`) and without a part of a page (`PARTS`) fails here.
"""

import re
from inspect import signature, unwrap
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests import factories, sample_site, snapshots
from tests.matrix import MATRIX
from tests.route_walker import letter_of
from webapp.accounts.loader import Visitor
from webapp.conversation.access import ANNOUNCE, WRITE, GroupContainer
from webapp.core.extensions import db
from webapp.core.http.permissions import TABLES, may_on_site
from webapp.event_files import uploads
from webapp.events import access as events
from webapp.events.models import GOING, EventHost, Rsvp
from webapp.groups import access as groups
from webapp.groups.models import MODERATOR, ORGANIZER
from webapp.voting import access as votes, reads as vote_reads
from webapp.voting.comments import VoteContainer

pytestmark = pytest.mark.any_database

EXPECTED = {route: line for line, listed in MATRIX for route in listed}
#: What nobody may do, as `/roles` promises. No code asks, so no table could allow it.
PROMISED = {"site:read_inside", "site:read_ballots"}
#: The tables; tests are listed before every table is there.
NAMES = ("event", "group", "site", "vote")
THINGS = ("group", "event", "vote", "counted_vote")
#: The doors that ask for nothing but the role.
OF_ROLES = [events.event_to, groups.group_to, votes.vote_to]


def loaded(site):
    """Return the same people and things, of this session."""
    ours = {name: db.session.merge(getattr(site, name)) for name in THINGS}
    people = {role: db.session.merge(person) for role, person in site.people.items()}
    return SimpleNamespace(**ours, people=people)


def named_host(here):
    """Return someone who hosts the event without a role in its group."""
    host = factories.user("Hal")
    here.event.hosts.append(EventHost(user_id=host.id))
    db.session.flush()
    return host


def seat(here):
    return Rsvp(event=here.event, user_id=here.people["stranger"].id, state=GOING)


#: Action -> whether someone may who has no other right to the same.
PARTS = {
    "event:view": lambda here: events.may_see(Visitor(), here.event),
    "event:answer": lambda here: events.can_answer(here.people["member"], here.event),
    "event:comment": lambda here: events.can_comment(here.people["member"], here.event),
    "event:moderate": lambda here: events.can_moderate(named_host(here), here.event),
    "event:see_files": lambda here: uploads.can_see(here.people["member"], here.event),
    "event:add_files": lambda here: uploads.can_add(here.people["owner"], here.event),
    "event:see_people": lambda here: events.can_see_people(here.people["member"], here.event),
    "event:see_online_url": lambda here: bool(
        events.online_url_for(here.people["stranger"], here.event, seat(here))
    ),
    "group:announce": lambda here: GroupContainer(here.group).can(here.people["owner"], ANNOUNCE),
    "group:change_roles": lambda here: groups.can_give(here.people["owner"], here.group, ORGANIZER),
    "group:change_lower_roles": lambda here: groups.can_give(
        here.people["organizer"], here.group, MODERATOR
    ),
    "group:create_vote": lambda here: votes.creates_somewhere(here.people["owner"]),
    "group:read_calendar": lambda here: (
        "group:read_calendar" in groups.actions_of(here.people["member"], here.group)
    ),
    "vote:cast": lambda here: vote_reads.voter_state(here.people["member"], here.vote).may_vote,
    "vote:comment": lambda here: VoteContainer(here.vote).can(here.people["member"], WRITE),
    "vote:view_names": lambda here: votes.can_see_names(here.people["member"], here.counted_vote),
    "site:people": lambda here: may_on_site(here.people["admin"], "site:people"),
}


def openers(app):
    """Return a route for each door to each action: GETs where there are any."""
    found = {}
    for rule in sorted(sample_site.rules(app), key=lambda rule: "POST" in rule.methods):
        load, action = opener_of(app, rule)
        if action:
            found.setdefault((load.__code__, action), (load, action, rule))
    return list(found.values())


def opener_of(app, rule):
    return getattr(app.view_functions[rule.endpoint], "opener", (None, ""))


def roles_with(rule, letter):
    """Return the roles that the matrix answers with this letter in the open group."""
    line = EXPECTED[f"{method_of(rule)} {rule.rule}"][0].split()
    return [role for role, one in zip(sample_site.ROLES, line, strict=True) if one == letter]


def method_of(rule):
    return "POST" if "POST" in rule.methods else "GET"


def asked(app, here, rule, role):
    """Return what the role gets from the route."""
    tab = here.browser(app, role)
    path = here.path(rule) if rule.arguments else f"{rule.rule}?group={here.group.slug}"
    answer = tab.post(path) if "POST" in rule.methods else tab.get(path)
    answer.close()
    db.session.rollback()
    db.session.expire_all()
    app.extensions["limits"].reset()
    return letter_of(answer)


def actions(*without):
    return [
        (table, action)
        for table, its in TABLES.items()
        for action in its.actions
        if action not in without
    ]


def test_every_action_has_a_door_or_a_part(app):
    assert set(TABLES) == set(NAMES)
    known = {action for _load, action, _rule in openers(app)} | PARTS.keys() | PROMISED

    assert known == {action for _table, action in actions()}
    assert {one for _table, one in actions() if not TABLES[_table].actions[one]} == PROMISED


def test_no_view_asks_for_what_its_loader_takes_from_the_url(app):
    views = [app.view_functions[rule.endpoint] for rule in sample_site.rules(app)]
    both = set()
    for view in views:
        load, action = getattr(view, "opener", (None, ""))
        taken = list(signature(load).parameters)[2 if action else 1 :] if load else []
        both |= {
            (view.__name__, name) for name in signature(unwrap(view)).parameters.keys() & taken
        }

    assert both == set()


@pytest.mark.parametrize("table", NAMES)
def test_an_emptied_action_closes_its_doors(app, context, monkeypatch, table):
    here, still_open, tried = snapshots.sample_site_of(app, secret=False), [], set()
    for load, action, rule in openers(app):
        insiders = [role for role in roles_with(rule, "y") if role != "visitor"]
        if not action.startswith(f"{table}:") or not insiders or action == "event:moderate":
            continue
        with monkeypatch.context() as emptied:
            emptied.setitem(TABLES[table].actions, action, frozenset())
            if asked(app, here, rule, insiders[0]) not in "fn":
                still_open.append((action, load.__qualname__, rule.rule, insiders[0]))
        tried.add(action)

    assert still_open == []
    assert tried | PARTS.keys() | PROMISED >= {one for its, one in actions() if its == table}


@pytest.mark.parametrize("table", NAMES)
def test_an_emptied_action_ends_its_parts(app, context, monkeypatch, table):
    here = loaded(snapshots.sample_site_of(app, secret=False))
    here.event.online_url = "https://meet.example.org/1"
    parts = {action: may for action, may in PARTS.items() if action.startswith(f"{table}:")}
    assert parts
    before = {action: may(here) for action, may in parts.items()}
    after = {}
    for action, may in parts.items():
        with monkeypatch.context() as emptied:
            emptied.setitem(TABLES[table].actions, action, frozenset())
            after[action] = may(here)

    assert before == dict.fromkeys(parts, True)
    assert after == dict.fromkeys(parts, False)


@pytest.mark.parametrize("table", ["event", "group", "vote"])
def test_an_action_given_to_everyone_opens_its_doors(app, context, monkeypatch, table):
    here, closed, tried = snapshots.sample_site_of(app, secret=False), [], set()
    everyone = frozenset(role for role, _label in TABLES[table].roles)
    for load, action, rule in openers(app):
        refused = [role for role in roles_with(rule, "f") if role in ("member", "moderator")]
        by_role = load in OF_ROLES and action not in groups.CHOICES
        if not action.startswith(f"{table}:") or not by_role or not refused:
            continue
        with monkeypatch.context() as given:
            given.setitem(TABLES[table].actions, action, everyone)
            if asked(app, here, rule, refused[0]) == "f":
                closed.append((action, load.__qualname__, rule.rule, refused[0]))
        tried.add(action)

    assert closed == []
    assert len(tried) >= 5


def test_the_list_of_routes_names_what_their_doors_check(app):
    listed = re.findall(
        r"^\| (GET|POST) \| `(\S+)` \| `(\w+:\w+)` ",
        Path("docs/routes.md").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    rules = {(method_of(rule), rule.rule): rule for rule in sample_site.rules(app)}
    openers_of = {route: opener_of(app, rule)[1] for route, rule in rules.items()}

    assert len(listed) > 200
    assert [
        (method, path, action)
        for method, path, action in listed
        if openers_of[method, path] != action
        or action not in TABLES[action.partition(":")[0]].actions
    ] == []
