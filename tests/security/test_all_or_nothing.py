"""The database fails each write of an action in turn, and nothing of the action remains (TRUST
2.3.3).
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from tests import factories
from tests.route_walker import fingerprints
from tests.voting import making
from webapp.core.extensions import db

_WRITE = re.compile(r'^(?:INSERT INTO|UPDATE|DELETE FROM) "?(\w+)"?')
SOUND_SIGN_UP = {
    "first_name": "Gil",
    "last_name": "Moreau",
    "email": "gil@example.org",
    "affirmed": "y",
}
#: Last seen: written in its own transaction, before the action.
NOT_THE_ACT = {"sign_in"}


@pytest.fixture
def writes(app: Any) -> Iterator[set[tuple[str, str]]]:
    """The (table, verb) of every statement that changes a row, as it is sent."""
    seen: set[tuple[str, str]] = set()

    def listen(connection: Any, cursor: Any, statement: str, *_more: Any) -> None:
        found = _WRITE.match(statement)
        if found and cursor.rowcount != 0:
            seen.add((found[1], statement.split()[0]))

    sa.event.listen(sa.Engine, "after_cursor_execute", listen)
    yield seen
    sa.event.remove(sa.Engine, "after_cursor_execute", listen)


@pytest.fixture
def failing(app: Any) -> Iterator[Callable[[str, str], None]]:
    """A function that makes this verb on this table fail in the database from now on."""
    made: list[str] = []

    def fail(table: str, verb: str) -> None:
        with db.engine.begin() as connection:
            if connection.dialect.name == "sqlite":
                body = "BEGIN SELECT RAISE(ABORT, 'no'); END"
                connection.exec_driver_sql(
                    f'CREATE TRIGGER failing BEFORE {verb} ON "{table}" {body}'
                )
            else:
                code = "BEGIN RAISE EXCEPTION 'no'; END"
                connection.exec_driver_sql(
                    f"CREATE FUNCTION failing() RETURNS trigger LANGUAGE plpgsql AS $$ {code} $$"
                )
                how = "FOR EACH ROW EXECUTE FUNCTION failing()"
                connection.exec_driver_sql(
                    f'CREATE TRIGGER failing BEFORE {verb} ON "{table}" {how}'
                )
        made.append(table)

    fail.heal = lambda: _heal(made)  # type: ignore[attr-defined]
    yield fail
    _heal(made)


def _heal(made: list[str]) -> None:
    for table in made:
        with db.engine.begin() as connection:
            if connection.dialect.name == "sqlite":
                connection.exec_driver_sql("DROP TRIGGER failing")
            else:
                connection.exec_driver_sql(f'DROP TRIGGER failing ON "{table}"')
                connection.exec_driver_sql("DROP FUNCTION failing()")
    made.clear()


def _answer(browser, ana, ben):
    event = factories.event(ana, factories.group(ana, ben), capacity=3)
    return browser(ben), f"/events/{event.slug}/rsvp", {"answer": "going", "state": "going"}


def _leave(browser, ana, ben):
    cem = factories.user("Cem")
    event = factories.event(ana, factories.group(ana, ben, cem), capacity=1)
    for person in (ben, cem):
        browser(person).post(f"/events/{event.slug}/rsvp", {"answer": "going", "state": "going"})
    return browser(ben), f"/events/{event.slug}/rsvp/removal", {}


def _vote(browser, ana, ben):
    vote = making.vote(factories.group(ana, ben), ana)
    return browser(ben), f"/votes/{vote.slug}/ballot", {"choice": "1", "version": "1"}


def _sign_up(browser, ana, ben):
    fields = {
        "first_name": "Gil",
        "last_name": "Moreau",
        "email": "gil@example.org",
        "affirmed": "y",
        "password": factories.PASSWORD,
    }
    return (
        browser(),
        "/sign-up",
        {**fields, "password": factories.PASSWORD, "password_again": factories.PASSWORD},
    )


def _join(browser, ana, ben):
    group = factories.group(ana)
    return browser(ben), f"/groups/{group.slug}/membership", {}


def _form_group(browser, ana, ben):
    page = browser(ana)
    page.get("/groups/new")
    return (
        page,
        "/groups",
        {
            "name": "River walkers",
            "visibility": "open",
            "join_policy": "join",
            "zone": "Europe/Lisbon",
        },
    )


ACTS = {
    "an answer": _answer,
    "a seat given on": _leave,
    "a ballot": _vote,
    "a sign-up": _sign_up,
    "joining": _join,
}
ACTS["a new group"] = _form_group


@pytest.mark.parametrize("act", ACTS)
def test_a_failed_write_rolls_the_whole_action_back(app, browser, ana, ben, writes, failing, act):
    make = ACTS[act]
    page, path, fields = make(browser, ana, ben)
    writes.clear()
    db.session.rollback()
    answer = page.post(path, fields)
    assert answer.status_code == 303, page.text
    needed = {(table, verb) for table, verb in writes if table not in NOT_THE_ACT}
    assert len(needed) >= 2, needed
    for table, verb in sorted(needed):
        page, path, fields = make(browser, *_others())
        if "email" in fields:
            fields["email"], fields["last_name"] = (
                f"{table}-{verb}@example.org".lower(),
                table.replace("_", " ").title(),
            )
        app.extensions["limits"].reset()
        db.session.rollback()
        before = fingerprints()
        failing(table, verb)
        status = page.post(path, fields).status_code
        db.session.rollback()
        failing.heal()
        assert status in (409, 500), (table, verb, status)
        after = fingerprints()
        assert {name for name in after if after[name] != before[name]} <= NOT_THE_ACT, (table, verb)


def _others() -> tuple[Any, Any]:
    return factories.user("Ana"), factories.user("Ben")


def test_an_action_with_two_transactions_is_noticed(app, browser, ana, ben, failing):
    """The control: with a commit in the middle, something remains."""
    db.session.rollback()
    before = fingerprints()
    failing("membership", "INSERT")
    group = (
        factories.group.__wrapped__ if hasattr(factories.group, "__wrapped__") else factories.group
    )
    with pytest.raises(sa.exc.DBAPIError):
        group(ana)  # the factory commits the group, and then its membership
    db.session.rollback()
    failing.heal()
    after = fingerprints()
    assert {name for name in after if after[name] != before[name]} == {"group"}
