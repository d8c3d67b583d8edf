"""The site's topics: admins add, rename and remove them, and choose a replacement for their
content.
"""

import pytest
import sqlalchemy as sa

from tests import factories
from webapp.core.extensions import db
from webapp.core.http.errors import Conflict, UserError
from webapp.events import planning
from webapp.groups import categories, directory, groups, reads
from webapp.groups.models import Category
from webapp.people import profiles
from webapp.people.reads import profile_of

pytestmark = pytest.mark.usefixtures("context")


def topic(name):
    made = Category(slug=name.lower(), name=name)
    db.session.add(made)
    db.session.commit()
    return made


@pytest.fixture
def music():
    return topic("Music")


@pytest.fixture
def games():
    return topic("Games")


def found_by(words, reader):
    return [
        group.name for group in directory.listed(reader, directory.GroupSearch(words=words)).items
    ]


def interests_of(user):
    db.session.expire_all()
    return [one.name for one in profile_of(user).interests]


def interested(user, *topics):
    profiles.edit(
        user, (user.first_name, user.last_name), user.handle, user.profile_visibility, list(topics)
    )
    db.session.commit()


def test_removing_a_topic_moves_its_content_to_another_without_duplicates(
    ana, ben, dia, music, games
):
    choir = factories.group(ana, name="Choir", categories=[music])
    both = factories.group(ana, name="Singing games", categories=[music, games])
    concert = factories.event(ana, choir, category_id=music.id)
    interested(ana, music)
    interested(ben, music, games)

    categories.remove(music, games, by=dia)
    db.session.commit()
    db.session.expire_all()

    assert [[one.name for one in group.categories] for group in (choir, both)] == [
        ["Games"],
        ["Games"],
    ]
    assert concert.category_id == games.id
    assert interests_of(ana) == interests_of(ben) == ["Games"]


def test_removing_a_topic_without_replacement_leaves_its_content_without_it(ana, dia, music, games):
    choir = factories.group(ana, name="Choir", categories=[music, games])
    concert = factories.event(ana, choir, category_id=music.id)
    interested(ana, music)

    categories.remove(music, None, by=dia)
    db.session.commit()
    db.session.expire_all()

    assert [one.name for one in choir.categories] == ["Games"]
    assert concert.category_id is None
    assert interests_of(ana) == []


def test_groups_are_found_by_the_current_names_of_their_topics(ana, dia, music, games):
    group = factories.group(ana, name="The eight", categories=[music])
    groups.renew_search_text(group)
    db.session.commit()
    assert found_by("music", ana) == ["The eight"]

    categories.rename(music, "Song", by=dia)
    db.session.commit()
    assert (found_by("music", ana), found_by("song", ana)) == ([], ["The eight"])
    assert music.slug == "music"

    categories.remove(music, games, by=dia)
    db.session.commit()
    assert (found_by("song", ana), found_by("games", ana)) == ([], ["The eight"])


@pytest.mark.parametrize("name", ["Music", " music ", "MUSIC"])
def test_topic_names_are_unique(dia, music, games, name):
    with pytest.raises(UserError, match="already a topic called “Music”"):
        categories.add(name, by=dia)
    with pytest.raises(UserError, match="already a topic called “Music”"):
        categories.rename(games, name, by=dia)
    categories.rename(music, "MUSIC", by=dia)


def test_a_topic_is_removed_once_and_not_into_itself(dia, music):
    with pytest.raises(UserError, match="another topic"):
        categories.remove(music, music, by=dia)
    other = Category(id=music.id)
    categories.remove(music, None, by=dia)
    db.session.commit()

    with pytest.raises(Conflict, match="has just removed"):
        categories.remove(other, None, by=dia)


def test_the_number_of_topics_is_limited(dia, music, monkeypatch):
    monkeypatch.setattr(categories, "MOST", 1)
    with pytest.raises(UserError, match="up to 100 topics"):
        categories.add("Games", by=dia)


# The pages


@pytest.mark.any_database
def test_a_new_site_has_the_default_topics_or_its_own(browser, dia):
    page = browser(dia)
    page.get("/admin")
    page.get(page.page.find("a", href="/admin/topics")["href"])
    page.submit("/admin/topics", name="Bees")
    assert [topic.name for topic in reads.categories()] == ["Bees"]
    assert page.page.select_one('form[action$="/usual"]') is None

    db.session.execute(sa.delete(Category))
    db.session.commit()
    page.get("/admin/topics")
    page.submit("/admin/topics/usual")
    assert len(page.page.select("ul.ruled > li")) == len(categories.DEFAULTS)


@pytest.mark.any_database
def test_the_removal_page_counts_a_topics_content_and_asks_for_a_replacement(
    browser, ana, dia, music, games
):
    choir = factories.group(ana, categories=[music])
    factories.event(ana, choir, category_id=music.id)
    planning.delete(factories.event(ana, choir, category_id=music.id), by=ana)
    interested(ana, music)
    page, id = browser(dia), music.id
    page.get("/admin/topics")
    assert "1 group · 1 event · 1 person" in page.text
    page.get(f"/admin/topics/{id}/removal")

    assert "Used in: 1 group, 1 event, 1 person’s interest." in page.text
    page.submit("/removal", into=str(games.id))

    assert "Topic “Music” removed." in page.text
    assert [one.name for one in choir.categories] == ["Games"]
    assert page.get(f"/admin/topics/{id}").status_code == 404


@pytest.mark.any_database
def test_a_taken_name_is_reported_at_its_field(browser, dia, music, games):
    page = browser(dia)
    page.get(f"/admin/topics/{games.id}")

    assert page.submit(f"/admin/topics/{games.id}", name="music").status_code == 422
    assert "already" in page.page.select_one("#name-err").get_text()
    page.submit(f"/admin/topics/{games.id}", name="Board games")
    assert [topic.get_text() for topic in page.page.select("ul.ruled h2")] == [
        "Board games",
        "Music",
    ]
