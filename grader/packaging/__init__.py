"""What is uploaded to a course platform, and what then runs there.

| module | does |
|---|---|
| `artifacts` | makes the artifact of one platform: `package` |
| `parts`, `wheel` | read what it is put together from |
| `settings` | `settings.json`, which an artifact carries |
| `entry` | runs on the platform: grades one submission, and writes what the platform reads |

An artifact carries the running grader as a wheel, the exact versions of everything it needs, the
exercise, and (except for `students`) its hidden half. So it works without this repository, and
grades as it did here. It holds the secret only where it is given one.

This file imports nothing: `python -m grader.packaging.entry` runs it at every grading.
"""
