"""Decode uploaded pictures within limits, and encode them again from pixels alone.

The result has no metadata, no second frame, and nothing hidden behind the picture.
"""

import fcntl
import os
import re
import tempfile
import warnings
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, TimeoutError as TookTooLong
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from flask import current_app, has_app_context
from flask_babel import format_decimal, gettext as _
from PIL import Image, ImageCms, ImageOps, features

from ...http.errors import UserError
from . import isolated
from .kinds import SHARE, SHARE_HEIGHT, Crowded, PictureKind

# A site decodes one picture at a time on a machine: each may take MEMORY.

#: Seconds that an upload waits for its turn.
PATIENCE = 20.0

#: One thread waits for the lock on behalf of its process, so requests are served in order of
#: arrival. Among processes the kernel prefers the one that has waited longest.
_waiting = ThreadPoolExecutor(1, thread_name_prefix="pictures")


@contextmanager
def one_at_a_time(field: str) -> Iterator[None]:
    """Hold the lock on decoding, over all processes of this site.

    Raises Crowded after too long a wait. The kernel releases the lock when its process ends, even
    if it is killed.
    """
    lock = _taken(_folder(), field)
    try:
        yield
    finally:
        os.close(lock)


def _taken(folder: Path, field: str) -> int:
    future = _waiting.submit(_locked, folder)
    try:
        return future.result(PATIENCE)
    except TookTooLong:
        if not future.cancel():
            future.add_done_callback(_let_go)
        raise Crowded(
            _("A lot of people are uploading pictures right now. Try again in a moment."), field
        ) from None


def _locked(folder: Path) -> int:
    lock = _opened_lock(folder)
    fcntl.flock(lock, fcntl.LOCK_EX)
    return lock


def _let_go(future: Future[int]) -> None:
    """Release a lock that came too late: its request has given up."""
    if future.exception() is None:
        os.close(future.result())


def _opened_lock(folder: Path) -> int:
    """Open the lock file, in the temporary folder if the instance folder is read-only.

    Raises PermissionError if another user owns the file.
    """
    how = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        lock = os.open(file_in(folder), how, 0o600)
    except OSError:
        lock = os.open(file_in(Path(tempfile.gettempdir())), how, 0o600)
    if os.fstat(lock).st_uid != os.geteuid():
        os.close(lock)
        raise PermissionError("The lock of the pictures belongs to someone else.")
    return lock


def _folder() -> Path:
    return Path(current_app.config["INSTANCE"] if has_app_context() else tempfile.gettempdir())


def file_in(folder: Path) -> Path:
    """Return the path of the lock file in this folder."""
    return folder / f"drawing-{os.geteuid()}.lock"


FIELD = "picture"
#: The most memory that decoding takes, whatever a file claims or hides; a test measures it.
MEMORY = 300_000_000
#: The most pixels decoded; a phone's picture has 12 to 108 million. Each takes four bytes, and
#: decoders and transparency hold some of them up to five times. A JPEG is decoded at a half of its
#: size or less, unless it has several scans, and a HEIC file by rows.
PIXELS = 25_000_000
IN_PARTS = 110_000_000
WITH_HOLES, WITH_SCANS = 20_000_000, 20_000_000
PIXELS_OF = {"WEBP": 12_200_000, "AVIF": 12_200_000, "HEIC": 50_000_000}
#: What Pillow calls a JPEG, and one with further pictures in it, as many phones save them.
JPEGS = {"JPEG", "MPO"}
#: The longest side: a strip of one pixel's height isn't a picture.
SIDE = 16_000
FORMATS = ["JPEG", "PNG", "WEBP", "GIF", *(["AVIF"] if features.check("avif") else [])]
QUALITY = 82
#: Parts that cost far more to decode than to send, and how many are allowed: a JPEG's scans over
#: all pixels, a PNG's packed profiles. A picture of 40 kB can contain a thousand, which would block
#: all others for minutes.
AT_MOST = {re.compile(rb"\xff\xda\x00[\x08\x0a\x0c\x0e][\x01-\x04]"): 24, re.compile(rb"iCCP"): 4}


def draw(kind: PictureKind, content: bytes) -> dict[int, bytes]:
    """Return the picture encoded in every size of its kind.

    Raises UserError with a message for the person who sent it.
    """
    with one_at_a_time(FIELD):
        image = _sheet(content, max(kind.widths))
        encode = _png if kind.whole else _webp
        made = {size: encode(_fitted(image, kind, size)) for size in kind.widths}
        if kind.share:
            made[SHARE] = _jpeg(
                ImageOps.fit(image, (SHARE, SHARE_HEIGHT), Image.Resampling.LANCZOS)
            )
        return made


def size_of(image: bytes) -> tuple[int, int]:
    """Return the width and height of a picture that we encoded."""
    with Image.open(BytesIO(image)) as opened:
        return opened.size


def _opened(content: bytes) -> Image.Image:
    """Open the picture and check the size and format in its header; nothing else is read yet."""
    if any(len(mark.findall(content)) > most for mark, most in AT_MOST.items()):
        raise _broken()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            image = Image.open(BytesIO(content), formats=FORMATS)
    except Image.DecompressionBombError as bomb:
        raise _too_many(PIXELS) from bomb
    except Exception as none:  # any error of a decoder: this isn't a picture
        raise _no_picture() from none
    width, height = image.size
    if width * height > most_pixels(image) or max(width, height) > SIDE:
        raise _too_many(most_pixels(image))
    return image


