"""The migrations make the tables that the models describe, and go back, with data, on both databases."""

import re
import uuid
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_migrate import downgrade, upgrade

from tests import factories, schemas
from webapp import create_app
from webapp.accounts.models import User
from webapp.core.clock import now
from webapp.core.extensions import db
from webapp.events.models import EventDay, EventOption
from webapp.groups.models import Group, GroupSlug
from webapp.notifications import kinds
from webapp.notifications.models import INBOX, Notification
from webapp.voting.models import Vote

#: What no model describes: the audit log is only ever added to, and tests clear their tables.
OF_MIGRATIONS = re.compile(r"trigger audit_entry_(stays|once|unchanged)|refuse_audit_change")


@pytest.fixture
def empty_app(tmp_path, empty_database: str) -> Flask:
    """An application on a database of its own without any table."""
    return create_app(DATABASE_URL=empty_database, INSTANCE=str(tmp_path), REDIS_URL="", TESTING=True)


def test_migrations_make_what_the_models_describe(migrated_app):
    with migrated_app.app_context():
        assert _differences() == set()


def _differences() -> set[str]:
    """What the database and the models say of the tables, where they don't say the same."""
    with db.engine.connect() as connection:
        lines = schemas.described(connection)
    found = {line for line in lines if not OF_MIGRATIONS.search(line)}
    return found ^ schemas.of_models(db.engine.dialect.name)


def test_a_model_that_its_migration_does_not_follow_is_noticed(migrated_app):
    models = sa.MetaData(naming_convention=db.metadata.naming_convention)
    for table in db.metadata.sorted_tables:
        table.to_metadata(models)
    with migrated_app.app_context(), db.engine.connect() as connection:
        before = schemas.described(connection)
        for name, change in CHANGES.items():
            table = models.tables[name.split()[0]]
            change(table)
            connection.exec_driver_sql(f"DROP TABLE {table.name}")
            table.create(connection)
            after = schemas.described(connection)
            assert bool(before ^ after) == (change is not _nothing), name
            before = after
        connection.rollback()


def _nothing(table: sa.Table) -> None:
    """Made again by its model, the table is as before."""


def _checks(table: sa.Table) -> sa.CheckConstraint:
    return next(rule for rule in table.constraints if isinstance(rule, sa.CheckConstraint))


def _another_value(table: sa.Table) -> None:
    _checks(table).sqltext = sa.text(str(_checks(table).sqltext).replace("'off')", "'off', 'weekly')"))


def _other_rows_in_index(table: sa.Table) -> None:
    index = next(index for index in table.indexes if index.name == "ix_calendar_feed_own")
    for dialect in ("sqlite", "postgresql"):
        index.dialect_options[dialect]["where"] = sa.text("group_id IS NOT NULL")


def _no_unique(table: sa.Table) -> None:
    table.constraints -= {rule for rule in table.constraints if isinstance(rule, sa.UniqueConstraint)}


def _other_end(table: sa.Table) -> None:
    for key in table.foreign_key_constraints:
        key.ondelete = "RESTRICT"


_OFF = sa.DefaultClause("off")


def _collated() -> sa.String:
    names = {"sqlite": "NOCASE", "postgresql": "C"}
    return sa.String(254, collation=names[db.engine.dialect.name])


#: Table, and more words to tell two apart; what someone may change in a model and forget to migrate.
CHANGES = {
    "preference": _nothing,
    "preference check": _another_value,
    "preference default": lambda table: setattr(table.c.channel, "server_default", _OFF),
    "preference null": lambda table: setattr(table.c.channel, "nullable", True),
    "preference unique": _no_unique,
    "report_address length": lambda table: setattr(table.c.email, "type", sa.String(255)),
    "report_address collation": lambda table: setattr(table.c.email, "type", _collated()),
    "report_address key": _other_end,
    "calendar_feed index": _other_rows_in_index,
    "calendar_feed expression": lambda table: sa.Index("ix_x", table.c.read_on.is_(None)),
}


def test_every_migration_goes_down_and_up_again_with_data(migrated_app):
    with migrated_app.app_context():
        ana, ben = factories.user("Ana"), factories.user("Ben")
        factories.event(ana, factories.group(ana, ben))
        db.session.remove()

        downgrade(revision="base")
        assert set(sa.inspect(db.engine).get_table_names()) == {"alembic_version"}
        upgrade()

        assert _differences() == set()


