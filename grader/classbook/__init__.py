"""A class's own files, made from the facts of every report: gradebook, summary and page.

Nothing here runs or grades anything.

| module | makes |
|---|---|
| `facts` | what is kept of each report |
| `summary`, `tally`, `exceptions` | `summary.json`: what the class misunderstood |
| `rows`, `gradebook` | `gradebook.csv`: a student, what the code earned, what counts |
| `book` | what belongs to the class besides the reports; read by the next four |
| `roster` | a list of the class, from any platform, and who of it is missing |
| `lateness`, `terms` | the due time and what late work costs, for as long as the class is graded |
| `adjustments`, `whose` | what a person decided, and whom they mean by an id or a name |
| `changes` | `changes.csv`: what a regrade changed, for whom and why |
| `grades`, `feedback` | from the gradebook to what a platform takes back |
| `story` | the text for a student who disputes a grade |
| `charts`, `page` | `index.html` |

A new column of the gradebook is a row in one of the two tables of `gradebook`; a new fact about a
student is a property of `rows.Row`.
"""
