"""From what was named on the command line to one submission per student.

Nothing is graded, run or written here, and no room that does so is imported.

| module | does |
|---|---|
| `given` | patterns and paths: what was named |
| `scan`, `archive_scan`, `sources`, `left_out` | from paths to files, and why others are left out |
| `archives`, `zip_files`, `tar_files` | what an archive holds, whatever it says |
| `downloads` | whose file it is: one module per course platform |
| `folders`, `candidates` | whose file it is, and which one, where no platform says so |
| `helpers` | the modules that are handed in with a file |
| `not_gradable`, `online_text` | what somebody has handed in who has nothing to grade by its name |
| `report_names`, `collect` | one name and one file per student |
| `single` | the one file that a student means, where only they handed in |
"""
