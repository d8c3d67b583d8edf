"""Why a feed can't be fetched: a stored word, and the sentence that people read."""

from flask_babel import lazy_gettext as _l

#: Each word with its message to the people who chose the feed.
SENTENCES = {
    "address": _l("We can’t visit this link. It must be on a public site, on the usual web ports."),
    "name": _l("There’s no site with this name."),
    "silent": _l("The site isn’t responding, or is too slow."),
    "broken_off": _l("The connection broke off before we got everything."),
    "certificate": _l(
        "Its security certificate can’t be trusted. It’s out of date, or belongs to another site."
    ),
    "redirects": _l("It keeps redirecting us to another link."),
    "insecure": _l("It redirects us from a secure link to one that isn’t."),
    "too_large": _l("It’s larger than two megabytes."),
    "kind": _l("It isn’t text. It may be a picture or a download."),
    "page": _l(
        "This web page doesn’t link to a feed. Look there for “RSS”, “Atom” or “feed”: each has "
        "its own link."
    ),
    "known": _l("This feed has already been added."),
    "no_feed": _l("It isn’t a feed: we found no RSS, Atom, JSON Feed or list of posts."),
    "broken": _l("It’s damaged and can’t be read."),
    "refused": _l("It needs an account."),
    "missing": _l("There’s nothing at this link."),
    "busy": _l("It’s too busy or under maintenance."),
    "failed": _l("It reports an error."),
    "gone": _l("It says it’s gone for good."),
}


class FetchError(Exception):
    """The feed can't be fetched; `word` is one of SENTENCES.

    `wait`: the server asked us not to return for so many seconds.
    """

    def __init__(self, word: str, wait: int = 0) -> None:
        assert word in SENTENCES
        super().__init__(word)
        self.word = word
        self.wait = wait
