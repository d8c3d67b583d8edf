"""Groups are created, edited, deleted and restored."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests import factories
from webapp.core import hooks
from webapp.core.extensions import db
from webapp.core.http.errors import Conflict, UserError
from webapp.core.observability.audit import AuditEntry
from webapp.core.text.search import search_text_of
from webapp.core.time import clock
from webapp.groups import access, categories, directory, groups, permissions, reads
from webapp.groups.directory import GroupSearch
from webapp.groups.models import (
    APPROVE,
    CLOSED,
    INVITE,
    JOIN,
    JOIN_POLICIES,
    OPEN,
    OWNER,
    PAIRS,
    SECRET,
    VISIBILITIES,
    Category,
    Group,
    GroupSlug,
)
from webapp.ops.retention import purge
from webapp.ops.retention.table import TABLE


@pytest.fixture(autouse=True)
def _inside(context):
    """Call rules in an application context, as jobs do."""


def values(**changed):
    usual = {
        "name": "Lakeside Cyclists",
        "visibility": OPEN,
        "join_policy": JOIN,
        "zone": "Africa/Nairobi",
        "categories": [],
    }
    return usual | changed


def made(by, **changed):
    group = groups.create(by=by, **values(**changed))
    db.session.commit()
    return group


def test_the_creator_of_a_group_owns_it(ana):
    group = made(ana, location="Kisumu", summary="We ride by the lake")

    assert (group.slug, group.member_count) == ("lakeside-cyclists", 1)
    assert access.role_of(ana, group) == OWNER
    assert group.search_text == search_text_of(
        "Lakeside Cyclists", "We ride by the lake", place="Kisumu"
    )
    assert (
        db.session.scalar(sa.select(AuditEntry.action).where(AuditEntry.subject_id == group.id))
        == "group.created"
    )


PAIR = [(visibility, join_policy) for visibility in VISIBILITIES for join_policy in JOIN_POLICIES]


@pytest.mark.parametrize(("visibility", "join_policy"), PAIR)
def test_only_valid_pairs_of_visibility_and_join_policy_are_accepted(visibility, join_policy, ana):
    if join_policy in PAIRS[visibility]:
        assert made(ana, visibility=visibility, join_policy=join_policy).join_policy == join_policy
        return
    with pytest.raises(UserError) as broken:
        made(ana, visibility=visibility, join_policy=join_policy)
    assert broken.value.field == "join_policy"


@pytest.mark.parametrize(
    ("visibility", "join_policy"), [pair for pair in PAIR if pair[1] not in PAIRS[pair[0]]]
)
def test_the_database_refuses_other_pairs(visibility, join_policy, ana):
    with pytest.raises(sa.exc.IntegrityError):
        factories.group(ana, visibility=visibility, join_policy=join_policy)


def test_a_taken_address_silently_gets_a_suffix(ana, ben):
    made(ana)

    second = made(ben)

    assert second.slug.startswith("lakeside-cyclists-")
    assert len(second.slug) == len("lakeside-cyclists-") + 5


def test_choosing_an_address_reveals_no_secret_group(ana, ben):
    """Neither one created with that address, nor one whose owner asks for it, nor one that became
    secret.
    """
    hidden = made(ana, visibility=SECRET, join_policy=INVITE)
    renamed = made(ana, name="Reed cutters", visibility=SECRET, join_policy=INVITE)
    groups.edit(
        renamed,
        by=ana,
        version=1,
        **values(name="Reeds", slug="reeds", visibility=SECRET, join_policy=INVITE),
    )
    closed = made(ana, name="Oar makers")
    groups.edit(
        closed,
        by=ana,
        version=1,
        **values(name="Oar makers", visibility=SECRET, join_policy=INVITE),
    )
    db.session.commit()

    slugs = [hidden.slug, renamed.slug, closed.slug]
    for slug, name in zip(slugs, ("lakeside-cyclists", "reeds", "oar-makers"), strict=True):
        assert slug.startswith(f"{name}-")
        assert len(slug) == len(name) + 11
        with pytest.raises(access.GroupMoved):
            access.group_for(ana, "oar-makers")
    taken = [
        made(ben, name=name).slug
        for name in ("Lakeside Cyclists", "Reeds", "Reed cutters", "Oar makers")
    ]
    assert taken == ["lakeside-cyclists", "reeds", "reed-cutters", "oar-makers"]


def test_a_secret_group_keeps_its_address_when_it_is_unchanged(ana):
    group = made(ana, visibility=SECRET, join_policy=INVITE)
    before = group.slug
    groups.edit(
        group, by=ana, version=1, **values(slug=before, visibility=SECRET, join_policy=INVITE)
    )

    assert group.slug == before
    groups.edit(group, by=ana, version=2, **values(slug=before))
    assert group.slug == before


def test_a_group_with_a_secret_groups_former_address_can_change_it(ana, ben):
    """The address may then be an old one of theirs."""
    group = made(ana)
    groups.edit(group, by=ana, version=1, **values(visibility=SECRET, join_policy=INVITE))
    other = made(ben)
    groups.edit(other, by=ben, version=1, **values(slug="lake-riders"))
    db.session.commit()

    with pytest.raises(access.GroupMoved) as moved:
        access.group_for(ana, "lakeside-cyclists")
    assert moved.value.slug == "lake-riders"


@pytest.mark.parametrize(
    ("name", "start"), [("New", "new-"), ("東京の会", "group"), ("!!", "group")]
)
def test_every_name_gets_an_address(name, start, ana):
    assert made(ana, name=name).slug.startswith(start)
    assert made(ana, name=name).slug.startswith(start)


def test_an_address_taken_at_the_same_moment_gets_a_suffix(ana, monkeypatch):
    factories.group(ana, slug="lakeside-cyclists")
    monkeypatch.setattr(groups, "_is_taken", lambda slug: False)

    assert made(ana).slug.startswith("lakeside-cyclists-")


def test_the_old_address_redirects_to_the_new_one_and_stays_reserved(ana, ben):
    group = made(ana)

    groups.edit(group, by=ana, version=1, **values(slug="Lake Riders"))
    db.session.commit()

    assert group.slug == "lake-riders"
    with pytest.raises(access.GroupMoved) as moved:
        access.group_for(ben, "lakeside-cyclists")
    assert moved.value.slug == "lake-riders"
    assert made(ben).slug != "lakeside-cyclists"


def test_a_group_can_take_back_its_old_address(ana):
    group = made(ana)
    groups.edit(group, by=ana, version=1, **values(slug="lake-riders"))
    groups.edit(group, by=ana, version=2, **values(slug="lakeside-cyclists"))
    db.session.commit()

    assert group.slug == "lakeside-cyclists"
    assert list(db.session.scalars(sa.select(GroupSlug.slug))) == ["lake-riders"]


def test_two_parallel_edits_do_not_overwrite_each_other(ana):
    group = made(ana)
    groups.edit(group, by=ana, version=1, **values(name="Lake Riders"))
    db.session.commit()

    with pytest.raises(Conflict) as conflict:
        groups.edit(group, by=ana, version=1, **values(name="Shore Riders"))

    assert conflict.value.status == 409
    assert group.name == "Lake Riders"


def names(user, **wanted):
    """Return the names that the directory finds for them, in order."""
    return [group.name for group in directory.listed(user, GroupSearch(**wanted)).items]


def test_search_ignores_case_and_accents_and_includes_topics(ana, ben):
    categories.ensure_defaults()
    music = db.session.scalar(sa.select(Category).where(Category.slug == "music"))
    cafe = made(ana, name="Repair Café Kreuzberg", categories=[music])
    made(ana, name="Night choir", visibility=SECRET, join_policy=INVITE, categories=[music])

    assert names(ben, words="CAFE repair") == [cafe.name]
    assert names(ben, words="müsic") == [cafe.name]
    assert names(ben, topic="music") == [cafe.name]
    assert names(ben, topic="games") == []
    assert names(ben, words="100%") == []
    assert names(ben, words="_") == []
    assert set(names(ana, topic="music")) == {"Night choir", "Repair Café Kreuzberg"}


def test_the_directory_has_pages(ana, ben):
    for number in range(23):
        factories.group(ana, name=f"Group {number:02}")

    first, second = (
        directory.listed(ben, GroupSearch()),
        directory.listed(ben, GroupSearch(), page=2),
    )

    assert (first.total, first.count, len(first.items), len(second.items)) == (23, 2, 20, 3)
    assert not {group.id for group in first.items} & {group.id for group in second.items}


def test_the_default_topics_are_created_once(ana):
    categories.ensure_defaults()
    categories.ensure_defaults()
    topics = reads.categories()
    assert [topic.name for topic in topics] == sorted(categories.DEFAULTS)

    db.session.delete(topics[0])
    categories.ensure_defaults()
    assert len(reads.categories()) == len(categories.DEFAULTS) - 1


def test_a_deleted_group_is_unlisted_and_restored_completely(ana, ben, monkeypatch):
    group, notified = factories.group(ana, ben), []
    monkeypatch.setattr(hooks.group_deleted, "subscribers", [lambda group: notified.append(group)])

    groups.delete(group, by=ana)
    db.session.commit()

    assert notified == [group]
    assert names(ana) == reads.groups_of(ana) == []
    assert reads.deleted_by(ana) == [group]
    assert reads.deleted_by(ben) == []

    groups.restore(group, by=ana)
    db.session.commit()
    assert reads.groups_of(ben) == [group]
    assert set(reads.members(group)) == {ana, ben}


def test_a_deleted_group_and_its_content_are_purged_after_thirty_days(ana, ben):
    old = factories.group(
        ana, ben, name="Old", deleted_at=clock.now() - timedelta(days=30, minutes=1)
    )
    factories.event(ana, old)
    factories.group(ana, name="Late", deleted_at=clock.now() - timedelta(days=29))
    factories.group(ana, name="Here")

    assert purge.carry_out(next(line for line in TABLE if line.key == "groups")) == 1
    db.session.commit()

    assert sorted(db.session.scalars(sa.select(Group.name))) == ["Here", "Late"]


def test_a_setting_decides_who_can_create_a_group(ana, dia):
    assert permissions.may_create(ana, "everyone")
    assert not permissions.may_create(ana, "admins")
    assert permissions.may_create(dia, "admins")


def test_audit_log_records_changes_of_visibility(ana):
    group = made(ana)
    groups.edit(group, by=ana, version=1, **values(visibility=CLOSED, join_policy=APPROVE))
    db.session.commit()

    entry = db.session.scalar(sa.select(AuditEntry).where(AuditEntry.action == "group.edited"))
    assert (entry.actor_id, entry.details) == (
        ana.id,
        {"visibility_before": "open", "visibility": "closed"},
    )


@pytest.mark.parametrize(
    ("sort", "index"), [("members", "largest"), ("newest", "newest"), ("name", "directory")]
)
def test_a_page_of_the_directory_is_read_in_index_order(app, context, ana, sort, index):
    factories.group(ana)
    if db.engine.dialect.name != "sqlite":
        return  # the planner sorts few rows
    sent = []
    sa.event.listen(
        db.engine, "before_cursor_execute", note := lambda *a: sent.append((a[2], a[3]))
    )
    directory.listed(ana, GroupSearch(sort=sort))
    sa.event.remove(db.engine, "before_cursor_execute", note)
    ask = db.session.connection().exec_driver_sql
    plans = [
        [row[3] for row in ask(f"EXPLAIN QUERY PLAN {sql}", values)]
        for sql, values in sent
        if '"group"' in sql
    ]

    assert len(plans) == 1
    assert f"USING INDEX ix_group_{index}" in plans[0][0]
    assert not [step for plan in plans for step in plan if "TEMP B-TREE" in step]