def most_pixels(image: Image.Image) -> int:
    """Return how many pixels such a picture may have, judging by its header."""
    if image.format in PIXELS_OF:
        return PIXELS_OF[image.format]
    if image.mode in {"LA", "PA", "RGBA"} or "transparency" in image.info:
        return WITH_HOLES
    if image.info.get("progressive"):
        return WITH_SCANS
    return IN_PARTS if image.format in JPEGS else PIXELS


def _openable(content: bytes, side: int) -> Image.Image:
    """Open the picture; of AVIF and HEIC the PNG that a process of its own makes of it, with no
    side longer than `side`.
    """
    kind = "HEIC"
    if not isolated.is_heic(content):
        image = _opened(content)
        if image.format != "AVIF":
            return image
        kind = image.format
    try:
        return _opened(isolated.as_png(content, side, PIXELS_OF[kind]))
    except isolated.TooManyPixels as large:
        raise _too_many(PIXELS_OF[kind]) from large
    except isolated.TooMuchMemory as large:
        raise _too_large() from large
    except OSError as broken:
        raise _broken() from broken


def _sheet(content: bytes, most: int) -> Image.Image:
    """Return the first frame, upright, in sRGB, copied to an empty image without metadata."""
    image = _openable(content, most * 2)
    try:
        share = most * 2 / max(image.size)
        image.draft("RGB", (round(image.width * share), round(image.height * share)))
        image.load()
        profile = image.info.get("icc_profile")
        small = _plain(image)
        del image
        small.thumbnail((most * 2, most * 2), Image.Resampling.LANCZOS, reducing_gap=2.0)
        upright = _in_srgb(_upright(small), profile)
    except Exception as broken:  # truncated, or malicious
        raise _broken() from broken
    sheet = Image.new("RGBA" if upright.mode == "RGBA" else "RGB", upright.size)
    sheet.paste(upright)
    return sheet


def _plain(image: Image.Image) -> Image.Image:
    """Convert to RGB, RGBA or CMYK; don't copy a picture that is in one of them."""
    if image.mode in {"RGB", "RGBA", "CMYK"} and "transparency" not in image.info:
        return image
    if image.mode.startswith("I"):  # 16-bit grey
        return image.convert("I").point(lambda grey: grey * (1 / 256)).convert("RGB")
    has_holes = image.mode in {"LA", "PA", "RGBa", "La"} or "transparency" in image.info
    return image.convert("RGBA" if has_holes else "RGB")


def _upright(image: Image.Image) -> Image.Image:
    """Rotate the picture as its EXIF data says, if that can be read."""
    try:
        return ImageOps.exif_transpose(image)
    except Exception:  # unreadable EXIF data is ignored
        return image


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Convert the colours from the picture's own profile to sRGB, if the profile can be read."""
    mode = "RGBA" if image.mode == "RGBA" else "RGB"
    if profile and image.mode in {"RGB", "CMYK"}:
        try:
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            turned = ImageCms.profileToProfile(
                image, source, ImageCms.createProfile("sRGB"), outputMode="RGB"
            )
            return turned if turned is not None else image.convert(mode)
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass
    return image.convert(mode)


def _fitted(image: Image.Image, kind: PictureKind, size: int) -> Image.Image:
    if kind.whole:
        return ImageOps.pad(image.convert("RGBA"), (size, size), Image.Resampling.LANCZOS)
    if kind.square:
        return ImageOps.fit(image, (size, size), Image.Resampling.LANCZOS)
    width = min(size, image.width)
    return image.resize(
        (width, max(1, round(image.height * width / image.width))), Image.Resampling.LANCZOS
    )


def _webp(image: Image.Image) -> bytes:
    target = BytesIO()
    image.save(target, "WEBP", quality=QUALITY, method=4, exif=b"", icc_profile=b"", xmp=b"")
    return target.getvalue()


def _png(image: Image.Image) -> bytes:
    target = BytesIO()
    image.save(target, "PNG", optimize=True)
    return target.getvalue()


def _jpeg(image: Image.Image) -> bytes:
    target, paper = BytesIO(), Image.new("RGB", image.size, "white")
    paper.paste(image, mask=image.getchannel("A") if image.mode == "RGBA" else None)
    paper.save(target, "JPEG", quality=QUALITY, optimize=True)
    return target.getvalue()


def _no_picture() -> UserError:
    words = _("We can’t read this picture. Choose a JPEG, PNG, WebP, GIF, AVIF or HEIC file.")
    return UserError(words, FIELD)


def _broken() -> UserError:
    return UserError(
        _("This picture is damaged. Choose another one."),
        FIELD,
    )


def _too_large() -> UserError:
    return UserError(
        _(
            "This picture is too large for us to read. Choose a smaller one, or a screenshot of "
            "it. For new pictures on an iPhone, choose Settings › Camera › Formats › Most "
            "Compatible."
        ),
        FIELD,
    )


def _too_many(most: int) -> UserError:
    sentence = _(
        "This picture has too many pixels. Its format can have up to %(most)s million, and 16,000 "
        "on a side.",
        most=format_decimal(most / 1_000_000),
    )
    return UserError(sentence, FIELD)
