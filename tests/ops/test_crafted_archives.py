"""Archives that someone has altered: each is refused with a sentence, and nothing is changed."""

import json
import random
import tracemalloc
import zipfile
from collections.abc import Callable
from io import BytesIO
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests import factories
from tests.ops.sites import command, digests
from webapp.core.extensions import db
from webapp.core.http.errors import UserError
from webapp.ops.backup import archive as archives, restoring, rows

#: More than Python's parser of JSON follows.
DEEP = "[" * 5000 + "]" * 5000


def altered(path: Path, change: Callable[[dict[str, Any], dict[str, bytes]], Any]) -> Path:
    """Return a copy of the archive with another manifest, or its text, or other members."""
    with zipfile.ZipFile(path) as file:
        members = {name: file.read(name) for name in file.namelist()}
    manifest = json.loads(members.pop("manifest.json"))
    text = change(manifest, members) or json.dumps(manifest)
    target = path.with_name("altered.zip")
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(name, content)
        file.writestr("manifest.json", text)
    return target


def _another_row(manifest, members):
    members["rows/user.jsonl"] = members["rows/user.jsonl"].replace(b'"Noor"', b'"Mallory"')


def _a_row_less(manifest, members):
    members["rows/membership.jsonl"] = b"".join(
        members["rows/membership.jsonl"].splitlines(keepends=True)[:-1]
    )


def _a_row_without_its_parent(manifest, members):
    lines = members["rows/category.jsonl"].splitlines(keepends=True)
    members["rows/category.jsonl"] = b"".join(lines[:-1])
    digest = rows.RowDigest()
    for line in lines[:-1]:
        digest.add(line.decode().rstrip("\n"))
    manifest["tables"]["category"].update(digest.plain())


def _half_a_line(manifest, members):
    members["rows/outgoing_email.jsonl"] = members["rows/outgoing_email.jsonl"][:-20]


def _another_file(manifest, members):
    members["files/two.txt"] = b"something else"


def _file_named(*names):
    """Return a change that adds files under these names."""

    def change(manifest, members):
        for name in names:
            members[f"files/{name}"] = members["files/two.txt"]
            manifest["files"][name] = manifest["files"]["two.txt"]

    change.__name__ = f"file_named_{names[0][:20]}"
    return change


def _a_file_longer_than_stated(manifest, members):
    members["files/two.txt"] = bytes(10_000_000)


def _a_file_shorter_than_stated(manifest, members):
    manifest["files"]["two.txt"]["bytes"] += 1


def _no_such_file(manifest, members):
    del members["files/two.txt"]


def _text(words):
    def change(manifest, members):
        return words

    change.__name__ = f"text_{words[:20]!r}"
    return change


def _a_table_less(manifest, members):
    del manifest["tables"]["ballot"]


def _newer_form(manifest, members):
    manifest["form"] = 2


def _odd(*path, value):
    """Return a change of the manifest that puts another value in this place, or removes it."""

    def change(manifest, members):
        place = manifest
        for name in path[:-1]:
            place = place[name]
        if value is None:
            del place[path[-1]]
        else:
            place[path[-1]] = value

    change.__name__ = f"odd_{'_'.join(path)}"
    return change


