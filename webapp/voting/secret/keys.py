"""The key to a ballot, and the two hashes that stand for it: it is shown once, and kept nowhere."""

import secrets
import unicodedata

from .canonical_json import digest

#: Crockford's: without I, L, O and U, so that nothing is read as something else
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
#: so many are drawn, 130 bits; and so many check them
DRAWN, CHECKING, BITS = 26, 2, 130
#: so many stand together when it is shown
GROUP = 4
ALIKE = str.maketrans("OIL", "011")
TRACKER_LENGTH = 32


class KeyTypo(ValueError):
    """No key is written like this."""


def fresh() -> str:
    """A key that nobody has seen before: 26 characters by chance and two that check them."""
    return written(secrets.randbits(BITS))


def written(number: int) -> str:
    """The key that is this number of 130 bits."""
    drawn = "".join(LETTERS[number >> place & 31] for place in range(0, BITS, 5))
    return drawn + _check(drawn)


def read(text: str) -> str:
    """The key that someone typed: in any case, with spaces and dashes anywhere, O for 0, I and L
    for 1.

    Raises KeyTypo for what cannot be one. Of a thousand keys with a wrong character one passes: it
    names no ballot.
    """
    typed = "".join(letter for letter in text if not _parts(letter))
    key = typed.upper().translate(ALIKE)
    if (
        len(key) != DRAWN + CHECKING
        or not set(key) <= set(LETTERS)
        or key[DRAWN:] != _check(key[:DRAWN])
    ):
        raise KeyTypo
    return key


def spelled(key: str) -> str:
    """The key as people copy it: seven groups of four, a space between."""
    return " ".join(key[start : start + GROUP] for start in range(0, len(key), GROUP))


def tracker_of(poll: str, key: str) -> str:
    """Under which name the ballot of this key stands among those of this vote: 32 hexadecimal
    digits.
    """
    return digest("folkmoot-tracker-1", f"{poll}\n{key}")[:TRACKER_LENGTH]


def commitment_of(poll: str, key: str, choice: str) -> str:
    """What only who has the key can say of a choice: someone who rewrites the choice cannot make it
    again.
    """
    return digest("folkmoot-commit-1", f"{poll}\n{key}\n{choice}")


def _check(drawn: str) -> str:
    """The first ten bits of a hash, five for each character."""
    bits = int(digest("folkmoot-key-1", drawn)[:3], 16) >> 2
    return LETTERS[bits >> 5] + LETTERS[bits & 31]


def _parts(letter: str) -> bool:
    """Whether it only parts others: a space, a dash, or what is not seen at all."""
    return letter.isspace() or unicodedata.category(letter) in ("Pd", "Cf")
