"""The pages for choosing notifications and their channels, for everything and for one group."""

import pytest

from webapp.core import hooks
from webapp.core.extensions import db
from webapp.groups import memberships, roster
from webapp.groups.models import CLOSED, INVITE, SECRET
from webapp.notifications import preferences
from webapp.notifications.models import (
    DIGEST,
    IMPORTANT,
    INBOX,
    NOTHING,
    NOW,
    OFF,
    WEEKLY,
    Preference,
)
from webapp.notifications.notification_types import NOTIFICATION_TYPES
from webapp.notifications.preferences import PRESETS

from .. import factories

PATH = "/account/notifications"


def chosen(page) -> dict[str, str]:
    """Return the choices on the page by field."""
    fields = {one["name"]: one["value"] for one in page.page.select("input[type=radio][checked]")}
    for select in page.page.select("main select"):
        fields[select["name"]] = select.find("option", selected=True)["value"]
    return fields


def folds(page) -> dict[str, str]:
    """Return the summary of each fold."""
    return {
        " ".join(fold.select_one(".name").find(string=True).split()): fold.select_one(
            ".value"
        ).get_text()
        for fold in page.page.select("details.fold")
    }


def presets(page) -> list[str]:
    return [card.get_text() for card in page.page.select(".presets b")]


def of_page(person) -> dict[str, str]:
    """Return the person's choices for the types that aren't fixed."""
    return {
        name: channel
        for name, channel in preferences.of(person).items()
        if not NOTIFICATION_TYPES[name].is_fixed
    }


def test_the_default_preset_is_important(browser, ben):
    page = browser(ben)
    page.get(PATH)

    assert chosen(page)["preset"] == "important"
    assert presets(page) == ["Everything", "Important", "Digest only", "Nothing"]
    assert chosen(page)["event-changed"] == NOW
    assert chosen(page)["event-published"] == DIGEST
    assert chosen(page)["vote-cancelled"] == INBOX
    assert not page.page.select("details.fold[open]")
    assert "changed" not in " ".join(folds(page).values())


@pytest.mark.parametrize("admin", [False, True])
def test_the_important_preset_equals_the_default_of_every_type(context, admin):
    person = factories.user(is_admin=admin)
    usual = {kind.name: kind.usual for kind in preferences.offered_to(person)}

    assert preferences.of(person) == preferences.of_preset("important", usual) == usual
    assert preferences.match(usual) == ("important", frozenset())


@pytest.mark.parametrize("name", PRESETS)
def test_presets_differ_and_each_is_recognized(context, name):
    usual = {kind.name: kind.usual for kind in NOTIFICATION_TYPES.values()}
    channels = preferences.of_preset(name, usual)

    assert preferences.match(channels) == (name, frozenset())
    assert all(channels[kind] in NOTIFICATION_TYPES[kind].channels for kind in channels)
    assert preferences.match({**channels, "digest": WEEKLY}).name == name


@pytest.mark.parametrize(
    ("name", "some"),
    [
        ("everything", {"event.published": NOW, "reply.arrived": NOW, "host.accepted": INBOX}),
        ("important", {"event.published": DIGEST, "rsvp.offered": NOW, "host.accepted": INBOX}),
        ("digest", {"event.published": DIGEST, "rsvp.offered": DIGEST, "event.nearing": INBOX}),
        ("nothing", {"event.published": OFF, "rsvp.offered": OFF, "host.accepted": OFF}),
    ],
)
def test_a_preset_is_chosen_with_one_form_and_saved(browser, ben, name, some):
    page = browser(ben)
    page.get(PATH)
    page.submit(PATH, preset=name)

    assert "Notification settings saved." in page.text
    assert chosen(page)["preset"] == name
    assert {kind: preferences.of(ben)[kind] for kind in some} == some
    assert {preferences.of(ben)[kind] for kind in ("event.cancelled", "event.message")} == {NOW}

    page.submit(PATH, preset="important")
    assert db.session.query(Preference).count() == 0


