"""How much memory the largest picture of each format takes: measured, each in its own process."""

import fcntl
import math
import os
import struct
import subprocess
import sys
import threading
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace

import pillow_heif
import pytest
from PIL import Image

from tests import images
from webapp.core.http.errors import UserError
from webapp.core.storage.pictures import AVATAR, drawing, isolated

pytestmark = pytest.mark.any_database

#: how it is created: format, mode, and options for saving
WAYS = {
    "lossless webp": ("WEBP", "RGBA", {"lossless": True}),
    "avif": ("AVIF", "RGBA", {"speed": 10}),
    "heic": ("HEIF", "RGB", {"quality": 30, "chroma": "420"}),
    "grey png with holes": ("PNG", "LA", {"compress_level": 1}),
    "png": ("PNG", "RGB", {"compress_level": 1}),
    "png with holes": ("PNG", "RGBA", {"compress_level": 1}),
    "png of a palette with a hole": ("PNG", "P", {"transparency": 0}),
    "png of sixteen bits": ("PNG", "I;16", {"compress_level": 1}),
    "gif with a hole": ("GIF", "P", {"transparency": 0}),
    "jpeg": ("JPEG", "RGB", {}),
    "jpeg in scans": ("JPEG", "RGB", {"progressive": True, "subsampling": 0}),
    "jpeg for print, in scans": ("JPEG", "CMYK", {"progressive": True}),
}
#: Those in which one kilobyte took 390 to 485 MB. The first is always measured, the others only in
#: deep runs.
QUICK = ["lossless webp", "avif", "grey png with holes"]
EACH = [pytest.param(name, marks=() if name == QUICK[0] else pytest.mark.deep) for name in WAYS]
TOO_LARGE = "too large for us to read.* a screenshot .*Most Compatible"
#: Render a picture of each given size in its own child process, and print how much more memory the
#: second took at most.
MEASURING = """
import os, sys
from pathlib import Path
from webapp.core.storage.pictures import COVER, drawing
if "unlimited" in sys.argv:
    drawing.PIXELS_OF = {}
    drawing.WITH_HOLES = drawing.PIXELS
def peak(content):
    child = os.fork()
    if not child:
        drawing.draw(COVER, content)
        os._exit(0)
    _pid, status, used = os.wait4(child, 0)
    assert status == 0
    return used.ru_maxrss * 1024
small, large = (Path(name).read_bytes() for name in sys.argv[1:3])
print(peak(large) - peak(small))
"""


def flat(name, pixels):
    """Return a square picture of one colour, which compresses well, with at most this many
    pixels.
    """
    kind, mode, options = WAYS[name]
    if kind == "HEIF":
        pillow_heif.register_heif_opener()
    side = math.isqrt(pixels)
    return images.encoded(
        Image.new(mode, (side, side), (9, 9, 9, 90) if mode == "RGBA" else 0), kind, **options
    )


def most_of(name):
    if name == "heic":
        return drawing.PIXELS_OF["HEIC"]
    return drawing.most_pixels(Image.open(BytesIO(flat(name, 64))))


def peak(tmp_path, name, pixels, *how):
    for file, content in (("small", flat(name, 64)), ("large", flat(name, pixels))):
        (tmp_path / file).write_bytes(content)
    files = [str(tmp_path / "small"), str(tmp_path / "large")]
    measured = subprocess.run(
        [sys.executable, "-c", MEASURING, *files, *how], check=True, capture_output=True, text=True
    )
    return int(measured.stdout)


@pytest.mark.parametrize("name", EACH)
def test_the_largest_picture_of_each_format_stays_within_the_memory_limit(tmp_path, name):
    assert peak(tmp_path, name, most_of(name)) <= drawing.MEMORY


@pytest.mark.deep
def test_control_without_format_limits_a_picture_takes_more_memory(tmp_path):
    assert peak(tmp_path, "lossless webp", drawing.PIXELS, "unlimited") > drawing.MEMORY


@pytest.mark.parametrize("name", QUICK)
def test_a_picture_too_large_by_one_pixel_is_refused_before_decoding(
    app, context, monkeypatch, name
):
    kind, mode, _options = WAYS[name]
    monkeypatch.setattr(Image.Image, "load", lambda self: pytest.fail("it was decoded"))
    monkeypatch.setattr(
        drawing.Image, "open", lambda *_args, **_more: claimed(kind, mode, drawing_most(kind))
    )

    with pytest.raises(UserError, match="too many pixels"):
        drawing.draw(AVATAR, b"")


@pytest.fixture
def larger_than_it_claims():
    """Return an AVIF file whose header says 100×100, while its coded frame has 3000×3000 pixels."""
    large = Image.new("RGB", (3000, 3000))
    content = bytearray(images.encoded(large, "AVIF", speed=10, subsampling="4:4:4"))
    claim = content.index(b"ispe") + 8
    content[claim : claim + 8] = struct.pack(">II", 100, 100)
    return bytes(content)


