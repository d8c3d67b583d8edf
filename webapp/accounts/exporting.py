"""What the data export contains of the account."""

from ..core.exports import JsonFile, PersonalData
from ..core.observability.audit import AuditAddress, AuditEntry
from .models import BlockOrMute, EmailedLink, FormerHandle, SignIn, User

_INSIDE = "names nothing outside of this site"
_SECRET = "a secret, or made of one"


def add(user: User, parts: PersonalData) -> None:
    """Add the account, former handles, sign-ins, emailed links, blocks and mutes, and actions."""
    parts.add(
        _account(user),
        _sign_ins(user),
        _links(user),
        _blocks(user),
        _handles(user),
        *_acts(user),
    )


def _account(user: User) -> JsonFile:
    return JsonFile(
        "account",
        User,
        User.id == user.id,
        columns=(
            "handle",
            "email",
            "first_name",
            "last_name",
            "family_name_first",
            "created_at",
            "verified_at",
            "approved_at",
            "is_admin",
            "may_create_groups",
            "terms_version",
            "came_for",
            "zone",
            "locale",
            "theme",
            "accent",
            "text_size",
            "profile_visibility",
            "shows_presence",
        ),
        left_out={
            "id": _INSIDE,
            "password_hash": _SECRET,
            "nonce": _SECRET,
            "picture": "goes along as a file",
            "search_text": "made of the names and the handle",
            "deactivated_at": "empty for those who can ask",
            "deletion_due_at": "empty for those who can ask",
            "suspended_at": "empty for those who can ask",
            "erased_at": "empty for those who can ask",
        },
    )


def _sign_ins(user: User) -> JsonFile:
    return JsonFile(
        "sign-ins",
        SignIn,
        SignIn.user_id == user.id,
        columns=(
            "device",
            "created_at",
            "last_seen_at",
            "expires_at",
            "remember",
            "reauthenticated_at",
        ),
        left_out={"id": _INSIDE, "user_id": "the person themselves", "token_hash": _SECRET},
    )


def _links(user: User) -> JsonFile:
    return JsonFile(
        "mailed-links",
        EmailedLink,
        EmailedLink.user_id == user.id,
        columns=("purpose", "email", "created_at", "expires_at", "used_at"),
        left_out={
            "id": _INSIDE,
            "user_id": "the person themselves",
            "nonce": _SECRET,
            "user_nonce": _SECRET,
        },
    )


def _handles(user: User) -> JsonFile:
    columns = ("handle", "created_at", "held_until")
    left_out = {"id": _INSIDE, "user_id": "the person themselves"}
    return JsonFile(
        "former-handles", FormerHandle, FormerHandle.user_id == user.id, columns, left_out
    )


def _blocks(user: User) -> JsonFile:
    return JsonFile(
        "blocks",
        BlockOrMute,
        BlockOrMute.user_id == user.id,
        columns=("kind", "created_at"),
        left_out={"id": _INSIDE, "user_id": "the person themselves", "other_id": "another person"},
    )


def _acts(user: User) -> tuple[JsonFile, JsonFile]:
    acts = JsonFile(
        "acts",
        AuditEntry,
        AuditEntry.actor_id == user.id,
        columns=("action", "created_at", "subject_kind"),
        left_out={
            "id": _INSIDE,
            "actor_id": "the person themselves",
            "subject_id": "may be another person",
            "details": "may name other people",
        },
    )
    addresses = JsonFile(
        "addresses",
        AuditAddress,
        AuditAddress.entry.has(AuditEntry.actor_id == user.id),
        columns=("address", "created_at"),
        left_out={"entry_id": _INSIDE},
        more={"action": lambda row: row.entry.action},
    )
    return acts, addresses
