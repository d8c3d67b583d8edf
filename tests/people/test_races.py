"""Two uploads at once leave one picture and no other file; orphaned files are deleted."""

from datetime import timedelta
from uuid import UUID

import time_machine

from tests import factories, images
from tests.groups.racing import at_once, waiting_for_each_other
from webapp.accounts.models import User
from webapp.core.extensions import db
from webapp.core.storage import pictures
from webapp.core.time import clock
from webapp.groups import groups as group_pictures
from webapp.groups.models import Group
from webapp.ops.retention import purge
from webapp.ops.retention.rules import SWEEPS
from webapp.people import profiles


def both_upload(app, ana_id, monkeypatch):
    """Let both process their picture before either reads which one existed."""
    monkeypatch.setattr(pictures, "keep", waiting_for_each_other(pictures.keep))
    content = images.encoded(images.drawing((40, 40)))

    def upload():
        profiles.picture(db.session.get(User, ana_id), content)

    return at_once(app, [upload, upload])


def ids(files):
    return {UUID(name.removeprefix("pictures/").partition("-")[0]) for name in files.names()}


def test_two_parallel_uploads_leave_one_picture(app, ana, files, monkeypatch):
    ana_id = ana.id
    db.session.remove()

    assert both_upload(app, ana_id, monkeypatch) == ["done", "done"]
    assert ids(files) == {db.session.get(User, ana_id).picture}


def test_without_the_lock_an_orphaned_picture_remains(app, ana, files, monkeypatch):
    """The control: without reading again under the lock, the other picture isn't known."""
    ana_id = ana.id
    db.session.remove()
    look = waiting_for_each_other(lambda model, id: db.session.get(model, id))
    monkeypatch.setattr(profiles, "locked", look)
    content = images.encoded(images.drawing((40, 40)))

    def upload():
        person = db.session.get(User, ana_id)
        assert person.picture is None
        profiles.picture(person, content)

    outcome = at_once(app, [upload, upload], unlocked=True)

    assert len(ids(files)) == 2 or outcome != ["done", "done"]


def test_only_uncommitted_pictures_are_deleted_after_a_day(app, ana, ben, files):
    group = factories.group(ana)
    profiles.picture(ana, images.encoded(images.drawing((40, 40))))
    group_pictures.put_picture(group, ana, images.encoded(images.drawing((80, 40))))
    db.session.commit()
    files.write("pictures/README", b"not ours by its name, and named by no row")
    files.write("elsewhere/kept", b"not a picture")
    profiles.picture(ben, images.encoded(images.drawing((40, 40))))
    lost = ben.picture
    db.session.rollback()
    line = next(line for line in SWEEPS if line.key == "pictures")

    assert purge.count(line) == 0
    with time_machine.travel(clock.now() + timedelta(days=1, minutes=5), tick=False):
        assert purge.count(line) == 4
        assert purge.carry_out(line) == 4
    assert ids_of_pictures(files) == {ana.picture.hex, group.picture.hex}
    assert lost.hex not in str(files.names())
    assert "elsewhere/kept" in files.names()


def ids_of_pictures(files):
    return {
        name.removeprefix("pictures/").partition("-")[0]
        for name in files.names()
        if name.startswith("pictures/")
    }


def test_purging_a_group_deletes_its_picture(app, ana, files):
    group = factories.group(ana)
    group_pictures.put_picture(group, ana, images.encoded())
    db.session.commit()
    db.session.delete(db.session.get(Group, group.id))
    db.session.commit()
    with time_machine.travel(clock.now() + timedelta(days=2), tick=False):
        pictures.sweep()

    assert files.names() == []


def test_a_rolled_back_upload_keeps_the_previous_picture(app, ana, files):
    profiles.picture(ana, images.encoded(images.drawing((40, 40))))
    db.session.commit()
    before = ana.picture
    profiles.picture(ana, images.encoded(images.drawing((50, 50))))
    db.session.rollback()

    assert ana.picture == before
    assert {name for name in files.names() if before.hex in name} == {
        f"pictures/{before.hex}-{size}.webp" for size in (48, 96, 256)
    }


def test_every_column_of_a_picture_is_known_to_the_sweep(app):
    """Pictures in a column that isn't created by `picture_column()` would be deleted by the
    sweep.
    """
    named = {
        f"{table}.{column.name}"
        for table in db.metadata.tables.values()
        for column in table.c
        if "picture" in column.name and column.name != "picture_count"
    }

    assert named == {
        f"{table}.{column.name}"
        for table in db.metadata.tables.values()
        for column in table.c
        if column.info.get("picture")
    }
    assert named == {
        "user.picture",
        "group.picture",
        "event.picture",
        "event_file.picture",
        "reply_picture.picture",
        "speaker.picture",
    }
