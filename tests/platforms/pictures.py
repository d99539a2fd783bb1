"""Draws the pictures of docs/platforms.md: what a student sees on each platform.

    python tests/platforms/pictures.py          needs a Chromium

The frames around the results imitate the platforms; every word and number inside comes from the
report of a sample submission, through the same functions that the platforms are fed by.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from PIL import Image

from grader.api import grade
from grader.model import Report
from grader.platforms import FORMATS, Surroundings
from grader.render.svg import grid_svg

ROOT = Path(__file__).parents[2]
IMAGES = ROOT / "docs" / "images"
SAMPLES = ROOT / "solutions" / "convolution" / "samples"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
STYLE = """
body { margin: 0; padding: 20px; color: #212529; background: #fff }
body { font: 14px/1.45 "DejaVu Sans", "Liberation Sans", sans-serif }
pre { font: 12px/1.4 "DejaVu Sans Mono", monospace; margin: 6px 0; white-space: pre-wrap }
h2 { font-size: 19px; margin: 0 0 10px } h3 { font-size: 15px; margin: 12px 0 6px }
.card { border: 1px solid #ced4da; border-radius: 6px; margin: 8px 0; padding: 8px 12px }
.good { border-left: 6px solid #2f9e44 } .bad { border-left: 6px solid #e03131 }
.dark pre { background: #212529; color: #f8f9fa; padding: 10px; border-radius: 4px }
table { border-collapse: collapse }
th, td { border: 1px solid #ced4da; padding: 6px 10px; vertical-align: top; text-align: left }
img { max-width: 100%; border: 1px solid #dee2e6 }
summary { cursor: pointer; font-weight: 600; margin-top: 8px }
"""


def gradescope(report: Report) -> str:
    """Lay out results.json as Gradescope's Autograder Results page does."""
    result = json.loads(FORMATS["gradescope"].write(report))
    parts = [
        f"<h2>Autograder Results</h2><pre>{escape(result['output'])}</pre>"
    ]
    for test in result["tests"]:
        kind = "good" if test["status"] == "passed" else "bad"
        head = f"{test['number']}) {test['name']} ({test['score']:g}/{test['max_score']:g})"
        body = f"<b>{escape(head)}</b><pre>{escape(test['output'])}</pre>"
        parts.append(f'<div class="card {kind}">{body}</div>')
    return "".join(parts)


def prairielearn(report: Report) -> str:
    """Lay out results.json as pl-external-grader-results does, with the first failed test open."""
    result = json.loads(
        FORMATS["prairielearn"].write(report, Surroundings(draw=grid_svg))
    )
    parts = [
        f"<h2>Score: {result['score']:.0%}</h2>",
        f"<pre>{escape(result['message'])}</pre><h3>Test Results</h3>",
    ]
    shown = False  # the student has opened the first test that failed
    for test in result["tests"]:
        right = test["points"] == test["max_points"]
        body = ""
        if not right and not shown:
            shown = True
            images = "".join(
                f"<p><b>{escape(image['label'])}</b><br><img src='{image['url']}'></p>"
                for image in test.get("images", [])
            )
            body = f"<pre>{escape(test['message'].split('Expected:')[0])}</pre>{images}"
        head = f"[{test['points']:g}/{test['max_points']:g}] {escape(test['name'])}"
        parts.append(
            f'<div class="card dark {"good" if right else "bad"}"><b>{head}</b>{body}</div>'
        )
    return "".join(parts)


def openedx(report: Report) -> str:
    """Lay out the reply's `msg` as the problem shows it below the answer."""
    reply = json.loads(FORMATS["xqueue"].write(report))
    mark = "✓ correct" if reply["correct"] else "✗ incorrect"
    return f"<h2>{mark} ({reply['score']:.2f}/1.00)</h2>{reply['msg']}"


def coderunner(report: Report) -> str:
    """Lay out the result table as CodeRunner does."""
    result = json.loads(FORMATS["coderunner"].write(report))
    header, *rows = result["testresults"]
    head = "".join(
        f"<th>{'' if name == 'iscorrect' else escape(name)}</th>"
        for name in header
    )

    def cell(name: str, value: Any) -> str:
        if name == "iscorrect":
            return f"<td>{'✓' if value else '✗'}</td>"
        return f"<td>{value}</td>"

    body = "".join(
        "<tr>" + "".join(map(cell, header, row)) + "</tr>" for row in rows
    )
    mark = f"<p>Marks for this submission: {result['fraction']:.2f}/1.00.</p>"
    return f"{result['prologuehtml']}<table><tr>{head}</tr>{body}</table>{mark}"


def github(report: Report) -> str:
    """Lay out the step summary as the run's page does."""
    text = FORMATS["github-summary"].write(report)
    title, rest = text.split("\n", 1)
    return f"<h2>{title.removeprefix('## ')}</h2>{rest}"


class Picture(NamedTuple):
    """What is drawn, of which sample, how wide and how high."""

    draw: Callable[[Report], str]
    sample: str
    width: int
    height: int


PICTURES = {
    "gradescope": Picture(gradescope, "squares_only", 860, 520),
    "prairielearn": Picture(prairielearn, "flipped", 860, 900),
    "openedx": Picture(openedx, "padded", 860, 620),
    "coderunner": Picture(coderunner, "whole_numbers", 1500, 640),
    "github": Picture(github, "squares_only", 860, 420),
}


def page(name: str) -> str:
    """Return the page of one picture."""
    picture = PICTURES[name]
    report = grade(
        SAMPLES / f"{picture.sample}.py",
        ROOT / "exercises" / "convolution",
        secret=b"pictures",
    )
    # As `grader.packaging.entry` does: which secret it was is not for students.
    body = picture.draw(msgspec.structs.replace(report, notes=()))
    head = f'<meta charset="utf-8"><title>{name}</title><style>{STYLE}</style>'
    return f'<!doctype html><html lang="en">{head}{body}</html>'


def main() -> int:
    """Write every picture."""
    browser = next(
        (path for name in BROWSERS if (path := shutil.which(name))), None
    )
    if browser is None:
        sys.stderr.write("pictures.py: there is no Chromium here\n")
        return 1
    with tempfile.TemporaryDirectory() as folder:
        for name, picture in PICTURES.items():
            source = Path(folder, f"{name}.html")
            source.write_text(page(name), encoding="utf-8")
            target = IMAGES / f"{name}.png"
            command = [
                browser,
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--hide-scrollbars",
            ]
            command += [
                f"--user-data-dir={folder}/profile",
                f"--window-size={picture.width},{picture.height}",
                f"--screenshot={target}",
            ]
            subprocess.run(
                [*command, source.as_uri()],
                check=True,
                capture_output=True,
                timeout=120,
            )
            Image.open(target).convert("RGB").quantize(48).save(
                target, optimize=True
            )
            sys.stdout.write(
                f"{target.relative_to(ROOT)}: {target.stat().st_size} bytes\n"
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
