"""Why a source gives no news: what is kept is a word, and what people read is its sentence."""

from flask_babel import lazy_gettext as _l

#: Each word with what it means to the people who chose the source.
SENTENCES = {
    "address": _l(
        "Its address leads to a place that this site does not visit: only public hosts, at the "
        "web’s usual ports."
    ),
    "name": _l("There is no host with this name."),
    "silent": _l("It does not answer, or too slowly."),
    "broken_off": _l("It broke off in the middle of its answer."),
    "certificate": _l(
        "Its certificate cannot be trusted: it is out of date, or made out to another host."
    ),
    "redirects": _l("It sends us from one address to the next, and on."),
    "insecure": _l("It sends us from a secure address to one that is not."),
    "too_large": _l("What it says is larger than two megabytes."),
    "kind": _l("What it sends is no text: a picture, perhaps, or a file to take home."),
    "page": _l(
        "This is a web page that leads to no feed. Look there for “RSS”, “Atom” or “feed”: each "
        "has its own address."
    ),
    "known": _l("It leads to a feed that is among the sources already."),
    "no_feed": _l(
        "We read it, and it is no feed: neither RSS nor Atom, no JSON Feed and no list of posts."
    ),
    "broken": _l("What it sends is damaged, so that it cannot be read."),
    "refused": _l("It lets nobody in without an account."),
    "missing": _l("Nothing stands at this address."),
    "busy": _l("It is too busy, or being repaired."),
    "failed": _l("It answers that something is wrong."),
    "gone": _l("It says that it is gone for good."),
}


class FetchError(Exception):
    """The source gives no news; `word` is one of SENTENCES.

    `wait`: it asked to be left alone for so many seconds.
    """

    def __init__(self, word: str, wait: int = 0) -> None:
        assert word in SENTENCES
        super().__init__(word)
        self.word = word
        self.wait = wait
