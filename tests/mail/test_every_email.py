"""Every email, from real rows: its content, its links, its appearance."""

import re
from functools import partial

import pytest
from bs4 import BeautifulSoup

from tests import factories
from tests.conversation.talking import said, thread
from webapp.accounts import erasing
from webapp.config import ROOT
from webapp.conversation import removals
from webapp.core import site_settings
from webapp.core.extensions import db
from webapp.core.time import clock
from webapp.groups import memberships, reads
from webapp.mail import emails
from webapp.mail.jobs import rendering
from webapp.notifications.notification_types import NOTIFICATION_TYPES, PLAIN

from .every_email import EmailScene, Words, written

pytestmark = pytest.mark.usefixtures("context")

SCENES = {
    "usual": Words(),
    "long": Words(
        group="Friends of the Long Winding River and Its Many Crossings",
        title="Everything we need to agree on before the clean-up, and what each of us brings",
        name="Wilhelmina-Alexandra",
        said="A **long** walk along the river, and on. " * 60,
    ),
    "emoji": Words("Seeds 🌱🌱", "Swap 👩‍🌾👩‍🌾 " * 8, "Zoë 🌻", "🌻 " * 400),
    "rtl": Words(
        "راكبو الدراجات", "جولة يوم الخميس على الشاطئ", "ليلى", "الطريق مفتوح اليوم. " * 40
    ),
    "one word": Words("G" * 60, "T" * 120, "Ana", "w" * 900),
}
#: Emails without a button: their readers have no account, or nothing to do.
WITHOUT_BUTTON = {"accounts/declined", "moderation/received", "moderation/looked_at"}
#: Emails with a complete message, which can't be read anywhere else.
WHOLE = {"events/written", "events/message"}


#: A link that leads somewhere from an email.
URL = re.compile(r"https?://\w|mailto:\w", re.IGNORECASE)

#: The database is asked for the same, whatever the words.
ANYWHERE = [
    pytest.param(name, marks=pytest.mark.any_database) for name in SCENES if name != "usual"
]


@pytest.fixture(params=["usual", *ANYWHERE])
def scene(request):
    return EmailScene(SCENES[request.param])


def folded(text):
    return re.sub(r"\W+", " ", text).strip().casefold()


def test_every_email_template_is_covered_here():
    tried = [template for template, _ids in EmailScene().emails()]

    assert set(tried) == set(emails.EMAIL_CONTEXTS)
    types = [kind for kind in NOTIFICATION_TYPES.values() if kind.says and PLAIN in kind.emails]
    assert tried.count(PLAIN) >= len(types) > 20


def test_an_email_says_each_thing_once_and_has_one_link(scene):
    for template, ids in scene.emails():
        mail = written(template, ids)
        assert mail is not None, (template, ids)
        page = BeautifulSoup(mail.html, "html.parser")
        heading, beside = page.h1.get_text(" ", strip=True), page.select_one(".pre").get_text()

        assert 0 < len(mail.subject) <= rendering.LONGEST_SUBJECT, template
        assert folded(page.title.string) == folded(mail.subject), template
        assert beside.strip(), template
        assert folded(beside) not in {folded(mail.subject), folded(heading)}, template
        assert len(page.select("h1")) == 1
        sentences = [folded(p.get_text(" ")) for p in page.select("main p:not(.act), main h2")]
        assert folded(heading) not in sentences, template
        buttons = page.select(".button")
        assert len(buttons) == (0 if template in WITHOUT_BUTTON else 1), template
        for button in buttons:
            label, address = button.get_text(strip=True), button["href"]
            assert f"{label}: {address}" in mail.body, template
        assert "You get this " in mail.body, template
        assert mail.body.startswith(" ".join(heading.split())[:40]), template
        assert "<" not in mail.subject
        assert "&amp;" not in mail.subject
        assert all(URL.match(link["href"]) for link in page.select("[href]")), template


