"""No word makes a page wider than a phone: every text is one long word, on every page, at 320
px.
"""

import re

import pytest
import sqlalchemy as sa

from tests import sample_site, snapshots
from webapp.admin import announcements
from webapp.agenda.models import Speaker
from webapp.core.extensions import db
from webapp.events.models import Rsvp
from webapp.groups.models import JoinQuestion, JoinRequest
from webapp.people.models import Profile

pytestmark = [
    pytest.mark.browser,
    pytest.mark.both_databases,
    pytest.mark.xdist_group("long-words"),
]
WIDTH = 320
WORD = "https://www.example.org/" + "Wo" * 88
#: Columns of text that nobody writes: choices, and values of the site. All others are filled.
MADE_BY_THE_SITE = re.compile(
    r"state|kind|role|purpose|zone|locale|theme|accent|color|level|channel|action|subject_kind|audience|promotion|feedback"
    r"|visibility|profile_visibility|join_policy|settings_before_hiding|file_uploaders|file_viewers|reporter_kind"
    r"|.*(_by|_for|_of|_at|_to|_was)|may_.*|electorate|results|reasons|leavers|ending|rule|outcome"
    r"|text_size|price|currency|ticket|step|channel|page|template|scope|open_as|terms_version|error|url|digest|seed|tag"
    r"|key|etag|last_modified|message_id|address|file|choice|tracker|commitment|root|prev|salt|size|.*(hash|nonce)"
)
#: Elements that are too wide, without those around them: `tag.class < tag.class` of the parent.
WIDE = """() => {
    const sticksOut = one => one.getBoundingClientRect().right > innerWidth + 1;
    const named = one => [one.tagName.toLowerCase(), ...one.classList].join(".");
    const wide = [...document.querySelectorAll("body :not(svg, svg *, .scroll *, .tabs *)")].filter(sticksOut);
    const inmost = wide.filter(one => ![...one.children].some(sticksOut));
    return [...new Set(inmost.map(one => `${named(one)} < ${named(one.parentElement)}`))].join(", ");
}"""  # noqa: E501
#: The roles that visit pages: each route is visited by the first that has access.
ROLES = ("owner", "admin", "member", "visitor")
#: Pages that look different to others.
ALSO = [
    (route, (role,))
    for route in ("events.show", "groups.show", "votes.show", "home.show")
    for role in ("member", "stranger", "visitor")
]


def written():
    """Return the columns that people write into, by table, without the audit log, which can't be
    changed.
    """
    found = {}
    for table in db.metadata.sorted_tables:
        texts = [
            one for one in table.columns if isinstance(one.type, sa.String) and not one.foreign_keys
        ]
        texts = [
            one for one in texts if not one.primary_key and not MADE_BY_THE_SITE.fullmatch(one.name)
        ]
        if texts and not table.name.startswith("audit_"):
            found[table] = texts
    return found


def filled(app):
    """A sample site in which every text is one long word, as long as its column allows; unique ones
    end in a number.
    """
    here = sample_site.build(app)
    answers = [[str(here.ids["event_question_id"]), WORD, WORD]]
    db.session.execute(sa.update(Rsvp).values(answers=answers))
    db.session.execute(sa.update(JoinRequest).values(answers=[[WORD, WORD]]))
    db.session.execute(sa.update(JoinQuestion).values(kind="choice", options=[WORD, f"2{WORD}"]))
    db.session.execute(sa.update(Speaker).values(links=[WORD]))
    announcements.announce(WORD[:300], "note", None, by=here.people["admin"])
    db.session.add(Profile(user_id=here.people["member"].id, bio=WORD, links=[WORD]))
    for table, texts in written().items():
        for number, row in enumerate(db.session.execute(sa.select(table)).mappings().all()):
            values = {one.name: word_for(one, number) for one in texts if row[one.name] is not None}
            where = [one == row[one.name] for one in table.primary_key]
            db.session.execute(sa.update(table).where(*where).values(values))
    db.session.commit()
    return here.signed_in(app)


def word_for(column, number):
    """Return one word as long as the column allows, at most 200 letters."""
    most = min(column.type.length or 200, 200)
    if column.name in ("slug", "handle", "email"):
        end = f"{number}@example.org" if column.name == "email" else str(number)
        return "w" * (min(most, 80) - len(end)) + end
    return WORD[:most]


@pytest.fixture
def page(chromium):
    """A page in a window as narrow as the smallest phone, without scripts."""
    context = chromium.new_context(
        viewport={"width": WIDTH, "height": 800}, java_script_enabled=False
    )
    yield context.new_page()
    context.close()


@pytest.mark.long(25)
def test_one_long_word_in_every_text_does_not_widen_any_page(app, context, page):
    here, sheets, wide = snapshots.load(app, "long words", lambda: filled(app)), {}, []
    rules = sample_site.rules(app, "GET")
    looks = [(rule, ROLES) for rule in rules] + [
        (rule, who) for rule in rules for route, who in ALSO if rule.endpoint == route
    ]
    for rule, roles in looks:
        html = first_page(app, here, rule, roles)
        if html is None:
            continue
        page.set_content(with_styles(app, html, sheets), wait_until="commit")
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > WIDTH:
            wide.append(f"{rule.endpoint} of {roles[0]}: {width} px: {page.evaluate(WIDE)}")
    assert wide == []


def first_page(app, here, rule, roles):
    """Return the route's page for the first role with access; None without any."""
    for role in roles:
        answer = here.browser(app, role).get(here.path(rule))
        app.extensions["limits"].reset()
        if answer.status_code == 200:
            return answer.get_data(as_text=True) if answer.mimetype == "text/html" else None
    return None


def with_styles(app, html, sheets):
    """Return the page with its style sheets inlined and with everything expanded, so that nothing
    else is fetched.
    """

    def sheet(found):
        path = found[1]
        if path not in sheets:
            sheets[path] = app.test_client().get(path).get_data(as_text=True)
        return f"<style>{sheets[path]}</style>"

    html = re.sub(r'<link rel="stylesheet"[^>]*href="([^"]+)"[^>]*>', sheet, html)
    return re.sub(r"<details\b", "<details open", html)
