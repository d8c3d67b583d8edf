"""Generated communities equal what the application stores, and the benchmark table is right."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from random import Random

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.datastructures import MultiDict

from bench import report, results
from bench.bench import ACCOUNT
from bench.data import (
    SMALL,
    checking,
    events,
    groups,
    loading,
    people,
    prototypes,
    talk,
    votes,
    votes_of_every_kind as every_kind,
)
from bench.data.values import row_id
from bench.rows import ROWS, chosen, votes_of_every_kind as casting
from tests import databases, factories
from tests.browser_like import Browser
from tests.conftest import DATABASE
from tests.events import plans
from tests.voting import making
from tests.voting.secret import asking, boxes
from webapp import create_app
from webapp.accounts.models import Visitor
from webapp.attendance import rsvps
from webapp.core.extensions import db
from webapp.core.http.errors import SIGN_IN
from webapp.core.text import search
from webapp.core.text.markdown import plain
from webapp.events import planning
from webapp.events.models import Event
from webapp.groups import directory, memberships
from webapp.groups.models import Group

BASE = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
TINY = replace(SMALL, name="tiny", people=90, drivers=60, crowd=60, spread=5, roll=20, answers=300)


@pytest.fixture(scope="module")
def community(tmp_path_factory: pytest.TempPathFactory):
    """An application on its own database, with the small community."""
    folder = tmp_path_factory.mktemp("community")
    with databases.fresh(DATABASE, folder) as url:
        app = create_app(
            DATABASE_URL=url,
            INSTANCE=str(folder),
            REDIS_URL="",
            MAIL_SERVER="",
            SITE_URL="http://127.0.0.1:8000",
        )
        with app.app_context():
            db.create_all()
            loading.load(url, TINY, BASE)
        yield app
        with app.app_context():
            db.engine.dispose()


@contextmanager
def database(app: Flask) -> Iterator[sa.Connection]:
    """Yield a connection; commit at the end."""
    with app.app_context(), db.engine.begin() as connection:
        yield connection


def problems(app: Flask) -> list[str]:
    with database(app) as connection:
        return checking.problems(connection)


def test_counters_match_their_rows_and_no_reference_dangles(community: Flask):
    assert problems(community) == []


def test_search_texts_equal_what_the_application_would_store(
    community: Flask,
):
    with community.app_context():
        for event in db.session.scalars(sa.select(Event)):
            text = search.search_text_of(
                event.title,
                f"{event.summary} {event.group.name if event.group else ''}",
                place=event.venue,
            )
            assert lines(event.search_text) == lines(text)
        for group in db.session.scalars(sa.select(Group)):
            topics = " ".join(topic.name for topic in group.categories)
            text = search.search_text_of(
                group.name,
                f"{group.summary} {topics}",
                plain(group.description, 4000),
                group.location,
            )
            assert lines(group.search_text) == lines(text)
        assert search.find(Group, search.parse_terms("zanz")).few
        assert len(directory.listed(Visitor(), directory.GroupSearch("zanz")).items) == 3


def lines(text: str) -> list[list[str]]:
    """Return the text line by line; words of the last line, which are marked, in any order."""
    found = [line.split() for line in text.split("\n")]
    return [*found[:-1], sorted(set(found[-1]))]


def test_row_numbers_match_the_requested_size(community: Flask):
    with database(community) as connection:
        assert checking.wrong_numbers(connection, TINY) == []
        answers = "SELECT count(*) FROM rsvp JOIN event ON event.id = event_id WHERE slug = :slug"
        assert connection.scalar(sa.text(answers), {"slug": events.slug_of(events.VILLAGE)}) == 50


def test_a_wrong_counter_is_found(community: Flask):
    with database(community) as connection:
        connection.execute(
            sa.text("UPDATE event SET waiting_count = waiting_count + 1 WHERE slug = 'the-village'")
        )
    found = problems(community)
    with database(community) as connection:
        connection.execute(
            sa.text("UPDATE event SET waiting_count = waiting_count - 1 WHERE slug = 'the-village'")
        )

    assert found == ["1 rows whose event.waiting_count is not what it counts"]


def test_states_that_the_rules_allow_raise_no_alarm(app, context, ana, ben, cem):
    """For example a capacity lowered below the answers, a secret ballot not yet mixed, and a voter
    who left.
    """
    group = factories.group(ana, ben, cem, *(factories.user() for _ in range(4)))
    event = factories.event(ana, capacity=3)
    for who in (ana, ben):
        rsvps.answer(event, by=who)
    lower = plans.plan(starts=event.starts_wall, max_plus_ones=event.max_plus_ones, capacity=1)
    planning.update(event, lower, by=ana, version=event.version)
    db.session.commit()
    boxes.cast(asking.secret_vote(group, ana), ana, 1)
    making.vote(group, ana)
    memberships.leave(group, by=ben)
    db.session.commit()

    with database(app) as connection:
        assert checking.problems(connection) == []


def test_rows_are_copies_of_what_the_rules_write_and_leave_behind_nothing(app, context):
    made = prototypes.made({"event", "group"}, BASE)

    assert (made["event"]["summary"], made["group"]["member_count"]) == (events.SUMMARY, "2")
    filled = [
        table.name
        for table in db.metadata.sorted_tables
        if db.session.scalar(sa.select(sa.literal(1)).select_from(table).limit(1))
    ]
    assert filled == []


def test_a_column_that_no_table_has_is_refused(monkeypatch):
    monkeypatch.setattr(talk, "THREAD", (*talk.THREAD, "color"))

    [thread, *_others] = talk.tables(TINY, BASE)

    with pytest.raises(LookupError, match="thread has no column color"):
        loading.whole(thread, {})


def test_generated_communities_are_reproducible(community: Flask):
    def everything() -> list[str]:
        tables = (
            one
            for part in loading.PARTS
            for one in part.tables(TINY, BASE)
            if one.table != "sign_in"
        )
        return [repr((one.table, one.columns, list(one.rows))) for one in tables]

    assert everything() == everything()


def test_the_reader_is_signed_in_and_sees_the_same_in_every_size(community: Flask):
    reader = Browser(community.test_client())
    with reader.client.session_transaction(base_url="http://127.0.0.1:8000") as session:
        session[SIGN_IN] = people.secret_of(0)

    home = reader.get("/")

    assert home.status_code == 200
    assert ACCOUNT in home.get_data(as_text=True)
    assert ACCOUNT not in Browser(community.test_client()).get("/").get_data(as_text=True)
    for group in range(4):
        assert f"/groups/group-{group}" in home.get_data(as_text=True)
    assert reader.get("/events/the-village").status_code == 200
    assert reader.get(f"/votes/{votes.slug_of(votes.HOT)}").status_code == 200
    for thread, count in talk.REPLIES.items():
        page = reader.get(f"{talk.path_of(thread)}?at={count}")
        assert f'id="r{count}"' in page.get_data(as_text=True)


def test_a_host_sees_how_the_event_filled(community: Flask):
    owner = Browser(community.test_client())
    with owner.client.session_transaction(base_url="http://127.0.0.1:8000") as session:
        session[SIGN_IN] = people.secret_of(groups.owner_of(0, TINY))

    page = owner.get("/events/the-crowd/manage")

    assert page.status_code == 200
    assert "seats are taken" in page.get_data(as_text=True)


def test_a_driver_answers_and_votes_as_the_load_does(community: Flask):
    driver = Browser(community.test_client())
    with driver.client.session_transaction(base_url="http://127.0.0.1:8000") as session:
        session[SIGN_IN] = people.secret_of(5)

    answered = driver.post(
        f"/events/{events.slug_of(events.SPREAD)}/rsvp", {"answer": "going", "party": "1"}
    )
    voted = driver.post(
        f"/votes/{votes.slug_of(votes.HOT)}/ballot", {"choice": "2", "version": "1"}
    )

    assert (answered.status_code, voted.status_code) == (303, 303)
    assert problems(community) == []


def test_ballots_of_every_kind_are_cast_like_the_load_and_results_are_readable(
    community: Flask,
):
    driver, reader = Browser(community.test_client()), Browser(community.test_client())
    for browser, person in ((driver, 7), (reader, 0)):
        with browser.client.session_transaction(base_url="http://127.0.0.1:8000") as session:
            session[SIGN_IN] = people.secret_of(person)
    throw = Random(1)

    for vote in every_kind.all_of(TINY):
        if vote.state == every_kind.CAST:
            fields = MultiDict(
                [*casting.fields(vote.kind, every_kind.marks(vote.kind, throw)), ("version", "1")]
            )
            assert driver.post(f"/votes/{vote.slug}/ballot", fields).status_code == 303, vote
        else:
            page = reader.get(f"/votes/{vote.slug}")
            assert page.status_code == 200, vote
            assert every_kind.title_of(vote) in page.get_data(as_text=True)
    assert problems(community) == []


def test_row_ids_are_known_without_a_query(community: Flask):
    with database(community) as connection:
        slug = connection.scalar(
            sa.text("SELECT slug FROM event WHERE id = :id"), {"id": row_id("event", events.CROWD)}
        )

    assert slug == events.slug_of(events.CROWD)


def test_the_table_shows_results_and_missed_targets(tmp_path, monkeypatch):
    monkeypatch.setattr(report, "RESULTS", tmp_path)
    good = results.Result(
        "a page",
        rate=100,
        p50=1,
        p99=2,
        statements=3,
        cpu=1,
        database_cpu=0.5,
        constant=400,
        reach="≥ 0.08 c",
    )
    bad = results.Result("another", rate=10, constant=400, reach="≥ 0.08 c", missed=["≥ 0.08 c"])
    broken = results.Result("a third", failed="answered with {500: 3}")

    path = report.written({"date": "today"}, {"sqlite": [good, bad, broken]}, "today")

    lines = [line for line in path.read_text().splitlines() if line.startswith("| a")]
    assert lines[0].startswith("| a page | 100 | 0.250 | 1.0 | 2.0 | 3.0 | 1.00 | 0.50 |")
    assert lines[0].endswith("| ≥ 0.08 c | met |")
    assert lines[1].endswith("| missed: ≥ 0.08 c |")
    assert "answered with {500: 3}" in lines[2]
    kept = json.loads(path.with_suffix(".json").read_text())["results"]["sqlite"]
    assert [row["c"] for row in kept] == [0.25, 0.025, None]


def test_benchmark_rows_have_unique_names_and_are_selected_by_words():
    names = [row.name for row in chosen("")]

    assert len(names) == len(set(names)) == len(ROWS)
    assert {row.name for row in chosen("one vote, sign-in")} == {"ballot, one vote", "sign-in"}
    assert chosen("nothing is called so") == []
