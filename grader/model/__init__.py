"""The records that pass between the rooms of the grader.

All of them are frozen. Those that end in the report (`report`) are plain data and the only source
of the JSON Schema. Those that hold arrays (`Trial`, `Outcome`, `Finding`) never leave the process.
"""

from grader.model.exercise import (
    ArgumentRecipe,
    Array,
    Case,
    CaseRecipe,
    Example,
    Exercise,
    Limits,
    ProbeRecipe,
    Rules,
    Solutions,
    Tolerance,
    Trial,
    TrialRecipe,
)
from grader.model.finding import Cell, Finding, Region, Rung, Verdict
from grader.model.outcome import (
    Execution,
    Isolation,
    Loading,
    LoadingState,
    Missing,
    Outcome,
    OutcomeKind,
    Raised,
    Skipped,
)
from grader.model.report import (
    CaseReport,
    Details,
    ExceptionDetails,
    ExerciseInfo,
    Hint,
    Report,
    Status,
    SubmissionInfo,
)
from grader.model.submission import (
    Fault,
    NameUse,
    SourceFacts,
    Submission,
    Unit,
)

__all__ = [
    "ArgumentRecipe",
    "Array",
    "Case",
    "CaseRecipe",
    "CaseReport",
    "Cell",
    "Details",
    "Example",
    "ExceptionDetails",
    "Execution",
    "Exercise",
    "ExerciseInfo",
    "Fault",
    "Finding",
    "Hint",
    "Isolation",
    "Limits",
    "Loading",
    "LoadingState",
    "Missing",
    "NameUse",
    "Outcome",
    "OutcomeKind",
    "ProbeRecipe",
    "Raised",
    "Region",
    "Report",
    "Rules",
    "Rung",
    "Skipped",
    "Solutions",
    "SourceFacts",
    "Status",
    "Submission",
    "SubmissionInfo",
    "Tolerance",
    "Trial",
    "TrialRecipe",
    "Unit",
    "Verdict",
]