@pytest.mark.parametrize(
    ("fold", "field", "channel"),
    [
        ("Events", "event-changed", DIGEST),
        ("Votes", "vote-opened", OFF),
        ("Conversation", "reply-mentioned", INBOX),
        ("Membership", "role-changed", DIGEST),
        ("This site", "export-ready", INBOX),
    ],
)
def test_a_single_change_turns_a_preset_into_your_own_choice(browser, ben, fold, field, channel):
    page = browser(ben)
    page.get(PATH)
    page.submit(PATH, **{field: channel})

    assert chosen(page)["preset"] == "own"
    assert presets(page)[-1] == "Custom"
    assert "“Important” with 1 change" in page.text
    assert {name for name, value in folds(page).items() if "changed" in value} == {fold}
    assert folds(page)[fold] == "1 changed"
    kind = NOTIFICATION_TYPES[field.replace("-", ".")]
    assert f"{kind.title}: " in page.page.select_one("details small").get_text()
    assert not page.page.select("details.fold[open]")
    assert of_page(ben) == {**usual_of(ben), kind.name: channel}

    page.submit(PATH, preset="important")
    assert preferences.match(preferences.of(ben)) == ("important", frozenset())


def usual_of(person) -> dict[str, str]:
    return {kind.name: kind.usual for kind in preferences.offered_to(person) if not kind.is_fixed}


def test_a_preset_and_a_single_change_can_be_saved_together(browser, ben):
    page = browser(ben)
    page.get(PATH)
    page.submit(PATH, preset="digest", **{"event-changed": OFF, "vote-opened": INBOX})

    assert preferences.match(preferences.of(ben)) == ("digest", {"event.changed", "vote.opened"})
    assert "“Digest only” with 2 changes" in page.text
    assert (folds(page)["Events"], folds(page)["Votes"]) == ("1 changed", "1 changed")


def test_a_form_sent_twice_has_the_same_effect_as_once(browser, ana, ben):
    group = factories.group(ana, ben)
    page = browser(ben)
    page.get(PATH)
    twin = page.again()
    twin.get(PATH)
    for one in (page, twin):
        one.submit(
            PATH, preset="digest", **{"event-changed": OFF, f"level-{group.id.hex}": NOTHING}
        )

        assert preferences.match(preferences.of(ben)) == ("digest", {"event.changed"})
        assert preferences.level_of(ben, group.id) == NOTHING


def test_an_outdated_page_does_not_undo_later_choices(browser, ana, ben):
    group = factories.group(ana, ben)
    page = browser(ben)
    page.get(PATH)
    preferences.choose(ben, {"event.changed": INBOX})  # for example by the link in an email
    preferences.choose_level(ben, group.id, NOTHING)
    db.session.commit()

    page.submit(PATH, **{"vote-opened": OFF})
    assert of_page(ben) == {**usual_of(ben), "event.changed": INBOX, "vote.opened": OFF}
    assert preferences.level_of(ben, group.id) == NOTHING


@pytest.mark.parametrize("was", ["", "nonsense", "a:b:c", "vote-opened:off", "level-0:x : ::"])
def test_the_submitted_previous_state_is_not_trusted(browser, ben, was):
    page = browser(ben)
    page.get(PATH)
    page.submit(PATH, was=was, preset="important", **{"event-changed": OFF})

    assert of_page(ben) == {**usual_of(ben), "event.changed": OFF}


def test_the_digest_time_follows_the_readers_clock(browser, ben):
    page = browser(ben)
    page.get("/account/settings")
    page.submit("/account/settings", clock="12")
    page.get(PATH)

    assert folds(page)["Digest"] == "Daily at 8:00 AM"
    assert "We send it at 8:00 AM (" in page.text
    page.get("/help/mails-and-notifications")
    assert "8:00 AM in your time zone" in page.text


@pytest.mark.parametrize(("how_often", "said"), [(WEEKLY, "Mondays at 08:00"), (OFF, "Off")])
def test_the_digest_frequency_is_chosen_beside_the_preset(browser, ben, how_often, said):
    page = browser(ben)
    page.get(PATH)
    assert folds(page)["Digest"] == "Daily at 08:00"
    page.submit(PATH, digest=how_often)

    assert preferences.of(ben)["digest"] == how_often
    assert folds(page)["Digest"] == said
    assert chosen(page)["preset"] == ("own" if how_often == OFF else "important")
    assert ("One email a week, on Mondays at 08:00" in page.text) == (how_often == WEEKLY)

    page.submit(PATH, preset="digest")
    assert preferences.of(ben)["digest"] == (DIGEST if how_often == OFF else WEEKLY)
    assert preferences.match(preferences.of(ben)).name == "digest"


