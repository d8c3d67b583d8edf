"""Only the pixels of an uploaded picture are kept; invalid pictures are refused."""

import threading
import time
from contextlib import nullcontext
from io import BytesIO

import pytest
from PIL import Image

from tests import heic_bombs, images
from webapp.core.http.errors import UserError
from webapp.core.storage.pictures import AVATAR, COVER, PHOTO, SHARE, drawing, isolated

pytestmark = pytest.mark.any_database

HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><rect width="9" height="9"/></svg>'  # noqa: E501
#: what is refused -> (its bytes, or a function if that takes long; words of the message)
BAD = {
    "nothing": (b"", "can’t read this picture"),
    "html named .jpg": (HTML, "can’t read this picture"),
    "svg": (SVG, "can’t read this picture"),
    "an archive": (b"PK\x03\x04" + b"\0" * 200, "can’t read this picture"),
    "a pdf": (b"%PDF-1.7\n%\xe2\xe3", "can’t read this picture"),
    "html with a gif's first letters": (b"GIF89a" + HTML, "damaged|can’t read this picture|pixels"),
    "html with a jpeg's first letters": (
        b"\xff\xd8\xff\xe0" + HTML,
        "damaged|can’t read this picture",
    ),
    "a bitmap": (images.encoded(kind="BMP"), "can’t read this picture"),
    "a tiff": (images.encoded(kind="TIFF"), "can’t read this picture"),
    "an icon": (images.encoded(images.drawing((32, 32)), "ICO"), "can’t read this picture"),
    "half a jpeg": (images.encoded()[:1500], "damaged"),
    "half a png": (images.encoded(kind="PNG")[:-60], "damaged"),
    "half a webp": (images.encoded(kind="WEBP")[:-60], "damaged|can’t read this picture"),
    "a flood of pixels": (lambda: images.flood(20_000, 20_000), "too many pixels"),
    "a flood that pillow itself refuses": (lambda: images.flood(60_000, 60_000), "too many pixels"),
    "a flood just above": (lambda: images.flood(5_000, 5_001), "too many pixels"),
    "a thousand scans over all pixels": (lambda: images.scans(1_000), "damaged"),
    "eight thousand packed profiles": (lambda: images.profiles(7_000), "damaged"),
    "half a heic": (lambda: images.heic()[:-60], "damaged"),
    "html with the first letters of a heic": (b"\0\0\0\x18ftypheic" + HTML, "damaged"),
    "one long line": (images.flood(16_001, 1), "too many pixels"),
}


@pytest.fixture(autouse=True)
def _inside(context):
    """Messages need a language, and so an application context."""


@pytest.mark.parametrize("name", BAD)
def test_invalid_pictures_are_refused_with_a_message(name):
    content, word = BAD[name]
    content = content() if callable(content) else content
    started = time.monotonic()

    with pytest.raises(UserError, match=word) as refused:
        drawing.draw(AVATAR, content)

    assert refused.value.field == "picture"
    assert time.monotonic() - started < 2


def test_a_progressive_jpeg_is_accepted():
    """Browsers and phones create such files with about ten scans."""
    assert drawing.draw(AVATAR, images.scans(10))
    assert drawing.draw(AVATAR, images.profiles(1))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "AVIF", "HEIF"])
def test_every_format_the_form_names_is_accepted(kind):
    sent = images.heic() if kind == "HEIF" else images.encoded(kind=kind)
    made = drawing.draw(AVATAR, sent)

    assert sorted(made) == [48, 96, 256]
    for size, content in made.items():
        image = Image.open(BytesIO(content))
        assert (image.format, image.size) == ("WEBP", (size, size))


@pytest.mark.parametrize("kind", [AVATAR, COVER])
def test_location_and_other_metadata_are_removed(kind):
    sent = images.from_a_camera()
    assert all(word in sent for word in (b"Exif", *images.SECRETS))

    for size, content in drawing.draw(kind, sent).items():
        assert not any(
            word in content
            for word in (*images.SECRETS, b"Exif", b"EXIF", b"ICC", b"XMP", b"http://ns.adobe")
        ), size
        image = Image.open(BytesIO(content))
        assert dict(image.getexif()) == {}
        assert not {"exif", "icc_profile", "comment", "xmp"} & set(image.info)


def test_data_appended_to_a_picture_is_removed():
    sent = images.encoded(kind="PNG") + HTML + b"PK\x03\x04payload"

    assert not any(
        HTML[:20] in content or b"payload" in content
        for content in drawing.draw(COVER, sent).values()
    )


def test_pictures_are_rotated_by_their_exif_orientation():
    """The camera wrote green on the left, and rotated upright it is on top."""
    image = Image.open(BytesIO(drawing.draw(AVATAR, images.from_a_camera(6))[256])).convert("RGB")

    top, bottom = image.getpixel((128, 20)), image.getpixel((128, 236))
    assert (top[1] > top[0], bottom[0] > bottom[1]) == (True, True)


def test_an_invalid_exif_orientation_is_ignored():
    broken = (
        images.from_a_camera()
        .replace(b"Exif\0\0MM", b"Exif\0\0XX")
        .replace(b"Exif\0\0II", b"Exif\0\0XX")
    )

    assert drawing.draw(AVATAR, broken)


@pytest.mark.parametrize("size", [(601, 403), (150, 100), (20, 1203)])
def test_a_heic_picture_is_the_same_after_it_was_made_smaller_by_rows(size):
    """Green on the left and red on the right, to the last row and column."""
    small = isolated.as_png(images.heic(images.drawing(size)), 200, 1_000_000)
    image = Image.open(BytesIO(small))
    width, height = image.size

    assert max(width, height) == min(200, max(size))
    assert abs(width - height * size[0] / size[1]) <= 1
    for x, y in ((1, 1), (1, height - 2), (width - 2, 1), (width - 2, height - 2)):
        red, green, blue = image.convert("RGB").getpixel((x, y))
        assert (green > red) == (x == 1)
        assert max(red, green, blue) > 60


