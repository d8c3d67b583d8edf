"""The file store: a folder and a real S3 server behave the same; a site works with either, and says
when it is down.
"""

import os
from io import BytesIO
from pathlib import Path

import pytest

from tests import databases, factories, images, s3
from tests.browser_like import Browser
from tests.conftest import DATABASE
from webapp import create_app
from webapp.core.extensions import db
from webapp.core.http.errors import UserError
from webapp.core.storage.files import Bucket, Folder, StorageUnavailable

STORES = ["folder", pytest.param("bucket", marks=pytest.mark.services)]


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with s3.running(tmp_path_factory.mktemp("s3") / "log") as settings:
        yield settings


@pytest.fixture(params=STORES)
def settings(request, tmp_path):
    """The settings of a site that stores its files there."""
    if request.param == "folder":
        return {}
    found = dict(request.getfixturevalue("server"))
    found["FILES_URL"] += f"/{tmp_path.name}"
    return found


@pytest.fixture
def store(settings, tmp_path):
    return Bucket(settings) if settings else Folder(tmp_path / "files")


def test_files_are_written_read_listed_and_deleted(store):
    assert store.names() == []
    store.write("pictures/one.webp", b"one")
    store.write("pictures/two.webp", os.urandom(300_000))

    assert store.read("pictures/one.webp") == b"one"
    assert len(store.open("pictures/two.webp").read()) == 300_000
    assert store.names() == ["pictures/one.webp", "pictures/two.webp"]
    assert all(since.tzinfo is not None for _name, since in store.with_dates())

    store.delete("pictures/one.webp", "pictures/never.webp")
    assert store.names() == ["pictures/two.webp"]


def test_a_missing_file_raises_file_not_found(store):
    store.write("here", b"")
    for ask in (store.read, store.open):
        with pytest.raises(FileNotFoundError):
            ask("pictures/gone.webp")


@pytest.mark.parametrize(
    "name", ["../out", "/etc/passwd", "a/../../b", "a//b", "", "a\0b", ".hidden", "a/..", "C:\\x"]
)
def test_no_file_name_escapes_the_folder(store, name):
    for ask in (store.read, lambda name: store.write(name, b"x"), store.delete):
        with pytest.raises(UserError):
            ask(name)
    with pytest.raises(UserError), store.staged([(name, BytesIO(b"x"))]):
        pass
    assert store.names() == []


def test_a_restore_replaces_the_existing_files(store):
    for name in ("kept", "old"):
        store.write(name, b"before")
    with store.staged([("kept", BytesIO(b"before")), ("a/new", BytesIO(b"new"))]):
        assert "old" in store.names()
        store.replace()

    assert store.names() == ["a/new", "kept"]
    assert store.read("a/new") == b"new"


def test_an_interrupted_restore_keeps_the_existing_files(store):
    store.write("old", b"before")
    with pytest.raises(ZeroDivisionError), store.staged([("new", BytesIO(b"new"))]):
        raise ZeroDivisionError

    def broken():
        yield "new", BytesIO(b"new")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), store.staged(broken()):
        pass
    assert store.names() == ["old"]


def test_an_empty_restore_deletes_all_files(store):
    store.write("old", b"before")
    with store.staged([]):
        store.replace()

    assert store.names() == []


def test_files_that_a_killed_restore_left_are_removed(tmp_path):
    store = Folder(tmp_path / "files")
    store.write("old", b"before")
    for place in ("files.restoring", "files.before"):
        Folder(tmp_path / place).write("new", b"of the killed one")
    with store.staged([("new", BytesIO(b"new"))]):
        store.replace()

    assert (store.names(), store.read("new"), store.leftovers()) == (["new"], b"new", [])


def test_a_second_restore_at_the_same_time_is_refused(tmp_path):
    store = Folder(tmp_path / "files")
    with store.staged([("new", BytesIO(b"new"))]):
        with pytest.raises(UserError, match="Another restore"), store.staged([]):
            pass
        store.replace()

    assert store.names() == ["new"]


def test_files_that_cannot_be_replaced_stay(tmp_path, monkeypatch):
    store, rename = Folder(tmp_path / "files"), os.rename
    store.write("old", b"before")

    def refuse(source, target):
        if str(source).endswith(".restoring"):
            raise PermissionError(source)
        rename(source, target)

    monkeypatch.setattr(os, "rename", refuse)
    with pytest.raises(PermissionError), store.staged([("new", BytesIO(b"new"))]):
        store.replace()

    assert (store.names(), store.leftovers()) == (["old"], [])


