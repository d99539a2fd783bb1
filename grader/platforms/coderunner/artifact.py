"""A CodeRunner question for Moodle, and what its Jobe server needs."""

import base64
import json
from html import escape

from grader.platforms.parts import PLAIN, Parts, Tree, under, zipped

_TEMPLATES = "coderunner/templates"
_LIMITS = {"numprocs": 64, "streamsize": 4, "disklimit": 200}
_OWN_MEMORY_MB = 3072
"""Address space that the grader takes besides what the exercise allows a submission."""


def files(parts: Parts) -> Tree:
    """Return the question, and in `jobe/` what is installed once on the Jobe server."""
    bundle = zipped(parts.grading)
    template = parts.fill(f"{_TEMPLATES}/template.txt").decode()
    question = parts.fill(
        f"{_TEMPLATES}/question.xml",
        TITLE=escape(parts.exercise.title),
        STATEMENT=_cdata(parts.statement_html),
        TEMPLATE=_cdata(template),
        STUB=_cdata(parts.exercise.stub),
        ANSWER=_cdata(parts.sample_answer),
        POINTS="1.0000000",
        PARAMS=escape(json.dumps(_LIMITS)),
        MEMORY=str(parts.exercise.limits.memory_mb + _OWN_MEMORY_MB),
        BUNDLE=base64.b64encode(bundle).decode("ascii"),
    )
    return {"question.xml": (question, PLAIN), **under("jobe", parts.install)}


def _cdata(text: str) -> str:
    """Return a CDATA section; it cannot hold `]]>`, so that is split between two."""
    return "<![CDATA[" + text.replace("]]>", "]]]]><![CDATA[>") + "]]>"
