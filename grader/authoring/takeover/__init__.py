"""Take an exercise over from a notebook or a file whose solution is marked as courses mark it.

Two tools' markers are read, nbgrader's and otter's, in notebooks and in files with `# %%` cells:

    ### BEGIN SOLUTION ... ### END SOLUTION            both, within a cell
    a cell with nbgrader's metadata `solution: true`   the whole cell
    ### BEGIN HIDDEN TESTS ... ### END HIDDEN TESTS    nbgrader
    x = f(y) # SOLUTION, # SOLUTION NO PROMPT          otter, one line
    \"\"\" # BEGIN PROMPT ... \"\"\" # END PROMPT          otter
    # BEGIN SOLUTION, # BEGIN PROMPT, # BEGIN TESTS    otter, in raw cells around others

| module | holds |
|---|---|
| `cells` | a notebook or a file, as cells |
| `markers` | which lines are the solution, and which cells are tests |
| `definitions` | what the cells define: targets, what is given, what the reference needs |
| `literals` | the values that a test writes out |
| `conditions` | the ways in which a test says that two things are the same |
| `claims` | the tests: a call, and what it has to give |
| `stubs` | the stub: what is given stays, what was marked is to be written |
| `computed`, `examples` | tests as public examples, tried with the notebook's own solution |
| `drawn` | hidden cases with inputs like those of the tests |
| `plan` | all of it as a new exercise |
"""

from grader.authoring.takeover.plan import plan_from_file

__all__ = ["plan_from_file"]