def test_the_nothing_preset_is_recognized_without_a_digest(context, ben):
    preferences.choose(
        ben, {**preferences.of_preset("nothing", preferences.of(ben)), "digest": OFF}
    )

    assert preferences.match(preferences.of(ben)).name == "nothing"


def test_every_type_is_listed_once_and_admin_types_only_for_admins(browser, ben, dia):
    for person in (ben, dia):
        page = browser(person)
        page.get(PATH)
        shown = [label.get_text() for label in page.page.select("details label")]
        assert sorted(shown) == sorted(
            "How often" if kind.name == "digest" else str(kind.title)
            for kind in preferences.offered_to(person)
            if not kind.is_fixed
        )
        assert ("is waiting for approval" in page.text) == person.is_admin
        fixed = [row.span.get_text() for row in page.page.select(".kind-of:has(> .chip)")]
        assert sorted(fixed) == sorted(
            str(kind.title) for kind in preferences.offered_to(person) if kind.is_fixed
        )
    assert "Always by email" in page.text
    assert "Emails about your account’s security are always sent." in page.text
    assert not page.page.find(attrs={"name": "event-message"})


@pytest.mark.parametrize(
    "fields",
    [
        {"event-published": "by pigeon"},
        {"rsvp-answered": DIGEST},
        {"digest": INBOX},
        {"event-nearing": WEEKLY},
        {"preset": "loud"},
    ],
)
def test_impossible_choices_are_refused_and_nothing_changes(browser, ben, fields):
    page = browser(ben)
    page.get(PATH)
    before = preferences.of(ben)

    answer = page.submit(PATH, **{"vote-opened": OFF, **fields})

    assert answer.status_code == 422
    assert page.error_at(*fields)
    is_folded = "preset" not in fields
    assert bool(page.page.select("details.fold[open]")) == is_folded
    db.session.rollback()
    assert preferences.of(ben) == before


def test_fields_not_submitted_stay_unchanged(browser, ben):
    preferences.choose(ben, {"event.published": INBOX})
    db.session.commit()
    page = browser(ben)
    page.get(PATH)
    page.submit(PATH, **{"event-published": None, "vote-opened": OFF})

    assert preferences.of(ben)["event.published"] == INBOX
    assert preferences.of(ben)["vote.opened"] == OFF


def test_people_can_change_only_their_own_preferences(browser, ana, ben):
    page = browser(ben)
    page.get(PATH)
    page.submit(
        PATH,
        **{"vote-opened": OFF, "person-waiting": OFF, "event-message": OFF, "user_id": str(ana.id)},
    )

    assert preferences.of(ana)["vote.opened"] == NOW
    assert preferences.of(ben)["vote.opened"] == OFF
    assert preferences.of(ben)["event.message"] == NOW


def test_the_page_takes_the_same_statements_for_three_groups_as_for_one(
    browser, ana, statements_of
):
    factories.group(ana)
    page = browser(ana)
    one = statements_of(lambda: page.get(PATH))
    factories.group(ana)
    preferences.choose_level(ana, factories.group(ana).id, NOTHING)
    preferences.choose(ana, {"vote.opened": OFF})
    db.session.commit()

    assert statements_of(lambda: page.get(PATH)) == one


def test_saving_takes_the_same_statements_for_three_groups_as_for_one(
    browser, ana, ben, statements_of
):
    mine = [factories.group(ana, ben)]
    page = browser(ben)

    def save(level):
        page.get(PATH)
        levels = {f"level-{group.id.hex}": level for group in mine}
        return statements_of(lambda: page.submit(PATH, preset="nothing", **levels))

    save(IMPORTANT)
    one = save(NOTHING)
    mine += [factories.group(ana, ben), factories.group(ana, ben)]
    assert save(IMPORTANT) == one


