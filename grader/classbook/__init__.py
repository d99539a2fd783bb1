"""A class's own files, made from the facts of every report: gradebook, summary and page.

Nothing here runs or grades anything.

| module | makes |
|---|---|
| `facts` | what is kept of each report |
| `summary`, `tally`, `exceptions` | `summary.json`: what the class misunderstood |
| `gradebook` | `gradebook.csv` |
| `charts`, `page` | `index.html` |

A new column of the gradebook is a row in one of the two tables of `gradebook`.
"""
