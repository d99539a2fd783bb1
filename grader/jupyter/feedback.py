"""What `check` and `%%grade` give back: cards in a notebook, text everywhere else."""

from dataclasses import dataclass

from grader.model import Report, Status, Verdict
from grader.render.beside import NOTHING, Beside
from grader.render.hints import Steps


@dataclass(frozen=True)
class Feedback:
    """What `check` found: a notebook shows it as cards, everything else as text."""

    report: Report
    stopped: str | None = None
    """One line, if the student interrupted the check."""
    remarks: tuple[str, ...] = ()
    printed: str = ""
    """The beginning of what the student's function printed."""
    hints: Steps = "steps"
    beside: Beside = NOTHING
    picture: str = ""
    """What the student's own function sees in a picture, as HTML of ours."""

    @property
    def passed(self) -> bool:
        """True when every example passed."""
        if self.report.status is not Status.GRADED:
            return False
        return all(case.verdict is Verdict.PASSED for case in self.report.cases)

    def __repr__(self) -> str:
        """Return the text form."""
        from grader.render.text import render

        parts = [
            self._headline(),
            render(
                self.report,
                notebook=True,
                hints=self.hints,
                beside=self.beside,
            ),
        ]
        if self.printed:
            parts.append(f"What your function printed:\n{self.printed}")
        return "\n".join(part for part in parts if part)

    def _repr_html_(self) -> str:
        from grader.render.html import cards_html
        from grader.untrusted import for_html

        headline = for_html(self._headline())
        shown = (
            f'<p style="font-weight:bold">{headline}</p>' if headline else ""
        )
        shown += cards_html(self.report, hints=self.hints, beside=self.beside)
        shown += self.picture
        if self.printed:
            printed = for_html(self.printed)
            shown += (
                "<details><summary>What your function printed</summary>"
                f'<pre style="max-height:20em;overflow:auto">{printed}</pre></details>'
            )
        return shown

    def _repr_mimebundle_(
        self,
        include: object = None,  # noqa: ARG002 - IPython passes it; both forms are shown
        exclude: object = None,  # noqa: ARG002 - as above
    ) -> dict[str, str]:
        return {"text/html": self._repr_html_(), "text/plain": repr(self)}

    def _headline(self) -> str:
        return " ".join(part for part in (self.stopped, *self.remarks) if part)