def test_several_groups_can_be_changed_in_one_form(browser, ana, ben):
    mine = [factories.group(ana, ben, name=name) for name in ("Boats", "Choir", "Dogs")]
    other = factories.group(ana)
    boats, choir, dogs = (f"level-{group.id.hex}" for group in mine)
    page = browser(ben)
    page.get(PATH)
    assert f"level-{other.id.hex}" not in chosen(page)

    page.submit(PATH, **{boats: IMPORTANT, dogs: NOTHING, f"level-{other.id.hex}": NOTHING})
    assert levels(ben, *mine, other) == [IMPORTANT, None, NOTHING, None]
    assert [chosen(page)[name] for name in (boats, choir, dogs)] == [IMPORTANT, "as_above", NOTHING]

    page.submit(PATH, every_group=NOTHING, **{boats: "as_above"})
    assert levels(ben, *mine) == [None, NOTHING, NOTHING]
    page.submit(PATH, every_group="as_above")
    assert levels(ben, *mine) == [None, None, None]
    assert page.submit(PATH, every_group="loud").status_code == 422
    page.get(PATH)
    assert page.submit(PATH, **{boats: "loud"}).status_code == 422


def levels(person, *groups) -> list[str | None]:
    db.session.expire_all()
    return [preferences.level_of(person, group.id) for group in groups]


def test_the_field_for_all_groups_needs_several_groups(browser, ana, ben):
    page = browser(ben)
    for expected in (False, False, True):
        page.get(PATH)
        assert ("every_group" in chosen(page)) == expected
        factories.group(ana, ben)


def test_account_and_inbox_link_to_the_page(browser, ben):
    page = browser(ben)
    for path in ("/account", "/inbox"):
        page.get(path)
        assert page.page.find("a", href=PATH), path


def test_a_groups_notifications_can_be_reduced_and_restored(browser, ana, ben):
    group = factories.group(ana, ben, name="River walkers")
    page = browser(ben)
    page.get(f"/groups/{group.slug}")
    path = f"/groups/{group.slug}/notifications"
    assert page.page.find("a", href=path)
    page.get(path)
    assert chosen(page) == {"level": "as_everywhere"}

    for level in (NOTHING, IMPORTANT):
        page.get(path)
        page.submit(path, level=level)
        assert "Notification settings for River walkers saved." in page.text
        assert preferences.level_of(ben, group.id) == level
        page.get(PATH)
        assert chosen(page)[f"level-{group.id.hex}"] == level

    page.get(path)
    page.submit(path, level="as_everywhere")
    assert preferences.level_of(ben, group.id) is None


@pytest.mark.parametrize("level", ["loud", None, ""])
def test_a_groups_level_must_be_one_of_three(browser, ana, ben, level):
    group = factories.group(ana, ben)
    page = browser(ben)
    page.get(f"/groups/{group.slug}/notifications")

    assert page.submit("/notifications", level=level).status_code == 422
    assert preferences.level_of(ben, group.id) is None


def test_only_members_can_choose_a_groups_level(browser, visitor, ana, cem, dia):
    for values, status in (
        ({}, 403),
        ({"visibility": CLOSED, "join_policy": INVITE}, 403),
        ({"visibility": SECRET, "join_policy": INVITE}, 404),
    ):
        path = f"/groups/{factories.group(ana, **values).slug}/notifications"
        for person in (cem, dia):
            assert browser(person).get(path).status_code == status
            assert browser(person).post(path, {"level": NOTHING}).status_code == status
        assert visitor.get(path).headers["Location"].startswith("/sign-in")


def test_leaving_a_group_resets_its_level(ana, ben):
    group = factories.group(ana, ben)
    preferences.choose_level(ben, group.id, NOTHING)
    memberships.leave(group, by=ben)
    db.session.commit()

    assert preferences.level_of(ben, group.id) is None


def test_people_who_muted_a_group_still_learn_of_their_removal(ana, ben, emails):
    group = factories.group(ana, ben)
    preferences.choose_level(ben, group.id, NOTHING)
    member = next(one for one in roster.members_of(group).items if one.user_id == ben.id)
    memberships.remove(member, by=ana, reason="Noise")
    db.session.commit()

    assert [email["To"] for email in emails()] == [ben.email]


def test_erasing_an_account_deletes_its_preferences(ana, ben):
    group = factories.group(ana, ben)
    preferences.choose(ben, {"vote.opened": OFF})
    preferences.choose_level(ben, group.id, NOTHING)
    hooks.user_erased(user=ben)
    db.session.commit()

    assert preferences.of(ben)["vote.opened"] == NOW
    assert preferences.level_of(ben, group.id) is None
