"""The key to a ballot, and the two hashes made from it. A key is shown once and stored nowhere."""

import secrets
import unicodedata

from .canonical_json import digest

#: Crockford's base 32: without I, L, O and U, so that nothing is misread.
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
#: The number of random characters (130 bits) and of check characters.
DRAWN, CHECKING, BITS = 26, 2, 130
#: The size of a group when a key is displayed.
GROUP = 4
ALIKE = str.maketrans("OIL", "011")
TRACKER_LENGTH = 32


class KeyTypo(ValueError):
    """The text isn't a valid key."""


def fresh() -> str:
    """Return a new random key: 26 random characters and two check characters."""
    return written(secrets.randbits(BITS))


def written(number: int) -> str:
    """Return the key for a number of 130 bits."""
    drawn = "".join(LETTERS[number >> place & 31] for place in range(0, BITS, 5))
    return drawn + _check(drawn)


def read(text: str) -> str:
    """Parse a typed key: in any case, with spaces and dashes anywhere, O for 0, I and L for 1.
    Raises KeyTypo if it can't be a key. One in a thousand keys with a wrong character passes the
    check, and then finds no ballot.
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
    """Return the key as people copy it: seven groups of four, separated by spaces."""
    return " ".join(key[start : start + GROUP] for start in range(0, len(key), GROUP))


def tracker_of(poll: str, key: str) -> str:
    """Return the tracker under which the ballot of this key is listed in this vote: 32 hexadecimal
    digits.
    """
    return digest("folkmoot-tracker-1", f"{poll}\n{key}")[:TRACKER_LENGTH]


def commitment_of(poll: str, key: str, choice: str) -> str:
    """Return the commitment to a choice. Only the key's holder can make it, so a changed choice
    shows.
    """
    return digest("folkmoot-commit-1", f"{poll}\n{key}\n{choice}")


def _check(drawn: str) -> str:
    """The first ten bits of a hash, five for each character."""
    bits = int(digest("folkmoot-key-1", drawn)[:3], 16) >> 2
    return LETTERS[bits >> 5] + LETTERS[bits & 31]


def _parts(letter: str) -> bool:
    """Whether it only separates: a space, a dash, or an invisible character."""
    return letter.isspace() or unicodedata.category(letter) in ("Pd", "Cf")