@pytest.mark.any_database
def test_links_that_people_write_lead_out_of_an_email(app, monkeypatch):
    monkeypatch.setitem(app.config, "SITE_URL", "https://moot.example.org")
    leads_to = {
        "/groups/x?a=1&b=2#c": "https://moot.example.org/groups/x?a=1&b=2#c",
        "groups/x": "https://moot.example.org/groups/x",
        "//elsewhere.example/x": "https://elsewhere.example/x",
        "HTTPS://elsewhere.example/x": "HTTPS://elsewhere.example/x",
        "elsewhere.org/x": "https://elsewhere.org/x",
        "mailto:ana@example.org": "mailto:ana@example.org",
    }
    scene = EmailScene(Words(said=" ".join(f"[this]({url})" for url in leads_to)))
    ids = dict(scene.of_events())["events/written"]

    mail = written("events/written", ids)
    page = BeautifulSoup(mail.html, "html.parser")

    assert "this: https://moot.example.org/groups/x?a=1&b=2#c" in mail.body
    assert [a["href"] for a in page.find_all("a", string="this")] == [*leads_to.values()]


def test_quotes_are_shortened_with_a_link_to_the_rest():
    long = EmailScene(SCENES["long"])
    for template, ids in long.of_the_conversation() + long.of_votes():
        page = BeautifulSoup(written(template, ids).html, "html.parser")
        for quote in page.select(".quote"):
            *_who, words = (p.get_text() for p in quote.select("p"))
            assert len(words) <= 280, template
            assert words.endswith("…"), template
            assert words.startswith("A long walk along")
            assert " ".join(words[:-1].split()) in " ".join(
                long.words.said.replace("*", "").split()
            )
            assert long.words.name in quote.select_one(".who").get_text()
    for template, ids in long.of_events():
        if template in WHOLE:
            assert written(template, ids).body.count("long walk along") == 60


def test_subjects_say_what_happened_to_what_and_in_which_group():
    scene = EmailScene()
    subjects = {written(*each).subject for each in scene.of_the_conversation() + scene.of_events()}

    assert "New reply: Thursday ride (Harbour Cyclists)" in subjects
    assert "New place: Thursday ride (Harbour Cyclists)" in subjects
    assert "Cancelled: Thursday ride (Harbour Cyclists)" in subjects
    others = {written(*each).subject for each in scene.of_other_types()}
    assert "New feedback: Thursday ride (Harbour Cyclists)" in others
    assert "New owner (Harbour Cyclists)" in others


@pytest.mark.parametrize("title", ["T" * 200, "word " * 40, "🌻" * 90, ""])
def test_a_subject_never_exceeds_the_maximum_length(title):
    subject = rendering.subject_line(
        rendering.Markup("What has happened to it " * 3), title, "G" * 90
    )

    assert len(rendering.unescape(subject)) <= rendering.LONGEST_SUBJECT


def test_replies_of_one_thread_are_grouped_by_email_programs(ana, ben):
    group = factories.group(ana, ben, name="Weir")
    talk, other = thread(group, ana, "No water"), thread(group, ana, "Too much water")
    mails = [
        written("conversation/replied", {"user": ben.id, "reply": said(about, ana).id})
        for about in (talk, talk, other)
    ]

    first, second, elsewhere = (mail.extra_headers for mail in mails)
    assert mails[0].subject == mails[1].subject == "New reply: No water (Weir)"
    assert mails[0].msgId != mails[1].msgId
    assert first["References"] == first["In-Reply-To"] == second["References"]
    assert re.fullmatch(r"<[\w-]+@[\w.-]+>", first["References"])
    assert elsewhere["References"] != first["References"]
    assert "References" not in written("accounts/approved", {"user": ben.id}).extra_headers


def test_a_reply_hidden_or_removed_meanwhile_is_not_emailed(ana, ben):
    group = factories.group(ana, ben)
    talk = thread(group, ana)
    ids = {"user": ben.id}
    hidden, removed, kept = (said(talk, ana, f"Word {number}") for number in range(3))
    hidden.hidden_at = clock.now()
    removals.remove(removed, ana, "Off topic")
    db.session.commit()

    email = partial(written, "conversation/replied")
    assert email({**ids, "reply": hidden.id}) is None
    assert email({**ids, "reply": removed.id}) is None
    assert "Word 2" in email({**ids, "reply": kept.id}).body


def test_a_reply_is_emailed_after_its_author_left_the_group_but_not_the_site(ana, ben, cem):
    group = factories.group(ana, ben, cem)
    reply = said(thread(group, ana), cem, "The path is open.")
    memberships.remove(reads.membership_of(group, cem), by=ana)
    db.session.commit()
    ids = {"user": ben.id, "reply": reply.id}

    assert "> Cem Yılmaz" in written("conversation/replied", ids).body
    assert written("conversation/replied", {**ids, "user": cem.id}) is None
    erasing.anonymise(cem)
    db.session.commit()
    mail = written("conversation/replied", ids)
    assert mail is None or "Cem" not in mail.body + mail.html + mail.subject