@pytest.mark.services
def test_a_restore_never_overwrites_a_file_in_a_bucket(server, tmp_path):
    store = Bucket(server | {"FILES_URL": f"{server['FILES_URL']}/{tmp_path.name}"})
    store.write("one", b"before")
    changes = [("two", BytesIO(b"new")), ("one", BytesIO(b"another"))]
    with pytest.raises(UserError, match="another file named one"), store.staged(changes):
        pass

    assert (store.names(), store.read("one")) == (["one"], b"before")


def test_only_the_owner_can_read_the_folder(tmp_path):
    Folder(tmp_path / "files").write("pictures/one", b"one")

    assert (tmp_path / "files").stat().st_mode & 0o077 == 0


def test_files_behind_symbolic_links_are_neither_listed_nor_read(tmp_path):
    """Otherwise a link in the folder would bring other files of the machine into backups."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret").write_text("secret")
    store = Folder(tmp_path / "files")
    store.write("mine", b"mine")
    (tmp_path / "files" / "link").symlink_to(outside / "secret")
    (tmp_path / "files" / "folder").symlink_to(outside)

    assert store.names() == ["mine"]
    for name in ("link", "folder/secret"):
        with pytest.raises(FileNotFoundError):
            store.read(name)


def test_the_folder_itself_may_be_a_symbolic_link(tmp_path):
    (tmp_path / "disk").mkdir()
    (tmp_path / "files").symlink_to(tmp_path / "disk")
    store = Folder(tmp_path / "files")
    store.write("a/one", b"one")
    assert (store.names(), store.read("a/one")) == (["a/one"], b"one")

    for name in ("two", "three"):
        with store.staged([(name, BytesIO(b"new"))]):
            store.replace()
        assert (store.names(), (tmp_path / "files").is_symlink()) == ([name], True)


@pytest.fixture
def site(settings, tmp_path):
    """A site that stores its files there, with Ana signed in."""
    with databases.fresh(DATABASE, tmp_path) as url:
        (tmp_path / "site").mkdir()
        more = {
            "REDIS_URL": "",
            "MAIL_SERVER": "",
            "SECRET_KEY": "k" * 40,
            "SITE_URL": "http://127.0.0.1:8000",
        }
        app = create_app(
            DATABASE_URL=url, INSTANCE=str(tmp_path / "site"), TESTING=True, **more, **settings
        )
        app.config["PROPAGATE_EXCEPTIONS"] = False
        with app.app_context():
            db.create_all()
            yield app
            db.session.remove()
            db.engine.dispose()


def test_a_picture_is_uploaded_shown_replaced_and_removed(site):
    ana = factories.user("Ana", "Souza")
    tab, store = Browser.of(site, ana), site.extensions["files"]
    for turn in (1, 2):
        tab.get("/account/profile")
        tab.submit("/profile", picture=(BytesIO(images.encoded()), "me.jpg"))
        assert len(store.names()) == 3, turn
    tab.get("/account/profile")
    [address] = {img["src"] for img in tab.page.select("header.top .av img")}
    picture = tab.get(address)
    assert (picture.status_code, picture.mimetype) == (200, "image/webp")
    tab.get("/account/profile")
    tab.submit("/profile", remove_picture="y")
    assert store.names() == []


@pytest.mark.services
def test_an_unreachable_store_raises_storage_unavailable(tmp_path, server, monkeypatch):
    away = Bucket({**server, "S3_ENDPOINT": "http://127.0.0.1:9"})
    with pytest.raises(StorageUnavailable):
        away.write("one", b"one")
    with pytest.raises(StorageUnavailable):
        away.check()
    with pytest.raises(StorageUnavailable):
        Bucket({**server, "FILES_URL": "s3://nobodys-bucket"}).check()


@pytest.mark.services
def test_pages_load_and_uploads_get_503_while_the_store_is_down(site_away):
    tab, ana = site_away
    tab.get("/account/profile")
    refused = tab.submit("/profile", picture=(BytesIO(images.encoded()), "me.jpg"))

    assert refused.status_code == 503
    assert tab.get("/account/profile").status_code == 200
    db.session.refresh(ana)
    assert ana.picture is None


@pytest.fixture
def site_away(app, ana, server, monkeypatch):
    monkeypatch.setitem(
        app.extensions, "files", Bucket({**server, "S3_ENDPOINT": "http://127.0.0.1:9"})
    )
    return Browser.of(app, ana), ana


def test_file_names_are_random_and_never_made_from_user_input():
    """The application writes only pictures, attachments and exports to files, under random
    names.
    """
    written = [
        str(path)
        for path in Path("webapp").rglob("*.py")
        if "files().write(" in path.read_text() or 'extensions["files"].write(' in path.read_text()
    ]
    assert sorted(written) == [
        "webapp/core/storage/attachments.py",
        "webapp/core/storage/pictures/__init__.py",
        "webapp/privacy/exports.py",
    ]
