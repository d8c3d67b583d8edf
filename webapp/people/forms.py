"""The forms of profiles."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from flask_babel import gettext as _, lazy_gettext as _l
from wtforms import BooleanField, Field, RadioField, SelectMultipleField
from wtforms.validators import ValidationError

from ..accounts import handles
from ..accounts.forms import HandleField, PersonName
from ..accounts.models import EVERYONE, GROUPS, NOBODY, User
from ..core.db.base import parse_uuid
from ..core.http.errors import UserError
from ..core.http.forms import Form, TextBlock, TextLine, choices_of, required
from ..core.http.uploads import PictureField
from ..core.text.bidi import isolated
from ..groups import categories, reads as groups
from . import links
from .models import Profile

INTERESTS = 12


class PickingForm(Form):
    """Choose people, searched by name; each such form defines its own `who`."""

    words = TextLine(_l("Search members by name"), most=100)
    who: SelectMultipleField

    @property
    def chosen(self) -> list[UUID]:
        """The ids of the ticked people; invalid ids are skipped."""
        return [found for found in map(parse_uuid, self.who.data or ()) if found is not None]

    def offer(self, people: Iterable[User]) -> None:
        """Set the people who can be ticked."""
        self.who.choices = choices_of(
            (str(one.id), f"{isolated(one.name)} (@{one.handle})") for one in people
        )


class ProfileForm(Form):
    """A person's profile, and who sees it."""

    first_name = PersonName(_l("Given name"), required(_l("Enter your name.")), most=60)
    last_name = PersonName(_l("Family name"), most=60)
    family_name_first = BooleanField(_l("Show my family name first"))
    handle = HandleField(_l("Handle"))
    profile_visibility = RadioField(
        _l("Who can see your profile and picture"),
        choices=choices_of(
            [
                (EVERYONE, _l("Everyone")),
                (GROUPS, _l("People in my groups")),
                (NOBODY, _l("No one")),
            ]
        ),
    )
    shows_presence = BooleanField(_l("Show when I’m here"))
    bio = TextBlock(_l("About you"), most=5_000)
    interests = SelectMultipleField(_l("Interests"))
    links = TextBlock(_l("Links"), most=1_100)
    shows_groups = BooleanField(_l("Show my groups"))
    picture = PictureField(_l("Your picture"))
    remove_picture = BooleanField(_l("Remove the picture"))

    def __init__(self, user: User, profile: Profile, **values: Any) -> None:
        values.setdefault("interests", [str(category.id) for category in profile.interests])
        values.setdefault("links", "\n".join(profile.links))
        super().__init__(obj=user, bio=profile.bio, shows_groups=profile.shows_groups, **values)
        self.interests.choices = choices_of(
            (str(category.id), category.name) for category in groups.categories()
        )

    def validate_handle(self, field: Field) -> None:
        """Require a valid handle."""
        sentence = handles.problem(field.data or "")
        if sentence:
            raise ValidationError(sentence)

    def validate_interests(self, field: Field) -> None:
        """Limit the number of interests."""
        if len(field.data or []) > INTERESTS:
            raise ValidationError(_("Choose up to twelve interests."))

    def validate_links(self, field: Field) -> None:
        """Require a link to a page or email address on each line."""
        try:
            self.found = links.of_lines(field.data or "")
        except UserError as broken:
            raise ValidationError(broken.message) from broken

    def values(self) -> dict[str, Any]:
        """Return the arguments of `profiles.edit`."""
        return {
            "name": (self.first_name.data or "", self.last_name.data or ""),
            "family_name_first": self.family_name_first.data,
            "handle": self.handle.data or "",
            "profile_visibility": self.profile_visibility.data,
            "shows_presence": self.shows_presence.data,
            "bio": self.bio.data or "",
            "interests": categories.of_ids(self.interests.data or []),
            "links": self.found,
            "shows_groups": self.shows_groups.data,
        }
