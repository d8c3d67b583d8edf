"""HEIC files that are put together from many pictures, all of which are the same bytes."""

import struct

from PIL import Image

from tests import images

#: The side of the picture that each file shows.
SHOWN = 64


def of_many(number: int, side: int, kind: bytes = b"grid") -> bytes:
    """Return a small file whose picture of 64 x 64 pixels needs so many of side x side (`number`
    is a square number), in a `grid`, or one over the other (`iovl`).
    """
    parts = _parts(images.heic(Image.new("RGB", (side, side), "green")))
    coded, pitch = parts[b"mdat"], parts[b"hvcC"]
    whole, across = number + 1, round(number**0.5)
    plan = bytes((0, 0, across - 1, across - 1)) + struct.pack(">2H", SHOWN, SHOWN)
    if kind == b"iovl":
        plan = bytes(10) + struct.pack(">2H", SHOWN, SHOWN) + bytes(4 * number)
    each = range(1, number + 1)
    kinds = [_full(b"infe", 2, struct.pack(">HH4sx", item, 0, b"hvc1")) for item in each]
    kinds.append(_full(b"infe", 2, struct.pack(">HH4sx", whole, 0, kind)))
    uses = struct.pack(f">{number + 2}H", whole, number, *each)
    sizes = [_full(b"ispe", 0, struct.pack(">2I", one, one)) for one in (side, SHOWN)]
    known = _box(b"ipco", sizes[0] + _box(b"hvcC", pitch) + sizes[1])
    links = b"".join(struct.pack(">H3B", item, 2, 1, 0x82) for item in each)
    links += struct.pack(">H2B", whole, 1, 3)

    def meta(start: int) -> bytes:
        places = [(item, 0, 1, start, len(coded)) for item in each]
        places.append((whole, 0, 1, start + len(coded), len(plan)))
        rows = b"".join(struct.pack(">3H2I", *place) for place in places)
        return _full(
            b"meta",
            0,
            _full(b"hdlr", 0, b"\0\0\0\0pict" + bytes(13))
            + _full(b"pitm", 0, struct.pack(">H", whole))
            + _full(b"iinf", 0, struct.pack(">H", whole) + b"".join(kinds))
            + _full(b"iloc", 0, b"\x44\0" + struct.pack(">H", whole) + rows)
            + _box(b"iprp", known + _full(b"ipma", 0, struct.pack(">I", whole) + links))
            + _full(b"iref", 0, _box(b"dimg", uses)),
        )

    start = _box(b"ftyp", b"heic\0\0\0\0mif1heic")
    return start + meta(len(start + meta(0)) + 8) + _box(b"mdat", coded + plan)


def _box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", len(content) + 8, kind) + content


def _full(kind: bytes, version: int, content: bytes) -> bytes:
    return _box(kind, bytes((version, 0, 0, 0)) + content)


def _parts(file: bytes) -> dict[bytes, bytes]:
    """Return the coded picture and the decoder's settings of a file with one picture."""
    found = {}
    for kind in (b"mdat", b"hvcC"):
        at = file.index(kind)
        (size,) = struct.unpack_from(">I", file, at - 4)
        found[kind] = file[at + 4 : at - 4 + size]
    return found
