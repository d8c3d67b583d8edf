"""Canonical JSON and tagged hashes, the same on every machine."""

import hashlib
import json
import unicodedata
from typing import Any


class Malformed(ValueError):
    """The input isn't valid; the message says why, as a sentence."""


def canon(value: Any) -> str:
    """Return the value as JSON without spaces, with sorted keys and all text in Unicode's form NFC.

    Allowed are text, whole numbers, true, false, null, lists, and dictionaries with text as keys.
    Raises Malformed for everything else: programs write decimal numbers differently.
    """
    return json.dumps(_settled(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(tag: str, text: str) -> str:
    """Return H(tag, text): hex sha256 of the tag, a line feed and the text in UTF-8.
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
