"""Everything that is imported in a student's process: the standard library, numpy and this folder only.

A file's path tells which side of the trust line it is on. Here is the hostile side: nothing in this
folder may be believed once a student's code has run, and nothing in it may know an expected value,
a secret or a result file. The trusted side, `grader.execution`, uses `frames`, `scratch` and
`bounded_text` too, and starts `entry`.

| module | does |
|---|---|
| `entry` | the script that every process for student code starts with |
| `template_process`, `fresh_worker` | how a worker comes to be: forked from a warm template, or as
a new interpreter |
| `confine`, `readable_paths`, `escape_attempts` | what a worker gives up, what it may still read,
and the proof |
| `worker`, `loading`, `target` | requests and replies; a submission run; whether there is a
function to call |
| `kernel`, `shell`, `cells` | a worker that is a Jupyter kernel |
| `frames`, `scratch`, `seeds`, `bounded_text` | bytes on the wire, the scratch folder, random
numbers, bounded text |
"""
