"""Decode AVIF and HEIC files in a separate process with limited memory.

The file's header gives the displayed size. The decoder learns the size of the coded frame, and its
need of memory, only while it decodes. Pillow can't limit that: a file of 3 kB that claims 100×100
pixels can take 440 MB, and larger frames more.

This file is also the program of that process. It imports nothing else of the application.
"""

from __future__ import annotations

import resource
import struct
import subprocess
import sys
from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

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
_TOO_MANY, _TOO_MUCH_MEMORY = 3, 4
#: A HEIC picture is put together from others, such as tiles, each decoded whole. Phones store
#: tiles, the whole, a thumbnail, and maps of its light and depth; a file of 5 kB can name one
#: picture a thousand times. All of them together may have this many times the allowed pixels.
_TOGETHER = 4
#: The most bytes of a HEIC file's properties; 200 tiles take 2 kB.
_LONGEST = 1_000_000


class TooManyPixels(Exception):
    """The picture's header says that it has more pixels than allowed."""


class TooMuchMemory(Exception):
    """Decoding the picture takes more memory than allowed."""


def is_heic(content: bytes) -> bool:
    """Whether the file starts like a HEIC picture, which iPhones take."""
    main, others = content[8:12], content[16:64]
    return content[4:8] == b"ftyp" and main in HEIC and not any(brand in others for brand in AVIF)


def as_png(content: bytes, side: int, most_pixels: int) -> bytes:
    """Return the first frame as PNG with its profile and orientation, no side longer than `side`.

    Raises TooManyPixels and TooMuchMemory; OSError if the file is damaged, or takes too much time.
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
        if failed.returncode == _TOO_MUCH_MEMORY:
            raise TooMuchMemory from failed
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
    _refuse_many((_pixels_together(memoryview(content)), 1), most_pixels * _TOGETHER)
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


def _pixels_together(content: memoryview) -> int:
    """Return how many pixels all pictures of a HEIC file have. The decoder refuses those that are
    larger than their properties say.
    """
    properties = [
        list(_boxes(part))
        for kind, meta in _boxes(content)
        if kind == b"meta"
        for kind, part in _boxes(meta[4:])
        if kind == b"iprp"
    ]
    if sum(len(box) for part in properties for _kind, box in part) > _LONGEST:
        sys.exit(_TOO_MANY)
    total = 0
    for part in properties:
        known = [one for kind, box in part if kind == b"ipco" for one in _boxes(box)]
        pixels = [_area(box) if kind == b"ispe" else 0 for kind, box in known]
        for kind, box in part:
            if kind == b"ipma":
                total += sum(pixels[number - 1] for number in _numbers(box) if number)
    return total


def _boxes(content: memoryview) -> Iterator[tuple[bytes, memoryview]]:
    """Yield the kind and content of each box (ISO 14496-12, section 4.2), up to anything else."""
    at = 0
    while at + 8 <= len(content):
        size, kind = struct.unpack_from(">I4s", content, at)
        head = 16 if size == 1 else 8
        if size == 1:
            (size,) = struct.unpack_from(">Q", content, at + 8)
        end = at + size if size else len(content)
        if end < at + head:
            return
        yield kind, content[at + head : end]
        at = end


def _area(size: memoryview) -> int:
    width, height = struct.unpack_from(">II", size, 4)
    return int(width * height)


def _numbers(links: memoryview) -> Iterator[int]:
    """Yield the numbers of all items' properties, from 1 (ISO 23008-12, section 9.3)."""
    has_long_ids, is_wide = links[0] > 0, links[3] & 1
    (items,) = struct.unpack_from(">I", links, 4)
    at = 8
    for _item in range(items):
        at += 4 if has_long_ids else 2
        several = links[at]
        for one in range(several):
            place = at + 1 + one * (2 if is_wide else 1)
            number = struct.unpack_from(">H" if is_wide else ">B", links, place)[0]
            yield number & (0x7FFF if is_wide else 0x7F)
        at += 1 + several * (2 if is_wide else 1)


def _refuse_many(size: tuple[int, int], most_pixels: int) -> None:
    if size[0] * size[1] > most_pixels:
        sys.exit(_TOO_MANY)


if __name__ == "__main__":
    try:
        _decode(sys.argv[1], *map(int, sys.argv[2:]))
    except (MemoryError, RuntimeError) as failed:  # the decoders raise the latter for either
        if isinstance(failed, MemoryError) or "memory" in str(failed).lower():
            sys.exit(_TOO_MUCH_MEMORY)
        raise
