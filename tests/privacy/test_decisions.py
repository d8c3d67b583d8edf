"""Every column of every table is exported or has a reason not to be."""

import sqlalchemy as sa

from tests import factories
from webapp.core.extensions import db
from webapp.privacy import exports

#: Tables that aren't exported, each with its reason.
NOT_EXPORTED = {
    "event_day": "counts seats, and names nobody",
    "event_default": "belongs to the group",
    "event_shift": "belongs to the event; whose place it is stands with the claim",
    "event_slug": "belongs to the event",
    "event_option": "belongs to the event; what was picked stands with the answer",
    "event_question": "belongs to the event; what was said to it stands with the answer",
    "rsvp_pick": "stands with the answer",
    "secret_ballot": (
        "leads to nobody: only who has its key finds it, and a site that could tell whose it is "
        "had broken its word"
    ),
    "secret_link": "stands with the vote, and on its page",
    "session_speaker": "stands with the session",
    "group_day": "counts people, and names none",
    "join_question": "belongs to the group",
    "vote_default": "belongs to the group",
    "category": "topics that groups choose from",
    "guest": "someone without an account; their own page hands it out",
    "group": "belongs to its members; their membership names it",
    "group_category": "belongs to the group",
    "group_slug": "belongs to the group",
    "held_handle": "names no person, only a word that nobody may take for a while",
    "interest": "stands with the profile",
    "invitation": "made by others, for someone who had no account yet",
    "news_item": "what other sites said, kept for everyone alike",
    "news_source": "belongs to the group, or to the site",
    "site_flag": "when the site last did something for itself",
    "refused_address": "a fingerprint, from which nobody can read whose it is",
    "report_address": "left by visitors, who have no account",
    "site_setting": "what admins have settled for the site; names nobody",
    "site_page": "written for everyone, and public",
}


def undecided(metadata, parts) -> set[str]:
    """Return columns without a decision, and decisions about columns that don't exist."""
    columns = {
        f"{table.name}.{column.name}"
        for table in metadata.tables.values()
        for column in table.columns
    }
    decided = {
        f"{part.model.__tablename__}.{name}"
        for part in parts.json
        for name in (*part.columns, *part.left_out)
    }
    kept = {name for name in columns if name.split(".")[0] in NOT_EXPORTED}
    return columns ^ (decided | kept)


def test_every_column_is_exported_or_has_a_reason_not_to_be(app, ana):
    assert undecided(db.metadata, exports.parts_of(ana)) == set()


def test_control_a_new_table_and_a_new_column_are_noticed(app, ana):
    more = sa.MetaData()
    for table in db.metadata.tables.values():
        table.to_metadata(more)
    sa.Table("diary", more, sa.Column("words", sa.Text))
    more.tables["sign_in"].append_column(sa.Column("mood", sa.Text))

    assert undecided(more, exports.parts_of(ana)) == {"diary.words", "sign_in.mood"}


def test_no_column_is_both_exported_and_excluded_and_every_reason_is_given(app, ana):
    for part in exports.parts_of(ana).json:
        assert not set(part.columns) & set(part.left_out), part.name
        assert all(len(reason) > 5 for reason in part.left_out.values()), part.name


def test_exported_files_have_unique_names(app, ana):
    names = [part.name for part in exports.parts_of(ana).json]

    assert len(names) == len(set(names))


def test_secret_columns_are_never_exported(app, ana):
    taken = {
        f"{part.model.__tablename__}.{name}"
        for part in exports.parts_of(ana).json
        for name in part.columns
    }

    assert not {
        name
        for name in taken
        if any(word in name for word in ("nonce", "hash", "token", "lease", "seed", "lot_secret"))
    }


def test_new_accounts_have_an_archive_too(app, ana):
    assert {part.name: len(part.rows()) for part in exports.parts_of(factories.user("Noor")).json}[
        "account"
    ] == 1
