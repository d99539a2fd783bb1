"""The one Jinja environment: every page is made by templates that are opened here.

A text reaches a page through one door: what stands in `{{ }}` is shown as `untrusted.for_html`
shows it, so nothing acts and markup is escaped. Only `Markup`, which other templates made, goes
through as it is.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from grader.untrusted import for_html, may_hold_commands, visible


def open_templates(
    folder: Path, **filters: Callable[..., Any]
) -> jinja2.Environment:
    """Return an environment for the templates of a folder, with `filters` and the filter `code`."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
        # To look for constants takes an eighth of the time of compiling; there are hardly any.
        optimized=False,
    )
    environment.filters.update(code=code, **filters)
    return environment


def code(text: str) -> Markup:
    """Return the text with what stands between backticks set as code, where they come in pairs."""
    parts = text.split("`")
    return every_other_as_code(parts) if len(parts) % 2 else for_html(text)


def every_other_as_code(parts: Sequence[str]) -> Markup:
    """Return the parts of a text in one piece, the second, fourth and so on set as code."""
    marked = Markup("<code>{}</code>")
    shown = map(for_html, parts)
    return Markup("").join(
        marked.format(part) if at % 2 else part for at, part in enumerate(shown)
    )


def _shown(value: object) -> object:
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    # Jinja escapes what is returned as text, and does it faster: a page has hundreds of them.
    shown = value if value.isascii() and value.isprintable() else visible(value)
    return for_html(shown) if may_hold_commands(shown) else shown
