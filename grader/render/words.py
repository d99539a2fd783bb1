"""The words behind the sentences: what verdicts, signals, regions and types are called."""

from typing import Final

from grader.model import Region, Verdict

TITLES: Final[dict[Verdict, str]] = {
    Verdict.PASSED: "Passed",
    Verdict.WRONG_TYPE: "Wrong type",
    Verdict.WRONG_SHAPE: "Wrong size",
    Verdict.WRONG_VALUES: "Wrong values",
    Verdict.MODIFIED_INPUT: "Input changed",
    Verdict.RAISED: "Exception",
    Verdict.TIMED_OUT: "Too slow",
    Verdict.OUT_OF_MEMORY: "Out of memory",
    Verdict.CRASHED: "Crashed",
    Verdict.INVALID_OUTPUT: "Unreadable output",
    Verdict.NOT_RUN: "Not run",
    Verdict.GRADER_ERROR: "Grader error",
}
"""A heading for each verdict."""

# The numbers that Linux gives them; those from 4 to 15 are the same on macOS.
SIGNALS: Final = {
    4: "SIGILL: the processor met an instruction that it does not know",
    5: "SIGTRAP: the program stopped itself",
    6: "SIGABRT: the program gave up and aborted itself",
    7: "SIGBUS: the program used memory that is not there",
    8: "SIGFPE: an impossible calculation with whole numbers",
    9: "SIGKILL: the program was killed from outside",
    11: "SIGSEGV: the program used memory that is not its own",
    15: "SIGTERM: the program was told to stop",
    24: "SIGXCPU: the program used up its processor time",
    25: "SIGXFSZ: the program wrote a file that is too big",
    31: "SIGSYS: the program asked the system for something that is not allowed here",
}

SECRETS: Final = {
    "file": "The hidden inputs were drawn with the secret of --secret-file.",
    "environment": "The hidden inputs were drawn with the secret in GRADER_SECRET.",
    "default": "The hidden inputs were drawn with the default secret, which everybody can read: "
    "where grades count, give --secret-file FILE or set GRADER_SECRET.",
}

REGIONS: Final[dict[Region, str]] = {
    "everywhere": "all over the output",
    "border": "all of them in the border",
    "first_row": "all of them in the first row",
    "last_row": "all of them in the last row",
    "first_column": "all of them in the first column",
    "last_column": "all of them in the last column",
    "last_row_and_column": "all of them in the last row and the last column",
    "last_rows_and_columns": "all of them in the last rows and columns",
    "one_row": "all of them in row {0}",
    "one_column": "all of them in column {1}",
    "inside": "none of them in the border",
    "scattered": "scattered over the output",
}

MISSING: Final[dict[Region, str]] = {
    "last_row": "the last row is",
    "last_column": "the last column is",
    "last_row_and_column": "the last row and column are",
    "last_rows_and_columns": "the last rows and columns are",
}

TYPES: Final[dict[str, str]] = {
    "NoneType": "Your function returns nothing (None): is there a return at its end?",
    "list": "Your function returns a list, it should return a NumPy array: np.array(result) turns it into one.",
    "tuple": "Your function returns a tuple, it should return one NumPy array: is there a comma too many?",
    "str": "Your function returns text, it should return a NumPy array.",
    "generator": "Your function has a yield in it, so it returns a generator; it should return a NumPy array.",
    "function": "Your function returns a function, it should return a NumPy array: are there () missing?",
    "builtin_function_or_method": "Your function returns a function, it should return a NumPy array: "
    "are there () missing?",
}
NUMBERS: Final = (
    "int",
    "float",
    "bool",
    "complex",
    "int8",
    "int16",
    "int32",
    "int64",
    "float16",
    "float32",
    "float64",
)
