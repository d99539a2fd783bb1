"""Tries: the program's own name and module are changed, so that its errors seem to come from
another file.
Must: an exception is told with its message; its line is looked up in the program's own text."""
# expect: raised
import linecache
import sys

import numpy as np

sys.argv[:] = ["/etc/passwd"]
sys.modules["submission"].__file__ = "@SOLUTIONS@/reference.py"
linecache.getlines = lambda *args: ["forged"]


def convolve(image, kernel):
    code = compile("\n" * 500 + "raise ValueError('forged')", "@SOLUTIONS@/reference.py", "exec")
    exec(code)
