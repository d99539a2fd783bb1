"""Many submissions at once: collected, graded side by side, kept, and summarised for the class.

| module | does |
|---|---|
| `run` | the order: keep what is finished, grade the rest, then write the class's files |
| `one_run`, `tasks` | the state of one run; one submission as a task, and the key of its report |
| `result` | what became of a batch, as a record and as lines on standard error |
| `engine` | grades one task after another, in whatever process |
| `messages` | what passes between the owner of a batch and those who grade |
| `executors` | who grades: chosen and set up |
| `pool`, `owned_process`, `starting` | local grading processes, as their owner sees them |
| `grading_process` | what runs in one |
| `cluster` | a Dask cluster in their place |
| `store`, `journal` | reports that are whole or absent, found again by what they were made from |
| `pending` | reports on their way to disk, in small groups |
| `own_folder` | a folder of the output, in which nothing planted is followed |
| `roll`, `one_class` | who is in the class over all runs; signs of another class |
| `edits` | a gradebook that a person has edited |
| `publish` | gradebook, summary and class page, from the journal |
| `explain` | one student's story, from the files and the hidden half |
| `progress`, `stopping` | what is seen while it runs, and how it is stopped |

A *grading process* is trusted: it draws inputs, computes expected outputs and compares. A *worker*
is the untrusted child of one, in which the student's code runs.
"""

from grader.batch.result import BatchResult
from grader.batch.run import grade_batch

__all__ = ["BatchResult", "grade_batch"]
