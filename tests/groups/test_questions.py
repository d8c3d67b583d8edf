"""Questions for people who request to join: asked, answered, shown with the request, and changed
without affecting old answers.
"""

import pytest

from tests import factories
from webapp.core.extensions import db
from webapp.core.http.errors import Conflict, UserError
from webapp.core.time import clock
from webapp.groups import questions, reads, requests
from webapp.groups.models import APPROVE, CHECKBOX, CHOICE, MEMBER, TEXT, JoinRequest

pytestmark = pytest.mark.any_database


@pytest.fixture
def group(ana, ben):
    return factories.group(ana, ben, name="Lake Riders", slug="lake", join_policy=APPROVE)


def asked(group, by, text="Why?", kind=TEXT, options=(), is_required=False):
    question = questions.add(
        group, by=by, text=text, kind=kind, options=list(options), is_required=is_required
    )
    db.session.commit()
    return question


def ask(group, by, answers, **more):
    return requests.ask(
        group, by=by, given=answers, questions_digest=questions.digest(questions.of(group)), **more
    )


def test_a_request_stores_its_answers_with_the_text_of_the_questions(group, ana, cem):
    why = asked(group, ana, "Why the lake?")
    when = asked(group, ana, "When?", CHOICE, ["Mornings", "Evenings"])
    swims, rows = (
        asked(group, ana, "I can swim", CHECKBOX),
        asked(group, ana, "I can row", CHECKBOX),
    )

    request = ask(
        group, cem, {why.id: "It is calm.", when.id: "Evenings", swims.id: True, rows.id: False}
    )
    db.session.commit()

    assert request.answers == [
        ["Why the lake?", "It is calm."],
        ["When?", "Evenings"],
        ["I can swim", "Yes"],
        ["I can row", "No"],
    ]


def test_a_missing_required_answer_is_reported_at_its_field(group, ana, cem):
    why, swims = (
        asked(group, ana, is_required=True),
        asked(group, ana, "I can swim", CHECKBOX, is_required=True),
    )
    for answers, missing in [
        ({}, why),
        ({why.id: "x"}, swims),
        ({why.id: "x", swims.id: False}, swims),
    ]:
        with pytest.raises(UserError) as refused:
            ask(group, cem, answers)
        db.session.rollback()
        assert refused.value.field == questions.field_of(missing)
    assert ask(group, cem, {why.id: "x", swims.id: True}).answers[1][1] == "Yes"


def test_old_answers_keep_the_text_of_changed_questions(group, ana, cem):
    why = asked(group, ana, "Why the lake?")
    request = ask(group, cem, {why.id: "It is calm."})
    questions.change(
        group, why, by=ana, text="Why us?", kind=CHOICE, options=["Yes", "No"], is_required=True
    )
    db.session.commit()
    assert request.answers == [["Why the lake?", "It is calm."]]

    questions.remove(group, why, by=ana)
    db.session.commit()
    assert request.answers == [["Why the lake?", "It is calm."]]
    assert requests.approve(request, by=ana).role == MEMBER


def test_answers_to_changed_questions_are_refused_and_kept_in_the_form(browser, group, ana, cem):
    why = asked(group, ana, "Why the lake?")
    page = browser(cem)
    page.get("/groups/lake")
    questions.change(
        group,
        questions.with_id(group, why.id),
        by=ana,
        text="Why us?",
        kind=TEXT,
        options=[],
        is_required=False,
    )
    db.session.commit()

    answer = page.submit("/request", **{questions.field_of(why): "It is calm.", "message": "Hello"})
    assert answer.status_code == 409
    assert "has just changed its questions" in page.text
    assert "Why us?" in page.text
    assert (
        page.page.find("textarea", id=questions.field_of(why)).get_text(strip=True) == "It is calm."
    )
    page.submit("/request")
    assert "You asked to join" in page.text
    assert db.session.query(JoinRequest).one().answers == [["Why us?", "It is calm."]]


def test_control_without_the_digest_an_answer_gets_the_wrong_question(group, ana, cem):
    why = asked(group, ana, "Do you ride?")
    seen = questions.digest(questions.of(group))
    questions.change(
        group,
        why,
        by=ana,
        text="Have you been banned elsewhere?",
        kind=TEXT,
        options=[],
        is_required=False,
    )
    with pytest.raises(Conflict):
        requests.ask(group, by=cem, given={why.id: "Yes, often"}, questions_digest=seen)
    db.session.rollback()


def test_answers_are_deleted_when_the_request_ends(group, ana, cem, dia):
    why = asked(group, ana)
    declined, approved = ask(group, cem, {why.id: "Mine"}), ask(group, dia, {why.id: "Mine"})
    db.session.commit()
    requests.decline(declined, by=ana, message="Not now")
    requests.approve(approved, by=ana)
    db.session.commit()

    assert [(row.user_id, row.answers) for row in db.session.query(JoinRequest)] == [(cem.id, [])]


def test_requesting_again_replaces_the_answers(group, ana, cem):
    why = asked(group, ana)
    ask(group, cem, {why.id: "First"})
    assert ask(group, cem, {why.id: "Second"}).answers == [["Why?", "Second"]]
    assert db.session.query(JoinRequest).count() == 1


def test_a_group_has_at_most_five_questions_in_a_chosen_order(group, ana):
    five = [asked(group, ana, f"No {number}") for number in range(5)]
    with pytest.raises(UserError, match="up to five questions"):
        asked(group, ana, "Six")
    db.session.rollback()
    for _step in range(2):
        questions.move_up(group, questions.with_id(group, five[4].id), by=ana)
        db.session.commit()
    questions.move_up(group, questions.with_id(group, five[0].id), by=ana)
    questions.remove(group, questions.with_id(group, five[1].id), by=ana)
    db.session.commit()

    assert [(one.position, one.text) for one in questions.of(group)] == [
        (1, "No 0"),
        (2, "No 4"),
        (3, "No 2"),
        (4, "No 3"),
    ]


