"""The contract of search, on the database the tests run on."""

import uuid
from random import Random

import pytest
import sqlalchemy as sa

from tests import factories
from tests.ops.sites import backed_up, command, migrated as migrated, new_site as new_site
from webapp.core.extensions import db
from webapp.core.text import search
from webapp.core.time import clock
from webapp.events.models import Event
from webapp.groups.models import Group

#: name, summary, description, place
GROUPS = {
    "repair": (
        "Repair Café Kreuzberg",
        "We mend what others throw away",
        "Bring a **toaster**",
        "Berlin",
    ),
    "street": ("Straße am Fluß", "Walks by the river", "", "Köln"),
    "ship": ("İstanbul Yelken", "Iğdır’dan denize", "", "İstanbul"),
    "chess": ("Шахматы в парке", "Играем по средам", "", "Київ"),
    "stroll": ("東京散歩の会", "ゆっくり歩く", "", "東京"),
    "tales": ("நாட்டுக் கதைகள்", "हिन्दी कहानियाँ", "ยินดีต้อนรับ", "Toronto"),
    "songs": ("한국 노래", "Sören’s naïve façade", "", "Århus"),
    "berlin": ("Berlin of the mind", "People from Porto", "", "Lisboa"),
}


@pytest.fixture
def groups(context, ana):
    """The groups, by the last word of their names."""
    rows = [_row(slug, *texts) for slug, texts in GROUPS.items()]
    db.session.execute(sa.insert(Group), rows)
    db.session.commit()


def _row(
    slug: str, name: str = "", glance: str = "", more: str = "", place: str = "", **values
) -> dict:
    text = search.search_text_of(name or slug, glance, more, place)
    kept = {
        "slug": slug,
        "name": name or slug,
        "summary": glance,
        "description": more,
        "location": place,
        "search_text": text,
    }
    return {"id": uuid.uuid4(), "created_at": clock.now(), **kept, **values}


def found(words: str = "", place: str = "", by_name: bool = False) -> set[str]:
    asked = search.parse_terms(words, place)
    fits = search.find_named(Group, asked)[1] if by_name else search.find(Group, asked)
    return set(db.session.scalars(sa.select(Group.slug).where(fits.condition)))


FITTING = [
    ("repair café kreuzberg", {"repair"}),
    ("kreuzberg REPAIR", {"repair"}),
    ("cafe", {"repair"}),
    ("CAFÉ", {"repair"}),
    ("cafe\u0301", {"repair"}),
    ("kreuz rep", {"repair"}),
    ("berg", set()),
    ("toast", {"repair"}),
    ("repair river", set()),
    ("strasse", {"street"}),
    ("STRAßE fluss", {"street"}),
    ("istanbul", {"ship"}),
    ("ISTANBUL", {"ship"}),
    ("ıstanbul İGDIR", {"ship"}),
    ("ШАХМАТЫ", {"chess"}),
    ("парк шах", {"chess"}),
    ("東京", {"stroll"}),
    ("散歩", {"stroll"}),
    ("会", {"stroll"}),
    ("京散歩", {"stroll"}),
    ("散東", set()),
    ("歩く", {"stroll"}),
    ("கதைகள்", {"tales"}),
    ("हिन्दी", {"tales"}),
    ("ต้อนรับ", {"tales"}),
    ("노래", {"songs"}),
    ("soren naive facade", {"songs"}),
    ("berlin", {"repair", "berlin"}),
]


@pytest.mark.parametrize("many", [search.MANY, 0])
def test_words_find_matching_groups_with_and_without_the_index(groups, monkeypatch, many):
    monkeypatch.setattr(search, "MANY", many)

    assert {words: found(words) for words, _slugs in FITTING} == dict(FITTING)


