"""The plain text of an email, derived from its HTML."""

import pytest

from webapp.mail.jobs.rendering import text_of

pytestmark = pytest.mark.any_database

WHOLE = """<!DOCTYPE html><html><head><title>Twice</title></head><body>
<p class="pre">Beside the subject</p><main class="mail"><p class="from">Folkmoot</p>
<h1>Eel &amp; count</h1><p>Hello
   Ana,</p>
<div class="box"><p class="label">When</p><p>Saturday</p><p class="label">Where</p><p>The weir</p></div>
<p class="act"><a class="button" href="https://moot.example.org/e">See the event</a></p>
<p>If the button does nothing:<br><span class="url">https://moot.example.org/e</span></p>
<p class="why">You answered. <a href="https://moot.example.org/s">Stop</a> · <a href="https://moot.example.org/c">Choose</a></p>
<p class="why"><a href="https://moot.example.org/p">Privacy</a></p></main></body></html>"""  # noqa: E501
READ = """Eel & count

Hello Ana,

When: Saturday
Where: The weir

See the event: https://moot.example.org/e

--
Folkmoot
You answered.
Stop: https://moot.example.org/s
Choose: https://moot.example.org/c
Privacy: https://moot.example.org/p
"""


def test_plain_text_has_the_content_of_the_html():
    assert text_of(WHOLE) == READ


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p><b>Dry</b> bags<br>and hats</p>", "Dry bags\nand hats"),
        ("<ul><li>a</li><li><p>b</p></li></ul><p>c</p>", "- a\n- b\n\nc"),
        ("<ol><li>a</li><li>b</li></ol><ul><li>c</li></ul>", "1. a\n2. b\n- c"),
        ("<ol start='3'><li>a</li><li>b<ul><li>c</li></ul></li></ol>", "3. a\n4. b\n  - c"),
        ("<tr><th>a</th><th>b</th></tr><tr><td></td>\n<td>c</td></tr>", "a | b\n| c"),
        ("<p>a</p><hr><p>b</p>", "a\n\n* * *\n\nb"),
        ("<blockquote>Do\ncome</blockquote>", "> Do\n> come"),
        ("<blockquote><blockquote>a</blockquote><li>b</li></blockquote>", "> > a\n\n> b"),
        ("<blockquote><p>Do\ncome</p><p>x</p></blockquote><p>y</p>", "> Do come\n\n> x\n\ny"),
        ("<pre><code>a\n  b</code></pre>", "a\n  b"),
        ("<p>See <a href='https://a.example'>it</a>, do</p>", "See it (https://a.example), do"),
        ("<p><a href='https://a.example'>https://a.example</a></p>", "https://a.example"),
        ("<p>See <a href='https://a.example/x'>a.example/x</a></p>", "See a.example/x"),
        ("<p>Ask <a href='mailto:a@b.example'>a@b.example</a></p>", "Ask a@b.example"),
        ("<p>&lt;b&gt;Ana&lt;/b&gt;</p>", "<b>Ana</b>"),
        ("<p>a</p></div></p><p>b", "a\n\nb"),
        ("", ""),
    ],
)  # fmt: skip
def test_user_text_keeps_its_line_breaks(html, text):
    assert text_of(html) == f"{text}\n"
