"""Values as one text and no other, and what stands for a text: the same on every machine."""

import hashlib
import json
import unicodedata
from typing import Any


class Malformed(ValueError):
    """This is not what it should be; says why in a sentence."""


def canon(value: Any) -> str:
    """The value as JSON without spaces, keys in the order of their code points, all text in
    Unicode's form NFC.

    Of text, whole numbers, true, false, null, lists and dictionaries with text as keys. Raises
    Malformed for all else: a number with a point is written differently by different programs.
    """
    return json.dumps(_settled(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(tag: str, text: str) -> str:
    """H(tag, text): hex sha256 of the tag, a line feed and the text in UTF-8.

    The tag keeps hashes of different things apart.
    """
    return hashlib.sha256(f"{tag}\n{text}".encode()).hexdigest()


def _settled(value: Any) -> Any:
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, (list, tuple)):
        return [_settled(one) for one in value]
    if isinstance(value, dict) and all(isinstance(key, str) for key in value):
        settled = {_settled(key): _settled(one) for key, one in value.items()}
        if len(settled) == len(value):
            return settled
    raise Malformed(f"{type(value).__name__} has no single way to be written")
