"""Pictures for the tests, drawn on the spot: sound ones, and ones that someone has tampered
with.
"""

import struct
import zlib
from io import BytesIO
from typing import Any

from PIL import Image, ImageCms, ImageDraw

#: Where the camera stood, in EXIF's words; the number of a camera; and a comment. None of it may be
#: kept.
SECRETS = [b"Leitz-4711-serial", b"a house by the river"]
GPS, ORIENTATION, SERIAL, DESCRIPTION = 0x8825, 0x0112, 0xA431, 0x010E


def drawing(size: tuple[int, int] = (400, 300), mode: str = "RGB") -> Image.Image:
    """Green on the left, red on the right, so that one can see how it is turned."""
    image = Image.new("RGB", size, (20, 120, 40))
    ImageDraw.Draw(image).rectangle((size[0] // 2, 0, *size), fill=(200, 30, 30))
    return image.convert(mode)


def encoded(image: Image.Image | None = None, kind: str = "JPEG", **options: Any) -> bytes:
    """The picture as a file."""
    target = BytesIO()
    (image or drawing()).save(target, kind, **options)
    return target.getvalue()


def from_a_camera(orientation: int = 6) -> bytes:
    """A JPEG that knows where it was taken and by which camera, held upright."""
    exif = Image.Exif()
    exif[ORIENTATION], exif[DESCRIPTION], exif[SERIAL] = (
        orientation,
        SECRETS[1].decode(),
        SECRETS[0].decode(),
    )
    exif[GPS] = {1: "N", 2: (55.0, 58.0, 31.0), 3: "W", 4: (3.0, 10.0, 12.0)}
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return encoded(exif=exif, icc_profile=profile, comment=SECRETS[1])


def animated(kind: str = "GIF") -> bytes:
    """Green first, then blue."""
    first, second = Image.new("RGB", (60, 60), (0, 160, 0)), Image.new("RGB", (60, 60), (0, 0, 200))
    return encoded(first, kind, save_all=True, append_images=[second], duration=100)


def scans(number: int) -> bytes:
    """A JPEG of a few kilobytes whose last scan over all its pixels comes so often: each costs
    time, and 42 bytes.
    """
    whole = encoded(Image.new("L", (4000, 4000), 128), progressive=True)
    last, end = whole.rindex(b"\xff\xda"), whole.rindex(b"\xff\xd9")
    return whole[:end] + whole[last:end] * number + whole[end:]


def profiles(number: int) -> bytes:
    """A PNG with so many profiles of a megabyte each, packed into one kilobyte."""
    whole = encoded(kind="PNG")
    packed = _chunk(b"iCCP", b"x\0\0" + zlib.compress(bytes(1_000_000), 9))
    return whole[:33] + packed * number + whole[33:]


def flood(width: int, height: int) -> bytes:
    """A PNG of a few kilobytes that claims to be this large, and is."""
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    rows = zlib.compress(b"\0" * ((width + 7) // 8 + 1) * height, 9)
    return (
        b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", rows) + _chunk(b"IEND", b"")
    )


def _chunk(kind: bytes, content: bytes) -> bytes:
    return (
        struct.pack(">I", len(content))
        + kind
        + content
        + struct.pack(">I", zlib.crc32(kind + content))
    )