@pytest.mark.parametrize("kind", [b"grid", b"iovl"])
def test_a_heic_file_that_needs_many_pictures_is_refused_before_it_is_decoded(kind):
    """Each is decoded whole: such a file of a few kilobytes would block all other pictures."""
    most = 2 * 128 * 128
    assert isolated.as_png(heic_bombs.of_many(4, 128, kind), 200, most)

    with pytest.raises(isolated.TooManyPixels):
        isolated.as_png(heic_bombs.of_many(9, 128, kind), 200, most)
    with pytest.raises(UserError) as refused:
        drawing.draw(AVATAR, heic_bombs.of_many(900, 2048, kind))
    assert "too many pixels" in refused.value.message


def test_a_heic_file_is_read_like_the_decoder_reads_it():
    """Phones append data of their own."""
    sent = images.heic(images.drawing((300, 200)))

    assert isolated._pixels_together(memoryview(sent)) == 300 * 200
    assert isolated.as_png(sent + b"SEFT" * 3, 100, 60_000)


def test_a_heic_picture_has_no_metadata_and_its_first_picture_is_upright():
    image = images.drawing()
    exif = Image.Exif()
    exif[images.ORIENTATION], exif[images.DESCRIPTION] = 6, images.SECRETS[1].decode()
    images.heic()
    sent = images.encoded(image, "HEIF", exif=exif.tobytes())
    assert images.SECRETS[1] in sent

    made = drawing.draw(PHOTO, sent)[400]

    assert images.SECRETS[1] not in made
    assert Image.open(BytesIO(made)).size == (300, 400)


@pytest.mark.parametrize("side", [1_300, 1_201])
def test_a_jpeg_of_a_phone_with_many_pixels_is_decoded_at_half_its_size(monkeypatch, side):
    decoded = []
    plain = drawing._plain
    monkeypatch.setattr(drawing, "_plain", lambda it: decoded.append(it.size) or plain(it))

    made = drawing.draw(AVATAR, images.encoded(Image.new("RGB", (side, 900))))

    assert decoded == [(-(-side // 2), 450)]
    assert Image.open(BytesIO(made[256])).width == 256


def test_a_jpeg_with_a_second_picture_in_it_may_have_as_many_pixels():
    """Phones add a smaller one, or how bright the first one is."""
    more = {"save_all": True, "append_images": [Image.new("RGB", (40, 30))]}
    sent = images.encoded(images.drawing(), "MPO", **more)

    assert drawing.most_pixels(Image.open(BytesIO(sent))) == drawing.IN_PARTS
    assert drawing.draw(AVATAR, sent)


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_the_first_frame_of_an_animation_is_kept(kind):
    image = Image.open(BytesIO(drawing.draw(AVATAR, images.animated(kind))[96]))

    assert getattr(image, "n_frames", 1) == 1
    red, green, blue = image.convert("RGB").getpixel((48, 48))
    assert (green > 120, max(red, blue) < 60) == (True, True)


@pytest.mark.parametrize("mode", ["L", "P", "RGBA", "LA", "1", "I;16"])
def test_every_colour_mode_is_converted(mode):
    image = (
        images.drawing().convert("L").convert("I").point(lambda grey: grey * 256)
        if mode == "I;16"
        else images.drawing()
    )
    made = drawing.draw(COVER, images.encoded(image.convert(mode), "PNG"))

    assert Image.open(BytesIO(made[SHARE])).size == (1200, 630)


def test_a_cmyk_jpeg_keeps_its_colours():
    image = Image.open(
        BytesIO(drawing.draw(AVATAR, images.encoded(images.drawing(mode="CMYK")))[96])
    ).convert("RGB")

    red = image.getpixel((80, 48))
    assert (red[0] > 150, red[1] < 90) == (True, True)


def test_a_wide_picture_keeps_its_proportions_and_is_never_enlarged():
    made = drawing.draw(COVER, images.encoded(images.drawing((1000, 400))))

    sizes = {size: Image.open(BytesIO(content)).size for size, content in made.items()}
    assert sizes == {320: (320, 128), 800: (800, 320), 1600: (1000, 400), SHARE: (1200, 630)}
    assert Image.open(BytesIO(made[SHARE])).format == "JPEG"


def test_the_largest_accepted_picture_is_processed_within_ten_seconds():
    sent = images.encoded(images.drawing((5_000, 5_000)), quality=60)
    started = time.monotonic()

    drawing.draw(COVER, sent)

    assert time.monotonic() - started < 10


def test_only_one_picture_is_decoded_at_a_time(monkeypatch):
    """Each takes hundreds of megabytes; the control shows that without the lock they run at the
    same time.
    """
    assert _most_at_once(monkeypatch) == 1
    monkeypatch.setattr(drawing, "one_at_a_time", lambda _field: nullcontext())
    assert _most_at_once(monkeypatch) > 1


def _most_at_once(monkeypatch):
    inside, most, opened = [], [0], drawing._opened

    def slow(content):
        inside.append(1)
        most[0] = max(most[0], len(inside))
        time.sleep(0.05)
        inside.pop()
        return opened(content)

    with monkeypatch.context() as patched:
        patched.setattr(drawing, "_opened", slow)
        sent = images.encoded(images.drawing((40, 40)))
        threads = [threading.Thread(target=drawing.draw, args=(AVATAR, sent)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    return most[0]
