"""Pictures and files of an event: uploads, access, refusals and deletion."""

from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import pytest
import sqlalchemy as sa
import time_machine

from tests import factories, images
from tests.browser_like import Browser
from tests.core.test_attachments import HTML, PDF, SVG
from tests.moderation.reporting import judged, reported
from webapp.accounts import erasing as account_erasing, sign_ins
from webapp.attendance import rsvps
from webapp.core import hooks
from webapp.core.extensions import db
from webapp.core.http import uploads
from webapp.core.http.limits import allowances
from webapp.core.http.limits.counters import Counters
from webapp.core.storage.files import files as store
from webapp.core.storage.pictures import drawing
from webapp.core.time import clock
from webapp.event_files import reads as reads, uploads as files
from webapp.event_files.models import BY_PEOPLE, FOR_ALL, FOR_PEOPLE, EventFile
from webapp.event_files.uploads import UploadAllowance
from webapp.events.models import Event
from webapp.groups.models import SECRET
from webapp.ops.retention import purge

pytestmark = pytest.mark.usefixtures("context")
ROOMY = UploadAllowance(100_000_000, 100_000_000)


@pytest.fixture
def event(ana):
    return factories.event(ana, title="Seed swap", slug="seed-swap", file_viewers=FOR_ALL)


def brought(event, by, *contents, names=("a.jpg",)):
    """Upload these files as `by`; return their rows."""
    taken = [
        files.take(content, names[number % len(names)]) for number, content in enumerate(contents)
    ]
    assert files.add(event, by, taken, ROOMY) == []
    db.session.commit()
    return db.session.scalars(
        sa.select(EventFile).where(EventFile.digest.in_([it.digest for it in taken]))
    ).all()


def picture(number=0):
    return images.encoded(images.drawing((40 + number, 30)))


def send(page, event, *sent):
    token = page.csrf_token()
    return page.post(
        f"{event.path}/files",
        {"files": [(BytesIO(content), name) for content, name in sent], "csrf_token": token},
        csrf=False,
    )


def names():
    return {name for name in store().names() if name.startswith(("pictures/", "attachments/"))}


def test_refused_files_are_listed_with_reasons_and_others_are_kept(event, browser, ana):
    page = browser(ana)
    page.get(f"{event.path}/files/new")
    answer = send(
        page,
        event,
        (picture(), "gate.jpg"),
        (SVG, "logo.svg"),
        (PDF, "map.pdf"),
        (HTML, "gate.jpg"),
        (images.flood(20000, 20000), "big.png"),
    )

    assert answer.status_code == 422
    said = [line.get_text() for line in page.page.select("#refused [data-refused]")]
    assert [line.partition(":")[0] for line in said] == ["logo.svg", "gate.jpg", "big.png"]
    assert "can contain programs" in said[0]
    assert "too many pixels" in said[2]
    assert "2 files were uploaded. These weren’t:" in page.text
    assert sorted(db.session.scalars(sa.select(EventFile.name))) == ["gate.webp", "map.pdf"]
    assert (
        db.session.get(Event, event.id, populate_existing=True).picture_count,
        event.file_count,
    ) == (1, 1)


def test_a_form_of_pictures_waits_once_when_many_upload(event, browser, ana, monkeypatch):
    tries = []

    def wait(_folder, field):
        tries.append(field)
        raise drawing.Crowded("A lot of people are uploading pictures right now.", field)

    monkeypatch.setattr(drawing, "_taken", wait)
    page = browser(ana)
    page.get(f"{event.path}/files/new")
    answer = send(page, event, *[(picture(number), f"{number}.png") for number in range(5)])

    assert (answer.status_code, len(tries)) == (422, 1)
    assert page.text.count("A lot of people are uploading") == 5


def test_a_complete_upload_leads_to_the_gallery(event, browser, ana):
    page = browser(ana)
    page.get(f"{event.path}/files/new")
    assert "Up to 8" in page.text, "the limits are said before anything is chosen"

    assert (
        send(page, event, (picture(), "a.jpg"), (picture(1), "b.jpg")).headers["Location"]
        == f"{event.path}/pictures"
    )

    page.get(f"{event.path}/pictures")
    assert len(page.page.select(".gallery img[loading=lazy][width][height]")) == 2


