"""Find out what a file is from its content; its name proves nothing.

Unknown types, and everything that could run, are refused.
"""

import re
from io import BytesIO
from typing import Any, NamedTuple
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from flask_babel import gettext as _, lazy_gettext as _l

from ..http.errors import UserError
from .pictures import isolated

#: What browsers and servers run, anywhere in a text.
MARKUP = re.compile(
    rb"<\s*(?:!doctype|!entity|\?xml|\?php|\?=|%|html|head|body|script|svg"
    rb"|iframe|object|embed|meta|link|img|a\s)",
    re.I,
)
#: The most entries of an office file, and the largest list of them.
MOST_ENTRIES, MOST_LISTED = 5_000, 1_000_000
_OFFICE = "application/vnd.openxmlformats-officedocument."
_ODF = "application/vnd.oasis.opendocument."


class FileType(NamedTuple):
    """A type's name for people, and for browsers."""

    words: Any
    mimetype: str


FILE_TYPES: dict[str, FileType] = {
    "pdf": FileType(_l("PDF"), "application/pdf"),
    "txt": FileType(_l("Text"), "text/plain"),
    "csv": FileType(_l("Table (CSV)"), "text/csv"),
    "md": FileType(_l("Text (Markdown)"), "text/markdown"),
    "ics": FileType(_l("Calendar"), "text/calendar"),
    "odt": FileType(_l("Text (OpenDocument)"), _ODF + "text"),
    "ods": FileType(_l("Table (OpenDocument)"), _ODF + "spreadsheet"),
    "odp": FileType(_l("Slides (OpenDocument)"), _ODF + "presentation"),
    "docx": FileType(_l("Text (Word)"), _OFFICE + "wordprocessingml.document"),
    "xlsx": FileType(_l("Table (Excel)"), _OFFICE + "spreadsheetml.sheet"),
    "pptx": FileType(_l("Slides (PowerPoint)"), _OFFICE + "presentationml.presentation"),
}
#: For texts the name decides which of these it is: all are plain text.
TEXTS = ("csv", "md")


def file_type_of(content: bytes, name: str) -> str:
    """Return a key of FILE_TYPES. Raises UserError."""
    if not content.strip():
        raise UserError(_("The file is empty."))
    for looks in (_pdf, _archive, _text):
        kind = looks(content, name)
        if kind is not None:
            return kind
    raise _unknown()


def is_picture(content: bytes) -> bool:
    """Whether the file starts like a picture that we accept.

    Decoding it shows whether it is one.
    """
    begins = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a")
    riff = content[:4] == b"RIFF" and content[8:12] == b"WEBP"
    is_iso = content[4:8] == b"ftyp" and content[8:12] in (*isolated.AVIF, *isolated.HEIC)
    return content.startswith(begins) or riff or is_iso


def _pdf(content: bytes, _name: str) -> str | None:
    """Recognise a PDF from start to end; refuse files that are also something else."""
    if not content.startswith(b"%PDF-"):
        return None
    if b"%%EOF" not in content[-1024:] or MARKUP.search(content[:1024]):
        raise _unknown()
    return "pdf"


def _archive(content: bytes, _name: str) -> str | None:
    """Recognise office files without macros.

    Only the file's own list of its parts is unpacked.
    """
    if not content.startswith(b"PK\x03\x04"):
        return None
    try:
        with ZipFile(BytesIO(content)) as archive:
            return _of_office(archive)
    except UserError:
        raise
    except Exception as broken:  # any error while unpacking: the file is damaged, or malicious
        raise _unknown() from broken


def _of_office(archive: ZipFile) -> str:
    names = archive.namelist()
    if len(names) > MOST_ENTRIES or any(_is_program(name) for name in names):
        raise UserError(_("The file contains macros. Save it without them, or as a PDF."))
    if "mimetype" in names:
        mimetype = _listed(archive, "mimetype").decode("ascii", "replace").strip()
    else:
        mimetype = _main_part(
            _listed(archive, "[Content_Types].xml") if "[Content_Types].xml" in names else b""
        )
    kind = next((kind for kind, known in FILE_TYPES.items() if known.mimetype == mimetype), None)
    if kind is None:
        raise _unknown()
    return kind


def _listed(archive: ZipFile, name: str) -> bytes:
    entry = archive.getinfo(name)
    if entry.file_size > MOST_LISTED or entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        raise _unknown()
    with archive.open(name) as file:
        return file.read(MOST_LISTED)


def _main_part(types: bytes) -> str:
    """Return the type of an office file's main part; types with macros don't match."""
    found = re.search(
        rb'ContentType="(application/vnd\.openxmlformats-officedocument\.[a-z.]+)\.main\+xml"',
        types,
    )
    return found.group(1).decode() if found is not None else ""


def _is_program(name: str) -> bool:
    low = name.lower()
    return low.endswith(
        ("vbaproject.bin", ".exe", ".dll", ".js", ".vbs", ".bat", ".jar")
    ) or low.startswith(("basic/", "scripts/"))


def _text(content: bytes, name: str) -> str | None:
    """Recognise UTF-8 text without anything that browsers or shells would run."""
    try:
        words = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    if any(ord(sign) < 32 and sign not in "\t\n\r\f" for sign in words):
        return None
    if MARKUP.search(content) or words.startswith("#!"):
        raise UserError(
            _("This kind of file can contain programs. Upload a PDF or a picture instead.")
        )
    if words.lstrip().upper().startswith("BEGIN:VCALENDAR"):
        return "ics"
    ending = name.rpartition(".")[2].lower()
    return ending if ending in TEXTS else "txt"


def _unknown() -> UserError:
    return UserError(
        _(
            "We can’t accept this kind of file, or it’s damaged. You can upload PDFs, text files, "
            "spreadsheets, office documents and pictures."
        )
    )
