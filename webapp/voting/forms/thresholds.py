"""What must be reached for a result, as people choose it: a share, and of whom."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField

from ...core.http.forms import choices_of
from ..results.quorum_text import NONE, SHARES, columns_of, share_in_words
from ..tally.rules import CAST, PRESENT, PROPOSAL, ROLL, VALID, VOICES

MEASURES: dict[str, Any] = {
    VOICES: _l("those who agree, disagree or block"),
    VALID: _l("ballots that choose something"),
    CAST: _l("all ballots, including abstentions"),
    ROLL: _l("everyone who can vote"),
    PRESENT: _l("people who can vote and were checked in at the event"),
}


class ShareField(SelectField):
    """More than, or at least, which part."""

    def __init__(self, label: Any = _l("Majority"), **options: Any) -> None:
        super().__init__(label, **options)

    def offer(self, is_needed: bool, standing: str = NONE) -> None:
        """The shares to choose from: none at all where nothing is needed, and the one that
        stands, whatever it is.
        """
        known = dict(SHARES)
        if standing not in known and standing != NONE:
            known[standing] = share_in_words(*columns_of(standing).values())
        nothing = [] if is_needed else [(NONE, _("No minimum"))]
        self.choices = choices_of([*nothing, *known.items()])


class MeasureField(SelectField):
    """Of whom."""

    def __init__(self, label: Any = _l("Majority of"), **options: Any) -> None:
        super().__init__(label, **options)

    def offer(self, kind: str, about_event: bool) -> None:
        """What the kind and the event allow."""
        left_out = {VOICES} if kind != PROPOSAL else set()
        left_out |= set() if about_event else {PRESENT}
        self.choices = choices_of(
            (value, words) for value, words in MEASURES.items() if value not in left_out
        )
