"""The archive: a ZIP file, readable for its owner only, with rows, files and a manifest of both."""

import hashlib
import io
import json
import os
import re
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import IO, Any

from flask_babel import gettext as _

from ...core.http.errors import UserError
from ...core.storage.files import checked_name

KIND, FORM = "folkmoot-backup", 1
MANIFEST, ROWS, FILES = "manifest.json", "rows/", "files/"
_PIECE = 1024 * 1024
#: Bytes of a row, four times what a request may bring.
LONGEST_LINE = 8 * 1024 * 1024
#: Bytes of a manifest: for its tables, and for each file in the archive.
_MANIFEST_ROOM, _ROOM_PER_FILE = 1024 * 1024, 1024
#: ZIP's flag for encrypted files
ENCRYPTED = 1
#: Others can expand to any size in one step.
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_REVISION = re.compile(r"\w{1,64}", re.ASCII)
#: What Python raises for damaged archives, JSON and values.
DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    OSError,
    struct.error,
    EOFError,
    LookupError,
    ValueError,
    TypeError,
    ArithmeticError,
    RecursionError,
    NotImplementedError,
)


class Writer:
    """Writes the archive's parts; the manifest comes last."""

    def __init__(self, file: zipfile.ZipFile) -> None:
        self._file = file

    def rows(self, table: str, lines: Iterable[str]) -> None:
        """Write the lines as those of the table."""
        with self._file.open(f"{ROWS}{table}.jsonl", "w", force_zip64=True) as target:
            for line in lines:
                content = line.encode() + b"\n"
                if len(content) > LONGEST_LINE:
                    raise UserError(_("A row of “%(table)s” is too long to restore.", table=table))
                target.write(content)

    def file(self, name: str, source: IO[bytes]) -> dict[str, Any]:
        """Write the file; return its entry for the manifest."""
        digest, size = hashlib.sha256(), 0
        with self._file.open(FILES + name, "w", force_zip64=True) as target:
            while piece := source.read(_PIECE):
                digest.update(piece)
                size += len(piece)
                target.write(piece)
        return {"bytes": size, "sha256": digest.hexdigest()}

    def manifest(self, contents: dict[str, Any]) -> None:
        """Write the manifest, which completes the archive."""
        self._file.writestr(
            MANIFEST,
            json.dumps({"kind": KIND, "form": FORM, **contents}, indent=1, ensure_ascii=False),
        )


class Reader:
    """An archive with a valid manifest."""

    def __init__(self, file: zipfile.ZipFile) -> None:
        self._file = file
        self.manifest: dict[str, Any] = _manifest(file)

    def rows(self, table: str) -> Iterator[str]:
        """Yield the lines of a table. Raises UserError for one that is too long to be a row."""
        name = f"{ROWS}{table}.jsonl"
        with _sound(name), self._file.open(name) as source:
            buffer = io.BufferedReader(source)  # type: ignore[type-var]
            while line := buffer.readline(LONGEST_LINE + 1):
                if len(line) > LONGEST_LINE:
                    raise _damaged(name)
                yield line.decode().removesuffix("\n")

    def files(self) -> Iterator[tuple[str, IO[bytes]]]:
        """Yield every file in the manifest.

        Raises UserError for a file that differs from the manifest.
        """
        for name, listed in self.manifest["files"].items():
            with _sound(FILES + name), self._file.open(FILES + name) as source:
                # reading ends at the archive's own size, so a file can't be longer than that
                if self._file.getinfo(FILES + name).file_size != listed["bytes"]:
                    raise _damaged(FILES + name)
                content: Any = source
                if hashlib.file_digest(content, "sha256").hexdigest() != listed["sha256"]:
                    raise _damaged(FILES + name)
            with self._file.open(FILES + name) as source:
                yield name, source


def _damaged(name: str) -> UserError:
    return UserError(_("The archive is damaged: %(name)s can’t be read.", name=name))


