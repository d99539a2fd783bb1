"""Pages: shells without anything personal, which fetch what they show."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from grader.service.web.headers import html_page, new_nonce

_ENTER: Final = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Exercises</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<main><h1>Exercises</h1><p id="told" role="status">One moment.</p><ul id="links"></ul></main>
<script type="module" nonce="{nonce}">
const told = document.getElementById("told");
const key = location.hash.slice(1);
const answer = await fetch(key ? "/session/enter" : "/session/resume", {{
  method: "POST", body: JSON.stringify(key ? {{key}} : {{}}),
}});
const session = await answer.json();
told.textContent = answer.ok ? session.context.title : session.error;
for (const link of session.links ?? []) {{
  const item = document.createElement("li");
  item.textContent = link.title;
  document.getElementById("links").append(item);
}}
</script></html>
"""


async def shell(_request: Request) -> Response:
    """Return the page that enters or resumes, and lists the exercises."""
    nonce = new_nonce()
    return html_page(_ENTER.format(nonce=nonce), nonce)


ROUTES: Final = [Route("/", shell), Route("/enter", shell)]
