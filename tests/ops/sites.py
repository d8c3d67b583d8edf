"""Sites with their own databases, small or with the demo's community, for backups and restores."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask

from tests import databases, factories, sample_site
from tests.conftest import DATABASE
from tests.fan_outs import run_fan_outs
from tests.migrated import database as migrated_database
from tests.shared_fixtures import made_once
from tests.voting import making
from webapp import create_app
from webapp.accounts import verifications
from webapp.core.extensions import db
from webapp.groups.models import Category
from webapp.mail import outbox
from webapp.mail.models import SENT, OutgoingEmail
from webapp.ops.backup import rows

#: The number of people on the small site.
PEOPLE = 14
#: Tables that a restore changes on purpose, after every row has been compared.
CHANGED_AFTERWARDS = {"sign_in", "mailed_link", "site_flag", "audit_entry"}


def site(url: str, folder: Path) -> Flask:
    folder.mkdir()
    return create_app(
        DATABASE_URL=url,
        INSTANCE=str(folder),
        REDIS_URL="",
        MAIL_SERVER="",
        SECRET_KEY="k" * 40,
        TESTING=True,
    )


@contextmanager
def on(address: AbstractContextManager[str], folder: Path) -> Iterator[Flask]:
    """Yield a site on the database that this context manager creates."""
    with address as url:
        app = site(url, folder)
        yield app
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


@pytest.fixture(scope="session")
def migrated() -> str:
    """The URL of a database with all tables and no people, to be copied, never used."""
    return migrated_database(DATABASE)


@pytest.fixture
def new_site(tmp_path: Path) -> Iterator[Callable[..., Flask]]:
    """A function that creates a site on an empty database of the tests' engine, or on a copy of
    `like`.
    """
    with ExitStack() as sites:
        numbers = count()
        yield lambda kind=DATABASE, like="": sites.enter_context(
            on(databases.fresh(kind, tmp_path, like), tmp_path / f"site{next(numbers)}")
        )


@pytest.fixture(scope="session")
def lived_in(migrated: str) -> tuple[str, Path]:
    """The URL of a small site's database and the folder of its files, both to be copied, never
    used.
    """
    made = made_once(f"lived-in-{DATABASE}", lambda folder: left(settled(begun(migrated, folder))))
    return made["url"], Path(made["files"])


def begun(migrated: str, folder: Path, kind: str = DATABASE) -> Flask:
    """Return a site in this folder, on a migrated database that isn't dropped."""
    return site(databases.made(kind, folder, migrated), folder / "site")


def left(app: Flask, said: str = "") -> dict[str, str]:
    """Close the site's connections; return where its data is."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    return {
        "url": app.config["SQLALCHEMY_DATABASE_URI"],
        "files": str(app.extensions["files"].path),
        "said": said,
    }


@pytest.fixture
def old(new_site, lived_in) -> Flask:
    """A small site: a group, an event and a vote with a ballot; an emailed link, emails waiting and
    sent, and two files.
    """
    url, files = lived_in
    return with_files(new_site(like=url), files)


@pytest.fixture(scope="module")
def archive(lived_in: tuple[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The backup of such a small site."""
    folder, (url, files) = tmp_path_factory.mktemp("archive"), lived_in
    with on(databases.fresh(DATABASE, folder, url), folder / "site") as app:
        yield backed_up(with_files(app, files), folder)


def with_files(app: Flask, files: Path) -> Flask:
    """Return the site with a copy of these files."""
    shutil.copytree(files, app.extensions["files"].path, dirs_exist_ok=True)
    return app


