"""The grade book of a course platform: its own sheet, filled with the grades of a class.

A sheet that the platform gave is filled in place: its columns, their order, its encoding, separator
and line ends stay, and only cells of grades and comments change. Without a sheet, `minimal` makes
what the platform's importer documents as enough. Students are matched by the platform's own id; a
name matches only where it is unique on both sides, and the result says whom.

| module | holds |
|---|---|
| `table` | a sheet as rows of text that can be written back as it came |
| `headings` | which column is which |
| `filling` | the records: a grade, a platform's sheet, what was filled and what was not |
| `doubts` | signs that a sheet is not the one that the grades belong to |
| `moodle`, `canvas`, `brightspace`, `blackboard` | the columns of one platform, and their source |
"""

from typing import Final

from grader.sheets.blackboard import BLACKBOARD
from grader.sheets.brightspace import BRIGHTSPACE
from grader.sheets.canvas import CANVAS
from grader.sheets.filling import Filled, Grade, SheetPlatform, fill, minimal
from grader.sheets.moodle import MOODLE

__all__ = ["PLATFORMS", "Filled", "Grade", "SheetPlatform", "fill", "minimal"]

PLATFORMS: Final[dict[str, SheetPlatform]] = {
    platform.name: platform
    for platform in (MOODLE, CANVAS, BLACKBOARD, BRIGHTSPACE)
}
"""What `grader grades` accepts."""
