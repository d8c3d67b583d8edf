"""Pictures for tests, drawn at run time: valid ones, and ones that someone has tampered with."""

import struct
import zlib
from io import BytesIO
from typing import Any

from PIL import Image, ImageCms, ImageDraw

#: A GPS position in EXIF, a camera's serial number, and a comment. None of them may be kept.
SECRETS = [b"Leitz-4711-serial", b"a house by the river"]
GPS, ORIENTATION, SERIAL, DESCRIPTION = 0x8825, 0x0112, 0xA431, 0x010E


def drawing(size: tuple[int, int] = (400, 300), mode: str = "RGB") -> Image.Image:
    """Return a picture that is green on the left and red on the right, so that its rotation can be
    checked.
    """
    image = Image.new("RGB", size, (20, 120, 40))
    ImageDraw.Draw(image).rectangle((size[0] // 2, 0, *size), fill=(200, 30, 30))
    return image.convert(mode)


def encoded(image: Image.Image | None = None, kind: str = "JPEG", **options: Any) -> bytes:
    """Return the picture as a file."""
    target = BytesIO()
    (image or drawing()).save(target, kind, **options)
    return target.getvalue()


def heic(image: Image.Image | None = None, chroma: str = "420") -> bytes:
    """Return the picture as iPhones save it."""
    import pillow_heif

    pillow_heif.register_heif_opener()
    return encoded(image, "HEIF", quality=60, chroma=chroma)


def from_a_camera(orientation: int = 6) -> bytes:
    """Return a JPEG with a GPS position and a camera's serial number, taken upright."""
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
    """Return an animation: green first, then blue."""
    first, second = Image.new("RGB", (60, 60), (0, 160, 0)), Image.new("RGB", (60, 60), (0, 0, 200))
    return encoded(first, kind, save_all=True, append_images=[second], duration=100)


def scans(number: int) -> bytes:
    """Return a JPEG of a few kilobytes that repeats its last scan this often. Each costs decoding
    time, but only 42 bytes.
    """
    whole = encoded(Image.new("L", (4000, 4000), 128), progressive=True)
    last, end = whole.rindex(b"\xff\xda"), whole.rindex(b"\xff\xd9")
    return whole[:end] + whole[last:end] * number + whole[end:]


def profiles(number: int) -> bytes:
    """Return a PNG with this many profiles of a megabyte each, compressed to a kilobyte."""
    whole = encoded(kind="PNG")
    packed = _chunk(b"iCCP", b"x\0\0" + zlib.compress(bytes(1_000_000), 9))
    return whole[:33] + packed * number + whole[33:]


def flood(width: int, height: int) -> bytes:
    """Return a PNG of a few kilobytes that decodes to this size."""
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