def test_an_avif_larger_than_its_header_claims_takes_no_more_memory(
    app, context, monkeypatch, larger_than_it_claims
):
    monkeypatch.setattr(isolated, "MEMORY", 30_000_000)

    with pytest.raises(UserError, match="damaged"):
        drawing.draw(AVATAR, larger_than_it_claims)

    assert drawing.draw(AVATAR, images.encoded(kind="AVIF"))


def test_control_an_avif_larger_than_its_header_is_drawn_with_enough_memory(
    app, context, larger_than_it_claims
):
    assert drawing.draw(AVATAR, larger_than_it_claims)


def test_a_heic_picture_with_too_many_pixels_is_refused_before_decoding(app, context, monkeypatch):
    monkeypatch.setitem(drawing.PIXELS_OF, "HEIC", 400 * 300 - 1)

    with pytest.raises(UserError, match="too many pixels"):
        drawing.draw(AVATAR, images.heic())


def test_a_heic_picture_that_takes_too_much_memory_is_refused(app, context, monkeypatch):
    """As one of 48 million pixels in 4:4:4 is within the usual limit."""
    monkeypatch.setattr(isolated, "MEMORY", 60_000_000)

    with pytest.raises(UserError, match=TOO_LARGE):
        drawing.draw(AVATAR, images.heic(Image.new("RGB", (3000, 2000)), chroma="444"))

    assert drawing.draw(AVATAR, images.heic())


def test_an_avif_picture_that_takes_too_much_memory_is_called_too_large(app, context, monkeypatch):
    monkeypatch.setattr(isolated, "MEMORY", 52_000_000)

    with pytest.raises(UserError, match=TOO_LARGE):
        drawing.draw(AVATAR, images.encoded(Image.new("RGB", (3000, 2000)), "AVIF", speed=10))


def test_an_avif_file_that_decodes_too_slowly_is_refused(app, context, monkeypatch):
    monkeypatch.setattr(isolated, "PATIENCE", 0)

    with pytest.raises(UserError, match="damaged"):
        drawing.draw(AVATAR, images.encoded(kind="AVIF"))


def drawing_most(kind):
    return drawing.PIXELS_OF.get(kind, drawing.WITH_HOLES)


def claimed(kind, mode, most):
    """Return what has been read of a picture with one pixel more than allowed."""
    image = Image.new(mode, (1, 1))
    image.format, image._size = kind, (most // 10_000 + 1, 10_000)
    return image


@pytest.fixture
def held(app):
    """Let another process decode a picture until the block ends."""
    lock = os.open(drawing.file_in(Path(app.config["INSTANCE"])), os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(lock, fcntl.LOCK_EX)
    return os.fdopen(lock)


@pytest.fixture
def asked(monkeypatch):
    """A semaphore that counts who has asked for a turn."""
    decoding, count = drawing._waiting, threading.Semaphore(0)

    def submit(*what):
        future = decoding.submit(*what)
        count.release()
        return future

    monkeypatch.setattr(drawing, "_waiting", SimpleNamespace(submit=submit))
    return count


def test_decoding_waits_for_another_process_up_to_a_timeout(context, monkeypatch, held):
    picture = images.encoded(images.drawing((40, 40)))
    monkeypatch.setattr(drawing, "PATIENCE", 0.0)
    for _each in range(2):
        with pytest.raises(drawing.Crowded, match="Try again in a moment"):
            drawing.draw(AVATAR, picture)

    held.close()
    monkeypatch.setattr(drawing, "PATIENCE", 60.0)
    assert drawing.draw(AVATAR, picture)  # those who gave up have released it, too


def test_waiting_pictures_are_decoded_in_order_of_arrival(app, held, asked):
    served = []

    def wait(number):
        with app.app_context(), drawing.one_at_a_time("picture"):
            served.append(number)

    threads = [threading.Thread(target=wait, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
        assert asked.acquire(timeout=60)
    held.close()
    for thread in threads:
        thread.join(60)

    assert served == list(range(6))


def test_the_lock_file_follows_no_symbolic_link_and_belongs_to_its_owner(
    context, tmp_path, monkeypatch
):
    other = tmp_path / "other"
    other.write_text("")
    drawing.file_in(tmp_path).symlink_to(other)
    monkeypatch.setattr(drawing.tempfile, "gettempdir", lambda: str(tmp_path))
    with pytest.raises(OSError, match="symbolic links"):
        drawing._opened_lock(tmp_path)

    drawing.file_in(tmp_path).unlink()
    me = os.geteuid()
    monkeypatch.setattr(drawing.os, "geteuid", lambda: me + 1)
    with pytest.raises(PermissionError):
        drawing._opened_lock(tmp_path)
