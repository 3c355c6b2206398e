"""The pages of signing in, as the server writes them: no script, one style sheet, every text escaped."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from starlette.responses import HTMLResponse

_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)

PAGE_HEADERS: Mapping[str, str] = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": _POLICY,
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
"""What goes with every page of the server's own."""

STYLE_PATH = "/sign-in.css"

STYLE = """\
:root { color-scheme: light dark; --back: #f5f5f5; --card: #fff; --text: #242424; --quiet: #616161;
  --line: #d1d1d1; --edge: #616161; --brand: #0f6cbd; --on-brand: #fff; --bad: #b10e1c; --bad-back: #fdf3f4 }
@media (prefers-color-scheme: dark) {
  :root { --back: #141414; --card: #292929; --text: #fff; --quiet: #adadad; --line: #525252; --edge: #adadad;
    --brand: #479ef5; --on-brand: #0a1a2a; --bad: #f1707b; --bad-back: #3b0f13 } }
* { box-sizing: border-box }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: var(--back);
  color: var(--text); font: 14px/20px "Segoe UI", system-ui, sans-serif }
main { width: min(400px, 100vw - 32px); padding: 32px; background: var(--card);
  border: 1px solid var(--line); border-radius: 8px }
h1 { margin: 0 0 4px; font-size: 24px; line-height: 32px; font-weight: 600 }
p { margin: 0 0 16px }
.product { margin: 0 0 24px; font-weight: 600; color: var(--brand) }
.quiet { color: var(--quiet) }
.after { margin: 24px 0 0 }
label { display: block; margin: 16px 0 4px; font-weight: 600 }
input[type=text], input[type=password] { width: 100%; height: 40px; padding: 0 12px; font: inherit;
  color: inherit; background: var(--card); border: 1px solid var(--line); border-bottom-color: var(--edge);
  border-radius: 4px }
button, a.button { display: block; width: 100%; min-height: 40px; margin-top: 24px; padding: 10px 16px;
  font: inherit; font-weight: 600; text-align: center; text-decoration: none; color: var(--on-brand);
  background: var(--brand); border: 1px solid transparent; border-radius: 4px; cursor: pointer }
a { color: var(--brand) }
:focus-visible { outline: 2px solid var(--text); outline-offset: 2px }
.problem { margin: 16px 0 0; padding: 8px 12px; color: var(--bad); background: var(--bad-back);
  border: 1px solid var(--bad); border-radius: 4px }
code { font-family: ui-monospace, Consolas, monospace; font-size: 13px; overflow-wrap: anywhere }
"""


def sign_in_page(
    *, fields: Mapping[str, str], name: str = "", problem: str = "", status: int = 200, retry_after: int = 0
) -> HTMLResponse:
    """Return the page with the sign-in form.

    Args:
        fields: The hidden fields.
        name: The sign-in name that stands there already.
        problem: What went wrong the last time.
        status: The HTTP status.
        retry_after: Seconds until another attempt is looked at; 0 for at once.
    """
    hidden = "".join(
        f'<input type="hidden" name="{escape(key)}" value="{escape(value)}">' for key, value in fields.items()
    )
    focus_name, focus_password = (" autofocus", "") if not name else ("", " autofocus")
    described = ' aria-describedby="problem"' if problem else ""
    told = f'<p class="problem" id="problem" role="alert">{escape(problem)}</p>' if problem else ""
    content = (
        "<h1>Sign in</h1>"
        '<p class="quiet">With your Deskhand name and password.</p>'
        f"{told}"
        '<form method="post" action="/sign-in">'
        f"{hidden}"
        '<label for="name">Name</label>'
        f'<input id="name" name="name" type="text" value="{escape(name)}" autocomplete="username" '
        f'autocapitalize="none" spellcheck="false" maxlength="1024" required{focus_name}{described}>'
        '<label for="password">Password</label>'
        '<input id="password" name="password" type="password" autocomplete="current-password" '
        f'maxlength="1024" required{focus_password}{described}>'
        '<button type="submit">Sign in</button>'
        "</form>"
        '<p class="quiet after">No password, or forgotten? An administrator makes a link that signs '
        "you in once: <code>deskhand user link NAME</code></p>"
    )
    headers = {"Retry-After": str(retry_after)} if retry_after else {}
    return page("Sign in", content, status=status, headers=headers)


def message_page(
    title: str, text: str, *, link: tuple[str, str] | None = None, status: int = 200, code: str = ""
) -> HTMLResponse:
    """Return a page that says one thing.

    Args:
        title: The heading.
        text: What it says.
        link: The words and the address of what can be done next.
        status: The HTTP status.
        code: The error's code, which ``deskhand help`` explains.
    """
    content = f"<h1>{escape(title)}</h1><p>{escape(text)}</p>"
    if code:
        content += f'<p class="quiet">{escape(code)}</p>'
    if link:
        content += f'<a class="button" href="{escape(link[1])}">{escape(link[0])}</a>'
    return page(title, content, status=status, headers={"Deskhand-Error": code} if code else {})


def page(
    title: str, content: str, *, status: int = 200, headers: Mapping[str, str] | None = None
) -> HTMLResponse:
    """Return a page of the server's own; ``content`` is HTML."""
    text = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)} · Deskhand</title>"
        f'<link rel="stylesheet" href="{STYLE_PATH}"></head>'
        f'<body><main><p class="product">Deskhand</p>{content}</main></body></html>'
    )
    return HTMLResponse(text, status, {**PAGE_HEADERS, **(headers or {})})
