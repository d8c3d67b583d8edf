"""Which texts look alike to people: Unicode's confusables (UTS #39)."""

from functools import cache, lru_cache

from .typed import same_words

#: Invisible marks around letters from right to left in the library's table.
_DIRECTION = "\u200e"


@lru_cache(8192)
def look(text: str) -> str:
    """Return a key that is equal for texts that look alike, whatever their case: “Ingrid” in
    Latin letters, with a Greek iota, and with a small l instead of the capital I.
    """
    letters = _letters()
    # Capital I and small l are one letter in the table, and small i another.
    return same_words(text.translate(letters)).translate(letters).replace("i", "l")


@cache
def _letters() -> dict[int, str]:
    """Return each letter that looks like another, with that other."""
    from confusable_homoglyphs import utils  # 1 MB of JSON, for pages that list people

    alike = {
        letter.strip(_DIRECTION): [other["c"].strip(_DIRECTION) for other in others]
        for letter, others in utils.load("confusables.json").items()
    }
    found = {}
    for letter, others in alike.items():
        like = others[0]  # a letter with several is what the others look like
        is_first_of_two = alike.get(like) == [letter] and letter < like
        if len(letter) == 1 and len(others) == 1 and not is_first_of_two:
            found[ord(letter)] = like
    return found