#: Sentences, and the changes that are refused with them before the database is touched.
EARLY = {
    "manifest of this backup is damaged": [
        _odd("files", value=["two.txt"]),
        _odd("files", value="two.txt"),
        _odd("files", "two.txt", value=7),
        _odd("files", "two.txt", "sha256", value=None),
        _odd("files", "two.txt", "sha256", value={}),
        _odd("files", value=None),
        _odd("tables", value=[]),
        _odd("tables", "user", value=3),
        _odd("tables", "user", "columns", value="id"),
        _odd("tables", "user", "rows", value=True),
        _odd("tables", "user", "rows", value="1"),
        _odd("tables", "user", "digest", value=None),
        *(_odd("revision", value=value) for value in (12, "", "\x1b[2J", "../0001", "x" * 65)),
        *(_odd("made_at", value=value) for value in (None, "", "today", "2026-11-25T10:00:00")),
        _odd("made_at", value="2026-11-25\x1b10:00:00+00:00"),
        _text('{"kind": "folkmoot-backup", "form": 1}' + " " * 2_000_000),
    ],
    "isn’t a Folkmoot backup": [
        *map(_text, (DEEP, '{"kind":' * 5000, "[]", "null", "7", '"folkmoot-backup"', "{")),
        *map(_text, (b"\xff\xfe", '{"kind": ["folkmoot-backup"]}', '{"kind": %s}' % ("9" * 5000))),
    ],
    "newer Folkmoot": [
        _newer_form,
        # what Alembic understands, too
        *(
            _odd("revision", value=value)
            for value in ("9999_later", "head", "heads", "base", "000")
        ),
    ],
    "before Folkmoot’s first release": [_odd("revision", value="0060")],
    "a file with an invalid name": [
        *map(_file_named, ("../../evil", "/etc/passwd", "a" * 300, "/".join("a" * 200), "")),
        *map(_file_named, ("a//b", "a b", "a\x1b[2J", "a\0b", "é", ".hidden")),
    ],
    "both a file and a folder named a": [_file_named("a", "a/b"), _file_named("a/b/c", "a")],
    "archive is damaged: files/two.txt can’t be read": [
        _another_file,
        _a_file_longer_than_stated,
        _a_file_shorter_than_stated,
        _no_such_file,
    ],
}
#: The same for changes that are noticed while rows are inserted.
LATE = {
    "don’t match the manifest": [_another_row, _a_row_less],
    "can’t be read, or don’t fit": [_a_row_without_its_parent, _half_a_line],
    "don’t match its revision": [_a_table_less],
}


@pytest.fixture
def inhabited(new_site, migrated):
    """A site with a person and a file."""
    new = new_site(like=migrated)
    with new.app_context():
        factories.user("Someone", "Else")
        db.session.remove()
    (new.config["INSTANCE"] / "files").mkdir()
    (new.config["INSTANCE"] / "files" / "mine").write_text("mine")
    return new


@pytest.mark.any_database
@pytest.mark.parametrize("changes", [EARLY, pytest.param(LATE, marks=pytest.mark.long(8))])
def test_an_altered_backup_changes_nothing(archive, inhabited, changes):
    before = digests(inhabited)
    for words, alike in changes.items():
        for change in alike:
            _is_refused(inhabited, altered(archive, change), words, change.__name__)
    assert digests(inhabited) == before


def _is_refused(site, path, words, what):
    refused = site.test_cli_runner().invoke(args=["restore", "--replace", str(path)])
    assert refused.exit_code == 1, what
    assert words in refused.output, (what, refused.output)
    assert "\x1b" not in refused.output, what
    assert site.extensions["files"].names() == ["mine"], what
    assert sorted(path.name for path in site.config["INSTANCE"].glob("files*")) == ["files"], what


@pytest.mark.any_database
def test_an_archive_with_encrypted_entries_is_refused(archive, new_site):
    content = bytearray(archive.read_bytes())
    for sign, place in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        content[content.index(sign) + place] |= 1
    locked = archive.with_name("locked.zip")
    locked.write_bytes(content)

    said = command(new_site(), "restore", locked)
    assert (said.exit_code, "encrypted" in said.output) == (1, True)


def small(path, **options):
    """Write an archive of one table and one file, without a database; return its path."""
    with zipfile.ZipFile(path, "w", **options) as file:
        into = archives.Writer(file)
        into.rows("thing", ['["a","b"]'] * 20)
        manifest = {"revision": "0001", "made_at": "2026-11-25T10:00:00+00:00", "tables": {}}
        into.manifest(manifest | {"files": {"one": into.file("one", BytesIO(b"one" * 99))}})
    return path


def read(path):
    """Read the whole archive."""
    with archives.opened(path) as source:
        return list(source.rows("thing")), {name: file.read() for name, file in source.files()}


