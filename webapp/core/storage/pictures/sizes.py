"""The kinds of pictures, and the sizes in which each is kept."""

from typing import NamedTuple

#: The picture that other sites show beside a link: so wide, and 630 high.
SHARE = 1200
SHARE_HEIGHT = 630


class PictureKind(NamedTuple):
    """Square or as it came; as wide as each of `sizes` (never wider than it was, unless square).

    `share`: with SHARE, as JPEG.
    """

    name: str
    widths: tuple[int, ...]
    square: bool
    share: bool = False

    @property
    def sizes(self) -> tuple[int, ...]:
        """Every size by which one may ask for it."""
        return (*self.widths, SHARE) if self.share else self.widths

    def ending_of(self, size: int) -> str:
        """How the file's name ends."""
        return "jpg" if self.share and size == SHARE else "webp"

    def type_of(self, size: int) -> str:
        """What the file is."""
        return "image/jpeg" if self.share and size == SHARE else "image/webp"


AVATAR = PictureKind("avatar", (48, 96, 256), square=True)
#: One of many, small among the others and large alone.
PHOTO = PictureKind("photo", (400, 1600), square=False)
COVER = PictureKind("cover", (320, 800, 1600), square=False, share=True)
