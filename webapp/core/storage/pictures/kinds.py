"""Kinds of pictures: in which sizes and formats each is stored."""

from typing import NamedTuple

from ...http.errors import UserError

#: The width of the picture that other sites show with a link. It is 630 high.
SHARE = 1200
SHARE_HEIGHT = 630


class PictureKind(NamedTuple):
    """A kind of picture, and the widths in which it is stored.

    A picture is never wider than its original, unless `square`. `share`: also stored as JPEG in the
    size SHARE. `whole`: padded instead of cropped, and PNG, which emails can show.
    """

    name: str
    widths: tuple[int, ...]
    square: bool
    share: bool = False
    whole: bool = False

    @property
    def sizes(self) -> tuple[int, ...]:
        """All sizes that exist."""
        return (*self.widths, SHARE) if self.share else self.widths

    def ending_of(self, size: int) -> str:
        """Return the file extension."""
        return "png" if self.whole else "jpg" if self.share and size == SHARE else "webp"

    def type_of(self, size: int) -> str:
        """Return the MIME type."""
        return f"image/{self.ending_of(size).replace('jpg', 'jpeg')}"


AVATAR = PictureKind("avatar", (48, 96, 256), square=True)
#: A picture of many: small in a list, large alone.
PHOTO = PictureKind("photo", (400, 1600), square=False)
COVER = PictureKind("cover", (320, 800, 1600), square=False, share=True)
#: A preview of a link that we draw ourselves, named by what it shows.
CARD = PictureKind("card", (SHARE,), square=False, whole=True)
LOGO = PictureKind("logo", (64, 192, 512), square=True, whole=True)


class Crowded(UserError):
    """Too many pictures are being decoded now; others of the same form would wait in vain too."""