@pytest.mark.usefixtures("context")
def test_a_damaged_byte_anywhere_is_explained_or_harmless(tmp_path):
    path = small(tmp_path / "small.zip", compression=zipfile.ZIP_DEFLATED)
    whole, draw = path.read_bytes(), random.Random(38)
    sound, refused = read(path), 0
    for _ in range(300):
        content = bytearray(whole)
        content[draw.randrange(len(content))] ^= 1 << draw.randrange(8)
        path.write_bytes(content)
        try:
            assert read(path) == sound
        except UserError:
            refused += 1
    assert refused > 100


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize("method", ["BZIP2", "LZMA"])
def test_unbounded_compression_is_refused(tmp_path, method):
    path = small(tmp_path / "small.zip", compression=getattr(zipfile, f"ZIP_{method}"))
    with pytest.raises(UserError, match="compressed in a way"):
        read(path)


def _with(path, member, content):
    """Replace a member of the archive."""
    with zipfile.ZipFile(path) as file:
        members = {name: file.read(name) for name in file.namelist()} | {member: content}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in members.items():
            file.writestr(name, text)


def _peak(act):
    tracemalloc.start()
    try:
        with pytest.raises(UserError, match="can’t be read"):
            act()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize("member", ["rows/thing.jsonl", "files/one"])
def test_no_line_and_no_file_takes_more_memory_than_stated(tmp_path, monkeypatch, member):
    monkeypatch.setattr(archives, "LONGEST_LINE", 100_000)
    path = small(tmp_path / "small.zip")
    _with(path, member, bytes(20_000_000))

    assert _peak(lambda: read(path)) < 2_000_000


def test_a_backup_refuses_rows_that_it_could_not_restore(context, tmp_path, monkeypatch):
    monkeypatch.setattr(archives, "LONGEST_LINE", 5)
    with pytest.raises(UserError, match="too long"):
        small(tmp_path / "small.zip")


#: Values as they are in JSON, and the JSON types that they have.
VALUES = {
    "{}": dict, "[]": list, '{"a": {}}': dict, '["a"]': list, DEEP: list, "true": bool, "7": int,
    str(2**70): int, "1e999": float, "NaN": float, '""': str, '"abc"': str, r'"\ud800"': str,
    r'"\u0000"': str, json.dumps(DEEP): str, '"2026-13-45"': str,
}  # fmt: skip
TAKES = {sa.Integer: int, sa.Boolean: bool, sa.Float: float}


@pytest.fixture
def every_type(context):
    """A connection, and a table with a column of each type that a table of the site has."""
    with db.engine.connect() as connection, connection.begin() as transaction:
        kinds = {
            type(column.type): column.type
            for table in rows.tables(connection).values()
            for column in rows.columns(table)
        }
        columns = [sa.Column(f"c{place:02}", kind) for place, kind in enumerate(kinds.values())]
        table = sa.Table("every_type", sa.MetaData(), *columns)
        made = sa.Table("every_type", sa.MetaData())
        for column in columns:
            is_json = isinstance(column.type, rows.Json)
            made.append_column(sa.Column(column.name, sa.JSON() if is_json else column.type))
        made.create(connection)
        yield connection, table
        transaction.rollback()


def _is_taken(connection, table, line):
    """Whether the line is inserted and read; if not, it is refused with a sentence."""
    savepoint = connection.begin_nested()
    try:
        with restoring._fitting(table.name):
            rows.write(connection, table, [line])
            rows.digest(connection, table)
        return True
    except UserError:
        return False
    finally:
        savepoint.rollback()


def test_no_value_of_another_type_is_inserted(every_type):
    connection, table = every_type
    assert len(table.columns) > 6
    wrong = []
    for place, column in enumerate(table.columns):
        takes = next((own for kind, own in TAKES.items() if isinstance(column.type, kind)), str)
        for text, of in VALUES.items():
            values = ["null"] * len(table.columns)
            values[place] = text
            if _is_taken(connection, table, f"[{','.join(values)}]") and of is not takes:
                wrong.append((column.type, text))
    assert wrong == []


def test_rows_beyond_the_stated_number_are_not_inserted(context, tmp_path):
    taken = []

    class Endless:
        def rows(self, name):
            for number in count():
                taken.append(number)
                yield f"[{number}]"

    metadata = sa.MetaData()
    table = sa.Table("endless", metadata, sa.Column("id", sa.Integer, primary_key=True))
    with sa.create_engine("sqlite://").begin() as connection:
        metadata.create_all(connection)
        found = restoring._written(connection, table, Endless(), 3)
    assert (found["rows"], len(taken)) == (4, 4)
