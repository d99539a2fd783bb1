"""Steps that a reader chooses or plays, without a script: radio buttons and a stylesheet.

Everything works without the stylesheet. Where it is removed (a notebook that is not trusted yet, a
printed page), the buttons stay hidden and all steps stand side by side.
"""

from collections.abc import Sequence
from typing import Final

from grader.figures.draw import WINDOW

_SECONDS: Final = 1.4
"""How long each step is shown while playing."""
_ACROSS: Final = 10
"""Most buttons in one row."""


def steps(pictures: Sequence[str]) -> str:
    """Return a player (HTML) of drawings, one step each."""
    total = len(pictures)
    name = f"grader-steps-{total}"
    buttons = [
        _button(str(step), f"Step {step} of {total}", checked=step == 1)
        for step in range(1, total + 1)
    ]
    buttons.append(_button("▶ play", "Play all steps in turn"))
    sections = [
        f'<section style="display:inline-block;margin:0 1.5em 1em 0">{one}</section>'
        for one in pictures
    ]
    # A form makes the buttons of each figure a group of its own without ids, which sanitizers
    # remove. Its method is `dialog`, because Enter in any other form would leave the page.
    return (
        f"<style>{_stylesheet(name, total)}</style>"
        f'<form method="dialog" class="{name}">{"".join(buttons)}{"".join(sections)}</form>'
    )


def _button(value: str, label: str, *, checked: bool = False) -> str:
    mark = " checked" if checked else ""
    # Without the `data-` attribute JupyterLab keeps the arrow keys for itself, and they are how
    # one chooses among radio buttons without a mouse.
    return (
        f'<input type="radio" name="step" value="{value}" aria-label="{label}" '
        f'data-lm-suppress-shortcuts="true" style="display:none"{mark}>'
    )


def _stylesheet(name: str, total: int) -> str:
    # `!important` lets the stylesheet win over the inline styles, which are there for pages
    # without it.
    chosen = ",".join(
        f".{name}>input:nth-of-type({n}):checked~section:nth-of-type({n})"
        for n in range(1, total + 1)
    )
    delays = "".join(
        f".{name}>section:nth-of-type({n}){{animation-delay:{_SECONDS * (n - 1):.1f}s}}"
        for n in range(1, total + 1)
    )
    play = f".{name}>input:last-of-type"
    across = min(total + 1, _ACROSS)
    below = (total + across) // across + 1
    return (
        f".{name}{{display:grid;justify-content:start;gap:.4em;"
        f"grid-template-columns:repeat({across},max-content) 1fr}}"
        f".{name}>input{{display:inline-block!important;appearance:none;margin:0;"
        "width:auto;height:auto;"
        "padding:.2em .7em;font:inherit;color:inherit;text-align:center;cursor:pointer;"
        "border:1px solid rgba(128,128,128,.7);border-radius:.3em;background:transparent}"
        f".{name}>input:nth-of-type({across}n+1){{grid-column:1}}"
        f".{name}>input::before{{content:attr(value)}}"
        f".{name}>input:checked{{background:{WINDOW};border-color:currentColor;font-weight:bold}}"
        f".{name}>input:focus-visible{{outline:2px solid currentColor;outline-offset:1px}}"
        f".{name}>section{{display:none!important;grid-area:{below}/1/auto/-1}}"
        f"{chosen}{{display:block!important}}"
        f"{play}:checked~section{{display:block!important;visibility:hidden;"
        f"animation-name:{name};animation-duration:{_SECONDS * total:.1f}s;"
        "animation-timing-function:step-end;animation-iteration-count:infinite}"
        f"{delays}"
        f"@keyframes {name}{{0%{{visibility:visible}}{100 / total:.3f}%{{visibility:hidden}}}}"
        f"@media (prefers-reduced-motion:reduce){{{play}{{display:none!important}}}}"
        "@media print{"
        f".{name}>input{{display:none!important}}"
        f".{name}>section{{display:inline-block!important;grid-area:auto}}}}"
    )
