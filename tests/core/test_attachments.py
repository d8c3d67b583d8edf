"""Attachments: how their type is detected, how they are named, and how they are served."""

import re
from datetime import timedelta
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_LZMA, ZipFile

import pytest

from tests import images
from webapp.core.http.errors import UserError
from webapp.core.storage import attachments, file_types
from webapp.core.storage.files import files
from webapp.core.time import clock

pytestmark = pytest.mark.any_database

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
HTML = b"<!DOCTYPE html><script>alert(document.domain)</script>"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
WORD = (
    '<Types><Override PartName="/word/document.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)


PARTS = {"types": "[Content_Types].xml", "macros": "word/vbaProject.bin", "script": "Scripts/a.py"}


def zipped(packed=ZIP_DEFLATED, **entries):
    target = BytesIO()
    with ZipFile(target, "w", packed) as archive:
        for name, content in entries.items():
            archive.writestr(PARTS.get(name, name), content)
    return target.getvalue()


def damaged(archive):
    """Make the archive's first entry unreadable: garble what follows its header of 30 bytes and its
    name.
    """
    begins = 30 + archive[26]
    return archive[:begins] + b"\xff" * 20 + archive[begins + 20 :]


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (PDF, "rules.exe", "pdf"),
        (b"Bring a cup.\r\n", "note.html", "txt"),
        ("name;cup\nAna;ja ☕\n".encode(), "cups.csv", "csv"),
        (b"\xef\xbb\xbf# Minutes", "minutes.md", "md"),
        (b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "x.txt", "ics"),
        (zipped(mimetype="application/vnd.oasis.opendocument.spreadsheet"), "a", "ods"),
        (zipped(types=WORD), "letter.zip", "docx"),
    ],
)
def test_file_type_comes_from_the_content_not_the_name(content, name, kind):
    assert attachments.file_type_of(content, name) == kind


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b" \n",
        HTML,
        SVG,
        b"\n\n  " + SVG,
        b"Hello <ScRiPt>alert(1)</script>",
        b"#!/bin/sh\nrm -rf /\n",
        b"<?php system($_GET['c']); ?>",
        b"MZ\x90\x00" + b"\0" * 200,
        b"\x7fELF" + b"\0" * 200,
        b"\xff\xfe<\0s\0c\0r\0",
        PDF.replace(b"%%EOF", b"") + b"\0" * 2000,
        b"%PDF-1.7\n" + HTML + b"\n%%EOF",
        HTML + PDF,
        b"PK\x03\x04 and nothing else",
        zipped(types=WORD, macros=b"\0"),
        zipped(mimetype="application/vnd.oasis.opendocument.text", script="import os"),
        zipped(mimetype="text/html"),
        zipped(readme="only an archive"),
        zipped(types="x" * 2_000_000),
        zipped(ZIP_LZMA, types=WORD),
        damaged(zipped(types=WORD)),
        zipped(**{f"e{number}": "" for number in range(file_types.MOST_ENTRIES + 1)}),
    ],
)
def test_executable_ambiguous_and_unknown_files_are_refused(app, content):
    with app.app_context(), pytest.raises(UserError):
        attachments.file_type_of(content, "harmless.txt")


def test_pictures_are_recognized_by_their_first_bytes():
    found = [
        attachments.is_picture(images.encoded(kind=kind))
        for kind in ("JPEG", "PNG", "GIF", "WEBP", "AVIF")
    ]

    assert found == [True] * 5
    assert not any(
        attachments.is_picture(content) for content in (PDF, SVG, HTML, b"BM" + b"\0" * 50)
    )


@pytest.mark.parametrize(
    ("name", "ending", "called"),
    [
        ("Minutes of May.pdf.exe", "pdf", "Minutes of May.pdf"),
        ("../../etc/passwd", "txt", "passwd.txt"),
        ("C:\\Users\\ana\\map.png", "webp", "map.webp"),
        ("in\u202evoice\r\nX: y.docx", "docx", "invoice X y.docx"),
        ("", "csv", "file.csv"),
        (".htaccess", "txt", "htaccess.txt"),
        ("Überblick ☕ 2026.ODT", "odt", "Überblick ☕ 2026.odt"),
        ("x" * 300, "pdf", "x" * 80 + ".pdf"),
        ("Minutes 2026.11.21.pdf", "pdf", "Minutes 2026.11.21.pdf"),
        (
            "a" + ".a" * 100_000 + "!",
            "txt",
            "a" + ".a" * 39 + ".txt",
        ),  # matching from each dot would take minutes
    ],
)
def test_download_names_contain_no_paths_and_end_with_the_file_type(name, ending, called):
    assert attachments.download_name(name, ending) == called


def test_attachments_are_downloads_that_are_never_run_or_cached(app):
    with app.test_request_context("/"):
        id = attachments.keep(PDF)
        answer = attachments.send_attachment(id, "pdf", 'Über "uns".pdf')

        assert answer.get_data() == PDF
        assert answer.headers["Content-Disposition"].startswith(
            'attachment; filename="_ber _uns_.pdf"; filename*=UTF-8'
        )
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert answer.headers["Cache-Control"] == "private, no-store"


def test_files_without_a_row_are_deleted_after_a_day(app, context, monkeypatch):
    id = attachments.keep(PDF)
    assert attachments.name_of(id) not in attachments.stray()
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(days=2))

    attachments.sweep()

    assert not re.findall(id.hex, " ".join(files().names()))