def test_lines_of_an_inbox_from_before_kinds_still_say_what_they_said(empty_app):
    with empty_app.app_context():
        upgrade(revision="0001")
        user_id, line_id = uuid.uuid4(), uuid.uuid4()
        _insert("user", id=user_id, email="ana@example.org", handle="ana", zone="UTC")
        _insert("notification", id=line_id, user_id=user_id, kind="vote.opened", label="You can vote now", url="/votes/x")
        upgrade()

        line = db.session.get(Notification, line_id)
        assert kinds.sentence(line) == "You can vote now"
        assert (line.words, line.channel, line.digest_id) == (None, INBOX, None)
        db.session.remove()
        downgrade(revision="0001")
        assert db.session.scalar(sa.text("SELECT label FROM notification")) == "You can vote now"


def test_accounts_closed_before_are_known_as_closed_by_admins_those_of_who_is_leaving_are_not(empty_app):
    with empty_app.app_context():
        upgrade(revision="0030")
        moment = datetime(2026, 11, 1, tzinfo=UTC)
        closed, leaving = {"deactivated_at": moment}, {"deactivated_at": moment, "leaves_at": moment}
        for handle, more in {"ana": {}, "ben": closed, "cem": leaving}.items():
            _insert("user", id=uuid.uuid4(), email=f"{handle}@example.org", handle=handle, zone="UTC", **more)
        upgrade()
        assert db.session.scalars(sa.select(User.handle).where(User.suspended_at == moment)).all() == ["ben"]


def test_events_from_before_have_their_days_from_the_answers_that_stand(empty_app):
    with empty_app.app_context():
        upgrade(revision="0021")
        event_id, people = uuid.uuid4(), [uuid.uuid4() for _ in range(3)]
        for number, user_id in enumerate(people):
            _insert("user", id=user_id, email=f"{number}@example.org", handle=f"x{number}", zone="UTC")
        times = {"starts_at": now() + timedelta(days=1), "ends_at": now() + timedelta(days=2)}
        words = {"audience": "everyone", "state": "published", "promotion": "automatic", "companions": 1}
        _insert("event", id=event_id, owner_id=people[0], zone="UTC", **words, **times)
        for ago, user_id, state, place in zip((9, 3, 3), people, ("going", "going", "waiting"), (None, None, 1), strict=True):
            answer = {"state": state, "party": 2, "place": place, "answered_at": now() - timedelta(days=ago)}
            _insert("rsvp", event_id=event_id, user_id=user_id, id=uuid.uuid4(), **answer)
        upgrade()

        days = db.session.scalars(sa.select(EventDay).order_by(EventDay.day)).all()
        assert [((now().date() - row.day).days, row.seats, row.waiting) for row in days] == [(9, 2, 0), (3, 4, 1)]
        db.session.remove()


def test_ticket_types_of_one_name_from_before_are_numbered(empty_app):
    with empty_app.app_context():
        upgrade(revision="0051")
        owner_id, event_id = uuid.uuid4(), uuid.uuid4()
        _insert("user", id=owner_id, email="ana@example.org", handle="ana", zone="UTC")
        state = {"audience": "everyone", "state": "published", "promotion": "automatic"}
        times = {"starts_at": now(), "ends_at": now() + timedelta(days=1)}
        _insert("event", id=event_id, owner_id=owner_id, zone="UTC", **state, **times)
        for place, words in enumerate(["Full", "Full", "Full (2)", "Full", "x" * 100, "x" * 100], 1):
            more = {"amount": None, "currency": None, "places": None, "opens_at": None}
            more |= {"question_id": None, "closes_at": None, "price": "free"}
            _insert("event_option", id=uuid.uuid4(), event_id=event_id, place=place, words=words, **more)
        upgrade()

        names = db.session.scalars(sa.select(EventOption.words).order_by(EventOption.place)).all()
        assert names == ["Full", "Full (3)", "Full (2)", "Full (4)", "x" * 100, "x" * 96 + " (2)"]
        db.session.remove()
        downgrade(revision="0051")
        assert db.session.scalar(sa.text("SELECT count(*) FROM event_option WHERE words = 'Full'")) == 1


