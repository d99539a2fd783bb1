"""Feedback as a piece of a page: the cards of the report, as in Jupyter and on its own page."""

from grader.model import Report
from grader.render.html import report_html


def feedback_html(report: Report) -> str:
    """Return what a student sees of a report, without its title and without its style.

    The pages have the style, and their policy lets no other one in.
    """
    return str(report_html(report, titled=False))
