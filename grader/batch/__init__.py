"""Many submissions at once: found, graded side by side, kept, and told as what the class misunderstood.

| module | does |
|---|---|
| `given`, `sources`, `reasons`, `archives`, `whole` | from what was named to files, and why others
are none |
| `layouts`, `students`, `candidates`, `names`, `collect` | from files to one per student |
| `run` | the order: what is finished is kept, the rest is graded, then the class is told |
| `engine`, `messages`, `worker`, `starting`, `pool`, `cluster` | who grades: local processes, or a
Dask cluster |
| `store` | reports whole or absent, and found again by what they were made from |
| `facts`, `summary`, `exceptions`, `gradebook`, `charts`, `classpage`, `publish` | from reports to
a class's files |
| `progress`, `stopping` | what is seen while it runs, and how it is stopped |
"""

from grader.batch.run import BatchResult, grade_batch

__all__ = ["BatchResult", "grade_batch"]