def settled(app: Flask) -> Flask:
    """Add the contents of a small site; return the site."""
    with app.app_context():
        here = sample_site.build(app)
        making.cast(here.vote, here.people["member"], 1)
        verifications.send(factories.user("Noor", verified_at=None))
        outbox.enqueue_email("mail/test", to="sent@example.org").state = SENT
        outbox.enqueue_email("mail/test", to="waiting@example.org")
        db.session.add(Category(slug="tests", name="Tests"))
        here.group.categories = list(db.session.scalars(sa.select(Category)))
        run_fan_outs()
        db.session.remove()
    app.extensions["queue"].clear()
    folder = app.extensions["files"].path
    (folder / "ab").mkdir(parents=True)
    (folder / "ab" / "one.bin").write_bytes(os.urandom(70_000))
    (folder / "two.txt").write_text("Grüße\n")
    return app


class Demo(NamedTuple):
    """The demo's database and files, to be copied, and what happened when it was added to a site on
    which someone waits for an email: first without --force.

    `said` and `refused`: the command's output; `emails` and `jobs` that wait afterwards; the number
    of changing statements in each transaction.
    """

    url: str
    files: Path
    said: str
    refused: str
    emails: list[str]
    jobs: int
    writes: list[int]


@pytest.fixture(scope="session")
def demo() -> Demo:
    """The demo's community, created once, to be copied."""
    return demo_on(DATABASE)


def demo_on(kind: str) -> Demo:
    """Return the demo's community on this kind of database, created once for all processes."""
    made = made_once(
        f"demo-{kind}", lambda folder: seeded(begun(migrated_database(kind), folder, kind))
    )
    values = {name: made[name] for name in ("url", "said", "refused")}
    emails, writes = made["emails"].split(), [int(number) for number in made["writes"].split()]
    return Demo(
        **values, files=Path(made["files"]), emails=emails, jobs=int(made["jobs"]), writes=writes
    )


def seeded(app: Flask) -> dict[str, str]:
    with app.app_context():
        waits = factories.user("Noor")
        kept = outbox.enqueue_email("accounts/verify", to=waits.email)
        db.session.commit()
        rows = [kept, waits]
        refused = command(app, "seed-demo")
        assert refused.exit_code == 1
        app.extensions["queue"].clear()
        with counted_writes() as writes:
            said = command(app, "seed-demo", "--force")
        assert said.exit_code == 0, said.output
        emails = [row.address for row in db.session.scalars(sa.select(OutgoingEmail))]
        for row in rows:
            db.session.delete(row)
        db.session.commit()
    return {
        **left(app, said.output),
        "refused": refused.output,
        "emails": " ".join(emails),
        "jobs": str(len(drained(app))),
        "writes": " ".join(map(str, writes)),
    }


def drained(app: Flask) -> list[Any]:
    """Take all jobs out of the queue, and return them."""
    return list(iter(app.extensions["queue"].take, None))


@contextmanager
def counted_writes() -> Iterator[list[int]]:
    """Yield the number of statements that change something in each transaction."""
    writes = [0]

    def sent(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        writes[-1] += statement.startswith(("INSERT", "UPDATE", "DELETE"))

    def kept(_connection: Any) -> None:
        writes.append(0)

    listening = {"before_cursor_execute": sent, "commit": kept}
    for name, listener in listening.items():
        sa.event.listen(sa.Engine, name, listener)
    try:
        yield writes
    finally:
        for name, listener in listening.items():
            sa.event.remove(sa.Engine, name, listener)


@pytest.fixture
def full(new_site, demo) -> Flask:
    """The contents of `old`, together with the demo's whole community."""
    return settled(with_files(new_site(like=demo.url), demo.files))


def command(app: Flask, *words: str) -> Result:
    result = app.test_cli_runner().invoke(args=[str(word) for word in words])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def digests(app: Flask) -> dict[str, Any]:
    with app.app_context(), db.engine.connect() as connection:
        return {
            name: rows.digest(connection, table) for name, table in rows.tables(connection).items()
        }


def backed_up(app: Flask, tmp_path: Path) -> Path:
    path = tmp_path / "backup.zip"
    assert command(app, "backup", path).exit_code == 0
    return path