def test_pictures_keep_only_their_pixels(event, ana):
    tail = HTML + b"PK\x03\x04<?php system(1); ?>"
    [row] = brought(event, ana, images.from_a_camera() + tail)

    for name in names():
        kept = store().read(name)
        assert not [
            secret
            for secret in (*images.SECRETS, b"<script", b"<?php", b"PK\x03\x04", b"GPS")
            if secret in kept
        ]
    assert (row.width, row.height) == (300, 400), "upright, as the camera was held"


@pytest.mark.parametrize(
    "sample",
    [
        images.scans(2000),
        images.profiles(900),
        images.flood(16001, 2),
        b"\xff\xd8\xff" + b"x" * 99,
        b"GIF89a" + HTML,
    ],
)
def test_oversized_and_disguised_pictures_are_refused_and_leave_no_bytes(
    event, browser, ana, sample
):
    before, page = names(), browser(ana)
    page.get(f"{event.path}/files/new")

    assert send(page, event, (sample, "a.jpg")).status_code == 422
    assert names() == before


def test_files_are_always_served_as_downloads(event, browser, ana, ben):
    [row] = brought(event, ana, PDF, names=("Über uns.pdf",))
    page = browser(ben)

    answer = page.get(row.path)

    assert answer.get_data() == PDF
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert page.get(f"{event.path}/pictures/{row.id}").status_code == 404, "a file is no picture"
    assert page.get(f"{event.path}/pictures/{row.id}/400").status_code == 404


def addresses(event, shown, file):
    base = event.path
    return [
        f"{base}/pictures",
        f"{base}/pictures/{shown.id}",
        f"{base}/pictures/{shown.id}/400",
        f"{base}/pictures/{shown.id}/1600",
        f"{base}/files",
        f"{base}/files/{file.id}",
    ]


def statuses(page, event, shown, file):
    return {page.get(address).status_code for address in addresses(event, shown, file)}


def test_every_file_url_checks_access_to_the_event_and_its_files(app, visitor, ana, ben, cem, dia):
    group = factories.group(ana, ben)
    event = factories.event(ana, group, file_viewers=FOR_PEOPLE)
    shown, file = (brought(event, ana, content)[0] for content in (picture(), PDF))
    rsvps.answer(event, by=dia)
    db.session.commit()
    see = lambda person: statuses(Browser.of(app, person), event, shown, file)  # noqa: E731

    assert [see(person) for person in (ana, ben, dia, cem)] == [{200}, {200}, {200}, {403}]
    assert statuses(visitor, event, shown, file) == {303}
    event.file_viewers = FOR_ALL
    db.session.commit()
    assert statuses(visitor, event, shown, file) == see(cem) == {200}
    group.visibility = SECRET
    group.join_policy = "invite"
    event.audience = "group"
    db.session.commit()
    assert statuses(visitor, event, shown, file) == see(cem) == {404}
    event.deleted_at = clock.now()
    db.session.commit()
    assert see(ana) == see(ben) == {404}


def test_files_of_another_event_are_not_found(event, browser, ana):
    other = factories.event(ana, file_viewers=FOR_ALL)
    shown, file = (brought(other, ana, content)[0] for content in (picture(), PDF))

    found = {
        browser(ana).get(address.replace(other.path, event.path)).status_code
        for address in addresses(other, shown, file)[1:4]
    }

    assert found == {404}
    assert browser(ana).get(f"{event.path}/files/{file.id}").status_code == 404
    assert browser(ana).get(f"{event.path}/files/{file.id}/removal").status_code == 404


def test_attendees_upload_where_hosts_allow_it(event, browser, ana, ben, cem):
    rsvps.answer(event, by=ben)
    db.session.commit()
    assert browser(ben).get(f"{event.path}/files/new").status_code == 403
    page = browser(ana)
    page.get(f"{event.path}/manage/files")
    page.submit(f"{event.path}/manage/files", file_uploaders=BY_PEOPLE, file_viewers=FOR_ALL)

    page = browser(ben)
    page.get(f"{event.path}/files/new")
    assert send(page, event, (picture(), "a.jpg")).status_code == 303
    assert browser(cem).get(f"{event.path}/files/new").status_code == 403
    event.locked_at = clock.now()
    db.session.commit()
    assert browser(ben).get(f"{event.path}/files/new").status_code == 403