HARMLESS = [
    *(
        '"cafe"',
        "cafe*",
        "cafe NEAR",
        "cafe AND",
        "cafe OR river",
        "NOT cafe",
        "cafe:",
        "-cafe",
        "cafe^2",
        "{words}: cafe",
    ),
    *(
        "cafe & river",
        "cafe | !river",
        "cafe <-> river",
        "'cafe' ':*",
        "cafe\\",
        "cafe%",
        "c_fe",
        "cafe\x00river",
    ),
    *(
        "cafe; DROP TABLE",
        "%s %(words)s",
        ":words",
        "((cafe",
        "NEAR(cafe river, 2)",
        "🧵 cafe",
        "cafe\n\t\r",
        "\u202ecafe",
    ),
    *("cafe " * 2000, "x" * 10_000, "ﷺ" * 500, "n0repair", "p0berlin"),
]


@pytest.mark.parametrize("many", [search.MANY, 0])
def test_search_input_is_only_ever_treated_as_words(groups, monkeypatch, many):
    monkeypatch.setattr(search, "MANY", many)
    plain = {
        words: "".join(sign if sign.isalnum() else " " for sign in words) for words in HARMLESS
    }

    assert {words: found(words) for words in HARMLESS} == {
        words: found(signs) for words, signs in plain.items()
    }
    assert {words: found("", words) for words in HARMLESS} == {
        words: found("", signs) for words, signs in plain.items()
    }
    assert set().union(*map(found, HARMLESS)) <= {"repair"}
    assert len(list(db.session.scalars(sa.select(Group.id)))) == len(GROUPS)


def test_punctuation_finds_nothing_and_an_empty_search_finds_everything(groups):
    for signs in ("%", "_", "'", "*", "\x00", "…", "🧵", "- -"):
        assert found(signs) == found("", signs) == set(), signs
    assert found() == found("  ") == set(GROUPS)


def test_places_are_searched_separately(groups):
    assert found("", "berlin") == {"repair"}
    assert found("mind", "BERLIN") == set()
    assert found("mend", "berl") == {"repair"}
    assert found("", "istanbul") == {"ship"}
    assert found("porto") == {"berlin"}
    assert found("", "porto") == set()
    assert found("berlin", by_name=True) == {"berlin"}


def test_name_matches_rank_above_summary_and_summary_above_the_rest(context):
    texts = {
        "rest": ("A", "B", "We like moss"),
        "line": ("C", "Moss and stones"),
        "named": ("Friends of moss",),
        "called": ("Moss",),
        "none": ("Stones",),
    }
    db.session.execute(sa.insert(Group), [_row(slug, *words) for slug, words in texts.items()])
    asked = search.parse_terms("MOSS")
    chosen = sa.select(Group.slug, search.rank(Group, asked)).where(
        search.find(Group, asked).condition
    )
    ranks = dict(db.session.execute(chosen).all())

    assert ranks == {"called": 0, "named": 1, "line": 2, "rest": 3}


def test_search_sees_changes_of_its_transaction_until_they_are_rolled_back(groups):
    group = db.session.scalar(sa.select(Group).where(Group.slug == "repair"))
    group.search_text = search.search_text_of("Mending circle")
    db.session.flush()
    assert (found("mending"), found("cafe")) == ({"repair"}, set())

    db.session.rollback()
    assert (found("mending"), found("cafe")) == (set(), {"repair"})

    db.session.execute(sa.delete(Group).where(Group.slug == "repair"))
    assert found("cafe") == set()
    db.session.commit()
    assert found("cafe") == set()

    db.session.execute(sa.insert(Group), [_row("repair", "Repair Café")])
    assert found("cafe") == {"repair"}


def test_index_and_scan_agree_after_a_thousand_changes(groups, monkeypatch):
    random, words = Random(5), ["moss", "stone", "river", "mossy", "stony", "rivers"]
    for turn in range(150):
        some = " ".join(random.choices(words, k=2))
        slug = random.choice(list(GROUPS))
        db.session.execute(
            sa.update(Group)
            .where(Group.slug == slug)
            .values(search_text=search.search_text_of(some))
        )
        if turn % 10 == 0:
            db.session.execute(sa.delete(Group).where(Group.slug == slug))
            db.session.execute(sa.insert(Group), [_row(slug, some)])
    by_index = {word: found(word) for word in words}
    monkeypatch.setattr(search, "MANY", -1)

    assert by_index == {word: found(word) for word in words}
    assert by_index["moss"] >= by_index["mossy"]