@pytest.mark.parametrize(
    "options", [[], ["One"], ["Same", "Same"], [str(n) for n in range(11)], ["x" * 101, "y"]]
)
def test_a_choice_needs_two_to_ten_different_answers(group, ana, options):
    with pytest.raises(UserError) as refused:
        questions.add(group, by=ana, text="Which?", kind=CHOICE, options=options, is_required=False)
    assert refused.value.field == "options"


def test_questions_can_be_added_reordered_and_removed_on_their_page(browser, group, ana):
    page = browser(ana)
    page.get("/groups/lake/manage/questions")
    assert "No questions yet" in page.text
    page.submit("/questions", text="Why the lake?", kind=TEXT, is_required="y")
    page.submit("/questions", text="When?", kind=CHOICE, options="Mornings\nEvenings\n")
    assert "Multiple choice: Mornings, Evenings" in page.text
    page.submit("/rise")
    assert [
        heading.get_text() for heading in page.page.find("ol", class_="ruled").find_all("h2")
    ] == ["When?", "Why the lake?"]
    page.get(f"/groups/lake/manage/questions/{questions.of(group)[0].id}")
    page.submit(text="At what time?")
    assert "At what time?" in page.text
    page.submit("/removal")
    assert "At what time?" not in page.text
    assert page.submit("/questions", text="").status_code == 422
    assert page.submit("/questions", text="Which?", kind=CHOICE, options="One").status_code == 422
    assert "2 to 10 different answers" in page.text


def test_a_question_submitted_twice_is_created_once(browser, group, ana):
    page = browser(ana)
    page.get("/groups/lake/manage/questions")
    form = {"text": "Why?", "kind": TEXT, "once": "a-word-of-its-own"}
    assert page.post("/groups/lake/manage/questions", form).status_code == 303
    assert page.post("/groups/lake/manage/questions", form).status_code == 303

    assert len(questions.of(group)) == 1


def test_questions_of_another_group_get_404(browser, group, ana):
    other = factories.group(ana)
    theirs = asked(other, ana)
    page = browser(ana)

    assert page.get(f"/groups/lake/manage/questions/{theirs.id}").status_code == 404
    assert page.post(f"/groups/lake/manage/questions/{theirs.id}/removal").status_code == 404


def test_answers_are_shown_to_those_who_decide_on_the_request(browser, group, ana, cem):
    why, swims = (
        asked(group, ana, "Why the lake?", is_required=True),
        asked(group, ana, "I can swim", CHECKBOX),
    )
    page = browser(cem)
    page.get("/groups/lake")
    assert page.submit("/request", message="Hello").status_code == 422
    assert "Please answer this question." in page.text
    page.submit(
        "/request", **{questions.field_of(why): "It is calm.", questions.field_of(swims): "y"}
    )
    assert "You asked to join" in page.text

    host = browser(ana)
    host.get("/groups/lake/manage/requests")
    said = [
        part.get_text() for part in host.page.find("dl", class_="answers").find_all(["dt", "dd"])
    ]
    assert said == ["Why the lake?", "It is calm.", "I can swim", "Yes"]
    host.submit("/answer", button="Approve")
    assert reads.membership_of(group, cem) is not None


def test_an_earlier_declined_request_does_not_prevent_a_new_one(group, ana, cem):
    why = asked(group, ana)
    requests.decline(ask(group, cem, {why.id: "First"}), by=ana)
    db.session.commit()
    again = ask(group, cem, {why.id: "Second"})
    db.session.commit()

    assert (again.answers, again.declined_at) == ([["Why?", "Second"]], None)
    assert again.created_at <= clock.now()


def test_each_missing_answer_is_reported_at_its_field_and_the_form_keeps_values(
    browser, group, ana, cem
):
    organizer = browser(ana)
    organizer.get("/groups/lake/manage/questions")
    for words, kind, options in [
        ("Why?", TEXT, ""),
        ("When?", CHOICE, "Mornings\nEvenings"),
        ("I can swim", CHECKBOX, ""),
    ]:
        organizer.submit("/questions", text=words, kind=kind, options=options, is_required="y")
    why, when, swims = (questions.field_of(one) for one in questions.of(group))

    page = browser(cem)
    page.get("/groups/lake")
    for blank in ({}, {why: " \r\n "}):
        assert page.submit("/request", message="Hello there", **blank).status_code == 422
        wrong = [
            problem["id"].removesuffix("-err") for problem in page.page.select("#ask-form .err")
        ]
        assert wrong == [why, when, swims]
        assert page.page.find(id="message").get_text(strip=True) == "Hello there"
    answers = {why: "It is calm.", when: "Evenings"}
    assert page.submit("/request", **answers).status_code == 422
    assert [problem["id"] for problem in page.page.select("#ask-form .err")] == [f"{swims}-err"]
    assert page.page.find(id=why).get_text(strip=True) == "It is calm."
    assert page.page.find("input", attrs={"name": when, "checked": True})["value"] == "Evenings"
    page.submit("/request", **{swims: "y"})

    assert "You asked to join" in page.text
    assert db.session.query(JoinRequest).one().answers == [
        ["Why?", "It is calm."],
        ["When?", "Evenings"],
        ["I can swim", "Yes"],
    ]