def test_only_the_uploader_and_hosts_describe_and_remove_a_file(event, browser, ana, ben, cem):
    event.file_uploaders = BY_PEOPLE
    rsvps.answer(event, by=ben)
    rsvps.answer(event, by=cem)
    mine, other = brought(event, ben, picture(), picture(1))
    paths = [f"{event.path}/files/{mine.id}/edit", f"{event.path}/files/{mine.id}/removal"]
    assert {browser(cem).get(path).status_code for path in paths} == {403}
    page = browser(ben)
    page.get(paths[0])
    page.submit(paths[0], caption="The gate", alt="A green gate, open.")
    page.get(mine.path)
    assert page.page.select_one("figure img")["alt"] == "A green gate, open."
    assert page.page.h1.get_text() == "The gate"
    left = {name for name in names() if other.picture.hex in name}
    page.get(paths[1])
    page.submit(paths[1])
    host = browser(ana)
    assert {name for name in names() if mine.picture.hex in name} == set()
    assert left <= names()

    host.get(f"{event.path}/files/{other.id}/removal")
    host.submit(f"{event.path}/files/{other.id}/removal")

    assert db.session.scalars(sa.select(EventFile)).all() == []
    assert db.session.scalar(sa.select(Event.picture_count)) == 0
    assert not left & names()


def test_the_arrows_lead_from_picture_to_picture(event, browser, ana, ben):
    rows = [brought(event, ana, picture(number))[0] for number in range(3)]
    page = browser(ben)
    page.get(f"{event.path}/pictures")
    page.get(page.page.select(".gallery a")[0]["href"])
    seen = [page.page.select_one("figcaption .quiet:last-child").get_text()]
    while link := page.page.select_one("main a[rel=next]"):
        page.get(link["href"])
        seen.append(page.page.select_one("figcaption .quiet:last-child").get_text())

    assert seen == ["1 of 3", "2 of 3", "3 of 3"]
    assert page.page.select_one("main a[rel=prev]")["href"] == rows[1].path


def test_duplicate_files_are_refused_and_leave_no_bytes(event, browser, ana):
    brought(event, ana, PDF)
    before, page = names(), browser(ana)
    page.get(f"{event.path}/files/new")

    assert send(page, event, (PDF, "again.pdf")).status_code == 422
    assert "This file has already been uploaded." in page.text
    assert names() == before


def test_files_of_someone_signed_out_meanwhile_leave_no_bytes(event, browser, ana, monkeypatch):
    before, page, take = names(), browser(ana), files.take
    page.get(f"{event.path}/files/new")

    def taken(content, name):
        sign_ins.end_all(ana)
        db.session.commit()
        return take(content, name)

    monkeypatch.setattr(files, "take", taken)
    assert send(page, event, (PDF, "plan.pdf")).status_code == 401
    assert names() == before


@pytest.mark.parametrize(
    ("most", "says"),
    [
        (UploadAllowance(50, 10_000), "no space left"),
        (UploadAllowance(10_000, 50), "used all your space"),
    ],
)
def test_storage_is_limited_per_event_and_per_person(event, ana, most, says):
    first, second = files.take(PDF, "a.pdf"), files.take(PDF.replace(b"1 0", b"2 0"), "b.pdf")

    [(it, why)] = files.add(event, ana, [first, second], most)

    assert (it, says in why) == (second, True)


def test_a_persons_storage_limit_counts_all_events(event, ana):
    brought(event, ana, PDF)
    other = factories.event(ana)

    assert files.room_for(other, ana, UploadAllowance(1000, 1000)) == (1000, 1000 - len(PDF))


def test_a_reported_picture_is_hidden_from_everyone_not_involved(
    app, browser, visitor, ana, ben, cem, dia
):
    group = factories.group(ana, ben, cem)
    event = factories.event(ana, group, file_viewers=FOR_ALL, file_uploaders=BY_PEOPLE)
    rsvps.answer(event, by=ben)
    [row] = brought(event, ben, picture())
    page = browser(cem)
    page.get(row.path)
    assert page.page.select_one("a[href*=report]")
    judged(reported("file", row, cem), "hidden", by=ana)

    path = f"{row.path}/400"
    assert [Browser.of(app, person).get(path).status_code for person in (ana, ben, cem)] == [
        200,
        200,
        404,
    ]
    assert visitor.get(path).status_code == 404
    assert db.session.scalar(sa.select(Event.picture_count)) == 0
    files.unhide(row, by=ana)
    db.session.commit()
    assert visitor.get(path).status_code == 200


