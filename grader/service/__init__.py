"""The service: exercises in the browser, graded at once, on its own or launched from an LMS.

It has floors of its own (`tests/house/test_arrows.py`): a room imports from those below it.

| floor | room | does |
|---|---|---|
| 0 | `settings`, `words`, `problems`, `logs` | what is decided, said, refused and logged |
| 1 | `data` | tables, and all SQL |
| 2 | `graders` | who is next, and the grading process with its warm graders |
| | `lti` | the protocol of course platforms |
| 3 | `work` | what a person does: hand in, run, keep a draft |
| | `passback` | scores that are owed are sent |
| 4 | `web` | routes, pages, the API |
| | `operating` | the operator's commands |

Only `grader serve` imports it, and it needs the extra `service`.
"""