def test_hidden_titles_do_not_appear_in_subjects(ana, ben):
    group = factories.group(ana, ben, name="Weir")
    talk = thread(group, ana, "Something rude")
    reply = said(talk, ana)
    talk.title_hidden_at = clock.now()
    db.session.commit()

    mail = written("conversation/replied", {"user": ben.id, "reply": reply.id})

    assert mail.subject == "New reply: a hidden thread (Weir)"
    assert "rude" not in mail.html + mail.body


def colours():
    """Return the colours of static/css/email.css by purpose, on light and on dark paper."""
    css = (ROOT / "static/css/email.css").read_text()
    light, dark = css.split("@media (prefers-color-scheme: dark)")

    def of(part, name, what):
        found = re.search(
            rf"(?:^|[\s,]){re.escape(name)}[ ,][^{{}}]*?{{[^}}]*?\b{what}: (#\w{{6}})", part
        )
        return found[1] if found else None

    def pairs(part):
        paper, sheet, box = (
            of(part, name, "background-color") for name in ("body", ".mail", ".box")
        )
        ink, quiet = of(part, "body", "(?<!-)color"), of(part, ".at", "(?<!-)color")
        accent = of(part, "a", "(?<!-)color")
        on_button = of(part, ".button", "(?<!-)color"), of(part, ".button", "background-color")
        on_sheet = [(words, ground) for words in (ink, quiet) for ground in (paper, sheet, box)]
        return [*on_sheet, (accent, sheet), (accent, box), on_button]

    return pairs(light), pairs(dark)


def luminance(colour):
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def inverted(colour):
    """Return the colour with inverted lightness, like mail programs that darken light emails."""
    parts = [int(colour[place : place + 2], 16) for place in (1, 3, 5)]
    turned = 255 - max(parts) - min(parts)
    return "#" + "".join(f"{part + turned:02x}" for part in parts)


@pytest.mark.parametrize("accent", rendering.ACCENTS)
def test_text_is_readable_on_light_dark_and_inverted_backgrounds(accent):
    for number, pairs in enumerate(colours()):
        usual, chosen = rendering.ACCENTS["meadow"][number], rendering.ACCENTS[accent][number]
        assert usual in {colour for pair in pairs for colour in pair}
        for words, ground in pairs:
            words, ground = (chosen if colour == usual else colour for colour in (words, ground))
            assert contrast(words, ground) >= 4.5, (accent, words, ground)
            if number == 0:
                assert contrast(inverted(words), inverted(ground)) >= 4.5, (accent, words, ground)


def test_an_email_has_the_sites_colour_and_logo_and_a_dark_mode(app, ben, monkeypatch):
    monkeypatch.setitem(app.config, "ACCENT", "clay")
    assert site_settings.value("ACCENT") == "clay"

    mail = written("accounts/approved", {"user": ben.id})

    light, dark = rendering.ACCENTS["clay"]
    assert light in mail.html
    assert dark in mail.html.split("prefers-color-scheme: dark")[1]
    assert rendering.ACCENTS["meadow"][0] not in mail.html
    page = BeautifulSoup(mail.html, "html.parser")
    assert page.select_one("meta[name=color-scheme]")["content"] == "light dark"
    (logo,) = page.select("img")
    assert (logo["src"], logo["alt"]) == (f"cid:{rendering.LOGO_ID}", "")
    assert f"Content-ID: <{rendering.LOGO_ID}>" in mail.as_string()
    assert "http" not in " ".join(str(image) for image in page.select("img, link"))


def test_no_line_of_text_is_wider_than_600_pixels():
    css = (ROOT / "static/css/email.css").read_text().partition("@media")[0]
    (width,) = re.findall(r"\.mail \{[^}]*max-width: (\d+)px", css)
    (padding,) = re.findall(r"\.mail \{[^}]*padding: \d+px (\d+)px", css)

    assert int(width) + 2 * int(padding) + 2 <= 600
    assert not re.findall(r"(?<!max-)width: \d{3}", css.replace("max-width", ""))
