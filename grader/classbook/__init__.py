"""From the facts of every report to a class's own files: gradebook, summary and page. Runs nothing, grades nothing.

| module | does |
|---|---|
| `facts` | what is kept of each report |
| `summary`, `exceptions` | what the class misunderstood: `summary.json` |
| `gradebook` | `gradebook.csv` |
| `charts`, `page` | `index.html` |
"""