def test_secret_groups_get_addresses_that_nobody_guesses(empty_app):
    with empty_app.app_context():
        upgrade(revision="0053")
        ids = {visibility: uuid.uuid4() for visibility in ("open", "secret")}
        for visibility, id in ids.items():
            way_in = {"open": "join", "secret": "invite"}[visibility]
            levels = dict.fromkeys(("events", "votes"), "member")
            may = {f"may_create_{name}": level for name, level in levels.items()}
            more = {**may, "may_start_threads": "member", "may_see_members": "member", "hidden_was": None}
            _insert("group", id=id, slug=f"{visibility}-" + "x" * 60, visibility=visibility, way_in=way_in, zone="UTC", **more)
        upgrade()

        slugs = dict(db.session.execute(sa.select(Group.id, Group.slug)).all())
        assert slugs[ids["open"]] == "open-" + "x" * 60
        assert re.fullmatch(f"secret-{'x' * 53}-[a-z2-9]{{10}}", slugs[ids["secret"]])
        before = db.session.execute(sa.select(GroupSlug.slug, GroupSlug.group_id)).all()
        assert before == [("secret-" + "x" * 60, ids["secret"])]
        db.session.remove()
        downgrade(revision="0053")
        assert db.session.scalar(sa.text("SELECT count(*) FROM \"group\" WHERE slug LIKE 'secret-%'")) == 1


def test_figures_of_few_secret_ballots_are_forgotten_and_published_seeds_stay(empty_app):
    with empty_app.app_context():
        upgrade(revision="0058")
        ids = {number: uuid.uuid4() for number in (1, 4, 5)}
        user_id, group_id = uuid.uuid4(), uuid.uuid4()
        _insert("user", id=user_id, email="ana@example.org", handle="ana", zone="UTC")
        _insert("group", id=group_id, slug="garden", zone="UTC", visibility="open", way_in="join")
        for number, vote_id in ids.items():
            _insert_vote(vote_id, user_id, group_id, number)
        upgrade()

        votes = {number: db.session.get(Vote, vote_id) for number, vote_id in ids.items()}
        assert votes[1].finding == {"kind": "proposal", "cast": 0, "blank": 0}
        assert votes[4].finding == {"kind": "proposal", "cast": 0, "blank": 0, "verdict": "carried"}
        assert votes[5].finding["answers"] == {"agree": 5}
        assert {(vote.seed, vote.lot_commitment) for vote in votes.values()} == {("5" * 64, None)}
        lines = db.session.scalars(sa.select(Notification).order_by(Notification.url))
        assert ["agreed" in kinds.sentence(line) for line in lines] == [False, False, True]
        db.session.remove()
        downgrade(revision="0058")


def _insert_vote(vote_id: uuid.UUID, user_id: uuid.UUID, group_id: uuid.UUID, number: int) -> None:
    """A closed secret proposal to which so many agreed, as it was, and the line that told of it."""
    finding = {"kind": "proposal", "cast": number, "blank": 0, "answers": {"agree": number}, "verdict": "carried"}
    fixed = {"kind": "proposal", "results": "after_close", "electorate": "members", "slug": f"vote-{number}"}
    fixed |= {"is_secret": True, "is_anonymous": True, "roll_count": 9, "ballot_count": number}
    fixed |= {"choices_min": 1, "choices_max": 1, "seed": "5" * 64, "finding": finding}
    times = {"opens_at": now() - timedelta(days=2), "closes_at": now() - timedelta(days=1), "closed_at": now()}
    _insert("vote", id=vote_id, group_id=group_id, author_id=user_id, zone="UTC", **fixed, **times)
    found = {"is": "agreed", "bar": ["voices", number, number], "rule": [1, 2, True]}
    words = {"title": "x", "finding": found}
    told = {"kind": "vote.closed", "scope": f"vote:{vote_id}", "label": "x", "url": f"/{number}", "words": words}
    _insert("notification", id=uuid.uuid4(), user_id=user_id, **told)


def _insert(name: str, **values) -> None:
    """A row as the table is at this revision; what must be filled and is not named gets something."""
    something = {str: "x", bool: False, int: 0}
    with db.engine.begin() as connection:
        table = sa.Table(name, sa.MetaData(), autoload_with=connection)
        if connection.dialect.name == "sqlite":
            values = {key: value.hex if isinstance(value, uuid.UUID) else value for key, value in values.items()}
        for column in table.columns:
            if column.name not in values and not column.nullable and column.server_default is None:
                values[column.name] = something.get(column.type.python_type) if column.type.python_type in something else now()
        connection.execute(table.insert().values(values))


def test_ready_only_when_the_tables_are_there(empty_app):
    client = empty_app.test_client()
    assert client.get("/health/ready").status_code == 503
    with empty_app.app_context():
        upgrade()

    assert client.get("/health/ready").json == {"status": "ready", "database": "here", "migrations": "done"}