@contextmanager
def _sound(name: str) -> Iterator[None]:
    """Raise UserError with the member's name if it is missing or damaged."""
    try:
        yield
    except DAMAGED as error:
        raise _damaged(name) from error


def _manifest(file: zipfile.ZipFile) -> dict[str, Any]:
    members = file.infolist()
    if any(member.flag_bits & ENCRYPTED for member in members):
        raise UserError(_("Part of this archive is encrypted. Folkmoot’s backups never are."))
    if any(member.compress_type not in _METHODS for member in members):
        raise UserError(_("This archive is compressed in a way that Folkmoot’s backups never are."))
    try:
        if file.getinfo(MANIFEST).file_size > _MANIFEST_ROOM + _ROOM_PER_FILE * len(members):
            raise UserError(_("The manifest of this backup is damaged."))
        manifest = json.loads(file.read(MANIFEST))
        ours = manifest["kind"] == KIND
    except DAMAGED:
        ours = False
    if not ours:
        raise UserError(
            _("This isn’t a Folkmoot backup: its manifest is missing or can’t be read.")
        )
    if manifest.get("form") != FORM:
        raise UserError(
            _("This backup was made by a newer Folkmoot, in a format that this version can’t read.")
        )
    if not _is_whole(manifest):
        raise UserError(_("The manifest of this backup is damaged."))
    _refuse_unusable_names(manifest["files"])
    return manifest


def _is_whole(manifest: dict[str, Any]) -> bool:
    """Whether the manifest has all entries that are read, with the right types.

    The values may still be wrong.
    """
    tables, files = manifest.get("tables"), manifest.get("files")
    return (
        _is_moment(manifest.get("made_at"))
        and isinstance(manifest.get("revision"), str)
        and _REVISION.fullmatch(manifest["revision"]) is not None
        and isinstance(tables, dict)
        and all(_says(table, columns=list, rows=int, digest=str) for table in tables.values())
        and isinstance(files, dict)
        and all(_says(file, bytes=int, sha256=str) for file in files.values())
    )


def _is_moment(text: Any) -> bool:
    """Whether this is a time with its zone, as a backup writes it."""
    try:
        moment = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return False
    return moment.tzinfo is not None and moment.isoformat() == text


def _refuse_unusable_names(names: Iterable[str]) -> None:
    """Raise UserError for a name that Folkmoot doesn't use, or that another takes for a folder."""
    folders: set[str] = set()
    for name in names:
        folders.update(map(str, PurePosixPath(checked_name(name)).parents))
    if taken := sorted(folders.intersection(names)):
        raise UserError(
            _("The archive holds both a file and a folder named %(name)s.", name=taken[0])
        )


def _says(what: Any, **kinds: type) -> bool:
    return isinstance(what, dict) and all(
        type(what.get(name)) is kind for name, kind in kinds.items()
    )


@contextmanager
def written(path: Path) -> Iterator[Writer]:
    """Write the archive to `path`, complete and readable for its owner only, or not at all."""
    part = path.with_name(path.name + ".part")
    try:
        with open(part, "xb", opener=lambda name, flags: os.open(name, flags, 0o600)) as target:
            with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as file:
                yield Writer(file)
            target.flush()
            os.fsync(target.fileno())
        os.link(part, path)  # unlike renaming, this never overwrites another file
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def opened(path: Path) -> Iterator[Reader]:
    """Open the archive at `path`. Raises UserError if it isn't one, or is damaged."""
    with _zip(path) as file:
        yield Reader(file)


def _zip(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except FileNotFoundError:
        raise UserError(_("The file %(path)s doesn’t exist.", path=path)) from None
    except OSError as error:
        raise UserError(
            _("%(path)s can’t be read (%(what)s).", path=path, what=type(error).__name__)
        ) from error
    except DAMAGED as error:
        raise UserError(
            _(
                "%(path)s is damaged, or isn’t a backup (%(what)s).",
                path=path,
                what=type(error).__name__,
            )
        ) from error
