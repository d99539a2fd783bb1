"""From what was named on the command line to one submission per student: archives, layouts, whose file it is.

Nothing is graded, run or written here, and nothing of the rooms that do so is imported.

| module | does |
|---|---|
| `given`, `sources`, `archives`, `whole_archive`, `left_out` | from paths to files, and why others
were left out |
| `downloads` | the layouts in which course platforms let an instructor download a class |
| `folders`, `candidates`, `report_names`, `collect` | from files to one submission per student |
"""
