"""Everything that is imported in a student's process.

A file's path tells which side of the trust line it is on, and this folder is the hostile side. Once
a student's code has run, nothing here may be believed. Nothing here may know an expected value, a
secret or a result file. These modules import the standard library, numpy and each other; those of
the Jupyter kernel also import Jupyter's parts.

The trusted side, `grader.execution`, starts `entry`, and uses `frames`, `scratch`, `rlimits` and
`bounded_text` too. `grader.jupyter` uses `judging` in the student's own kernel.

| module | does |
|---|---|
| `entry` | is the script that every process for student code starts with |
| `template_process`, `fresh_worker` | start a worker: as a fork of a template, or anew |
| `confine`, `readable_paths`, `rlimits` | take from a worker what it must not have |
| `escape_attempts` | try whether that worked |
| `worker` | reads requests and writes replies |
| `stand_ins`, `inert`, `progress_bars`, `jit_stand_ins` | stand in for decoration |
| `loading`, `statements`, `definitions` | run a submission, all of it or its definitions alone |
| `refusing` | refuses what may not be imported |
| `judging` | judges the function, calls it, and describes what came of it |
| `kernel`, `shell`, `cells` | make a worker that is a Jupyter kernel |
| `frames` | packs and unpacks bytes for the wire |
| `packing`, `leaves`, `unpacking` | write and read values |
| `scratch`, `seeds`, `bounded_text` | scratch folders, random numbers, bounded text |
"""