def test_files_are_purged_after_their_event(app, event, ana, monkeypatch):
    brought(event, ana, picture(), PDF)
    kept = names()
    db.session.delete(event)
    db.session.commit()
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(days=2))
    for _line in purge.lines():
        pass
    db.session.commit()

    assert kept
    assert not kept & names()


def test_uploads_are_erased_with_their_uploader(event, ana, ben):
    event.file_uploaders = BY_PEOPLE
    rsvps.answer(event, by=ben)
    [theirs] = brought(event, ben, picture())
    [other] = brought(event, ana, PDF)
    gone = {name for name in names() if theirs.picture.hex in name}

    hooks.user_erased(user=ben)
    account_erasing.anonymise(ben)
    db.session.commit()

    assert db.session.scalars(sa.select(EventFile.id)).all() == [other.id]
    assert gone
    assert not gone & names()
    assert db.session.scalar(sa.select(Event.picture_count)) == 0


def test_a_gallery_takes_the_same_statements_for_any_number_of_pictures(
    event, browser, statements_of, ana, ben
):
    [row] = brought(event, ana, picture())
    page, where = browser(ben), [f"{event.path}/pictures", row.path, event.path]
    page.get(where[0])
    few = [statements_of(lambda path=path: page.get(path)) for path in where]
    more = {
        "event_id": event.id,
        "by_id": ana.id,
        "kind": "picture",
        "name": "a.webp",
        "size": 9,
        "width": 4,
        "height": 3,
    }

    db.session.execute(
        sa.insert(EventFile),
        [
            {**more, "picture": uuid4(), "digest": str(number), "created_at": clock.now()}
            for number in range(500)
        ],
    )
    event.picture_count = 501
    db.session.commit()

    assert [statements_of(lambda path=path: page.get(path)) for path in where] == few
    page.get(where[0])
    assert len(page.page.select(".gallery img")) == reads.PICTURES
    assert "1 to 48 of 501" in page.text


def test_each_file_of_a_form_counts_as_an_upload(app, event, browser, ana, monkeypatch):
    monkeypatch.setitem(app.config, "LIMIT_UPLOADS", 4)
    monkeypatch.setitem(app.extensions, "allowances", allowances.Allowances(0, 0, 4, Counters()))
    page = browser(ana)
    page.get(f"{event.path}/files/new")
    assert "4 files" in page.text
    sent = [*((PDF + bytes([number]), f"{number}.pdf") for number in range(5))]

    soon = clock.now().replace(second=5) + timedelta(minutes=1)  # no new minute begins meanwhile
    with time_machine.travel(soon, tick=True):
        assert send(page, event, *sent).status_code == 422
        assert "up to 4 files at a time" in page.text
        page.get(f"{event.path}/files/new")
        assert send(page, event, *sent[:2]).status_code == 303
        answer = send(page, event, *sent[2:4])
    assert (answer.status_code, answer.headers["X-RateLimit-Limit"]) == (429, "4")
    assert db.session.scalar(sa.select(sa.func.count(EventFile.id))) == 2
    with time_machine.travel(soon + timedelta(minutes=1), tick=True):
        page.get(f"{event.path}/files/new")
        assert send(page, event, *sent[2:]).status_code == 303


def test_too_many_or_too_large_files_return_the_form(event, browser, ana):
    page = browser(ana)
    page.get(f"{event.path}/files/new")

    assert (
        send(
            page, event, *((PDF, f"{number}.pdf") for number in range(uploads.FILES + 1))
        ).status_code
        == 422
    )
    assert "up to 10 files at a time" in page.text
    assert (
        send(page, event, (b"\0" * (uploads.TOGETHER + uploads.BESIDE), "a.bin")).status_code == 413
    )
    assert "Upload up to 40 MB at a time" in page.text
    assert send(page, event, (b"x" * (uploads.MOST + 1), "a.txt")).status_code == 422
    assert "This file is too large" in page.text


def test_pictures_are_not_processed_for_people_over_their_limit(
    app, event, browser, ana, monkeypatch
):
    monkeypatch.setitem(app.config, "FILES_PER_PERSON", 0)
    monkeypatch.setattr(files, "take", lambda *one: pytest.fail("it was drawn"))
    page = browser(ana)
    assert send(page, event, (picture(), "gate.jpg")).status_code == 422
    assert "You’ve used all your space for this event" in page.text
