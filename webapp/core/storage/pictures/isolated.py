"""Decode AVIF and HEIC files in a separate process with limited memory.

The file's header gives the displayed size. The decoder learns the size of the coded frame, and its
need of memory, only while it decodes. Pillow can't limit that: a file of 3 kB that claims 100×100
pixels can take 440 MB, and larger frames more.

This file is also the program of that process. It imports nothing else of the application.
"""

from __future__ import annotations

import resource
import subprocess
import sys
from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image

#: The decoder's memory limit in bytes.
MEMORY = 300_000_000
#: Seconds after which decoding is stopped: such a file is malicious.
PATIENCE = 30.0
#: Brands of ISO 14496-12 files: pictures in HEVC, and sequences of them whose first one is shown.
HEIC = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1")
AVIF = (b"avif", b"avis")
#: The rows of a HEIC picture that are made smaller at a time.
_ROWS = 512
_TOO_MANY = 3


class TooManyPixels(Exception):
    """The picture's header says that it has more pixels than allowed."""


def is_heic(content: bytes) -> bool:
    """Whether the file starts like a HEIC picture, which iPhones take."""
    main, others = content[8:12], content[16:64]
    return content[4:8] == b"ftyp" and main in HEIC and not any(brand in others for brand in AVIF)


def as_png(content: bytes, side: int, most_pixels: int) -> bytes:
    """Return the first frame as PNG with its profile and orientation, no side longer than `side`.

    Raises TooManyPixels; OSError if the file is damaged, or takes too much memory or time.
    """
    kind = "HEIC" if is_heic(content) else "AVIF"
    command = [sys.executable, "-I", __file__, kind, str(side), str(MEMORY), str(most_pixels)]
    try:
        done = subprocess.run(
            command, input=content, capture_output=True, check=True, timeout=PATIENCE
        )
    except subprocess.CalledProcessError as failed:
        if failed.returncode == _TOO_MANY:
            raise TooManyPixels from failed
        raise OSError("This file can't be decoded.") from failed
    except subprocess.SubprocessError as failed:
        raise OSError("This file can't be decoded.") from failed
    return done.stdout


def _decode(kind: str, side: int, memory: int, most_pixels: int) -> None:
    _soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    most = memory if hard == resource.RLIM_INFINITY else min(memory, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))
    from PIL import Image

    content = sys.stdin.buffer.read()
    image, about = (_heic if kind == "HEIC" else _avif)(content, side, most_pixels)
    image.thumbnail((side, side), Image.Resampling.LANCZOS, reducing_gap=2.0)
    image.save(sys.stdout.buffer, "PNG", compress_level=1, **about)


def _avif(content: bytes, side: int, most_pixels: int) -> tuple[Image.Image, dict[str, bytes]]:
    from PIL import AvifImagePlugin, Image

    AvifImagePlugin.DEFAULT_MAX_THREADS = 1
    image = Image.open(BytesIO(content), formats=["AVIF"])
    _refuse_many(image.size, most_pixels)
    return image, {name: image.info[name] for name in ("icc_profile", "exif") if name in image.info}


def _heic(content: bytes, side: int, most_pixels: int) -> tuple[Image.Image, dict[str, bytes]]:
    """Return the picture, made smaller by rows: as a whole it would take twice the memory.

    The decoder turns it upright, so its EXIF data isn't needed.
    """
    import pi_heif
    from PIL import Image

    pi_heif.options.DECODE_THREADS = 1
    file = pi_heif.open_heif(content)
    _refuse_many(file.size, most_pixels)
    (width, height), mode, stride = file.size, file.mode, file.stride
    pixels = memoryview(file.data)
    factor = max(1, max(width, height) // side)
    rows = _ROWS // factor * factor
    small = Image.new(mode, (-(-width // factor), -(-height // factor)))
    for top in range(0, height, rows):
        here = min(rows, height - top)
        part = bytes(pixels[top * stride : (top + here) * stride])
        strip = Image.frombytes(mode, (width, here), part, "raw", mode, stride)
        small.paste(strip.reduce(factor), (0, top // factor))
    profile = file.info.get("icc_profile")
    return small, {"icc_profile": profile} if profile else {}


def _refuse_many(size: tuple[int, int], most_pixels: int) -> None:
    if size[0] * size[1] > most_pixels:
        sys.exit(_TOO_MANY)


if __name__ == "__main__":
    _decode(sys.argv[1], *map(int, sys.argv[2:]))