def test_vacuum_does_not_change_search_results(groups):
    if db.engine.dialect.name != "sqlite":
        return
    db.session.execute(sa.delete(Group).where(Group.slug == "repair"))
    db.session.commit()
    with db.engine.connect() as connection:
        connection.connection.dbapi_connection.execute("VACUUM")

    assert found("istanbul") == {"ship"}
    assert found("東京") == {"stroll"}


@pytest.mark.parametrize("model", [Group, Event])
def test_search_uses_the_index_on_large_tables(context, ana, model):
    many, rare = 3000, 7
    if model is Group:
        rows = [
            _row(f"g{number}", f"Walkers {number}", "moss" if number < rare else "")
            for number in range(many)
        ]
    else:
        one = factories.event(ana)
        kept = {column.key: getattr(one, column.key) for column in sa.inspect(Event).column_attrs}
        rows = []
        for number in range(many):
            text = search.search_text_of(f"Walk {number}", "moss" if number < rare else "")
            rows.append(kept | {"id": uuid.uuid4(), "slug": f"e{number}", "search_text": text})
    db.session.execute(sa.insert(model), rows)
    db.session.commit()
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql(f'ANALYZE "{model.__tablename__}"')

    assert _plans(model, "moss")[0] is True
    assert len(found_ids(model, "moss")) == rare
    assert len(found_ids(model, "walk")) == many
    assert _plans(model, "walk")[-1] is False  # every row matches: read in the list's order


def found_ids(model, words: str) -> list:
    return list(
        db.session.scalars(
            sa.select(model.id).where(search.find(model, search.parse_terms(words)).condition)
        )
    )


def _plans(model, words: str) -> list[bool]:
    """Return whether the index is used to find matches, and then in the list, whose query contains
    the matches.
    """
    sent = []
    sa.event.listen(
        db.engine, "before_cursor_execute", note := lambda *a: sent.append((a[2], a[3]))
    )
    found_ids(model, words)
    sa.event.remove(db.engine, "before_cursor_execute", note)
    on_postgresql = db.engine.dialect.name == "postgresql"
    explain, index = "EXPLAIN QUERY PLAN", "VIRTUAL TABLE INDEX"
    if on_postgresql:
        explain, index = "EXPLAIN", f"ix_{model.__tablename__}_search"
    ask = db.session.connection().exec_driver_sql
    statements = [(sql, values) for sql, values in sent if sql.startswith("SELECT")]
    return [
        any(index in str(line) for line in ask(f"{explain} {sql}", values))
        for sql, values in statements
    ]


def test_migrations_create_the_same_index_as_the_models(app, migrated_app):
    def made() -> set[str]:
        on_postgresql = db.engine.dialect.name == "postgresql"
        wanted = (
            "SELECT indexdef FROM pg_indexes"
            if on_postgresql
            else "SELECT sql FROM sqlite_master WHERE type <> 'index'"
        )
        with db.engine.connect() as connection:
            return {
                " ".join(line.split())
                for line in connection.exec_driver_sql(wanted).scalars()
                if line and "_search" in line
            }

    with app.app_context():
        by_models = made()
    with migrated_app.app_context():
        assert made() == by_models
    assert len(by_models) >= 2


def test_a_restored_site_finds_the_same_groups(new_site, migrated, tmp_path):
    old, new = new_site(like=migrated), new_site(like=migrated)
    with old.app_context():
        db.session.execute(sa.insert(Group), [_row(slug, *texts) for slug, texts in GROUPS.items()])
        db.session.commit()
        db.session.remove()
    path = backed_up(old, tmp_path)
    assert b"_search" not in path.read_bytes()

    for more in ((), ("--replace",)):
        assert command(new, "restore", path, *more).exit_code == 0
        with new.app_context():
            assert (found("istan"), found("散歩"), found("", "berlin")) == (
                {"ship"},
                {"stroll"},
                {"repair"},
            )
            assert all(
                search.find(Group, search.parse_terms(word)).few for word in ("istan", "cafe")
            )
