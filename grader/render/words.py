"""The words behind the sentences about a case: signals, secrets, regions and types."""

from typing import Final

from grader.model import Region

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
"""The note about where the secret came from."""

LESS_ISOLATION: Final = {
    "partial": "Isolation was only partial, so this grade can be trusted only as far as the "
    "student: a submission may have read the solution. grader doctor says what is missing.",
    "none": "There was no isolation, so this grade can be trusted only as far as the student: a "
    "submission may have read the solution. grader doctor says what is missing.",
}
"""The note about less isolation than there can be."""

REGIONS: Final[dict[Region, str]] = {
    "everywhere": "all over the output",
    "border": "all of them in the border",
    "first_row": "all of them in the first row",
    "last_row": "all of them in the last row",
    "first_column": "all of them in the first column",
    "last_column": "all of them in the last column",
    "last_row_and_column": "all of them in the last row and the last column",
    "last_rows_and_columns": "all of them in the last rows and columns",
    "one_row": "all of them in row {row}",
    "one_column": "all of them in column {column}",
    "inside": "none of them in the border",
    "scattered": "scattered over the output",
}
"""Where the values lie that differ; row and column are those of the first."""

MISSING: Final[dict[Region, str]] = {
    "last_row": "the last row is",
    "last_column": "the last column is",
    "last_row_and_column": "the last row and column are",
    "last_rows_and_columns": "the last rows and columns are",
}
"""What an output lacks that is too small."""

SPECIAL: Final = {"nan": "NaN (not a number)", "inf": "infinite"}

_IS_A_FUNCTION: Final = (
    "Your function returns a function, but it should return a NumPy array: "
    "are there () missing?"
)
TYPES: Final[dict[str, str]] = {
    "NoneType": "Your function returns nothing (None): is there a return at its end?",
    "list": "Your function returns a list, but it should return a NumPy array: "
    "np.array(result) turns it into one.",
    "tuple": "Your function returns a tuple, but it should return one NumPy array: "
    "is there a comma too many?",
    "str": "Your function returns text, but it should return a NumPy array.",
    "generator": "Your function has a yield in it, so it returns a generator, "
    "but it should return a NumPy array.",
    "function": _IS_A_FUNCTION,
    "builtin_function_or_method": _IS_A_FUNCTION,
}
"""The sentence about a result of this type."""

NUMBERS: Final = frozenset(
    {
        *("int", "float", "bool", "complex", "int8", "int16", "int32", "int64"),
        *("float16", "float32", "float64"),
    }
)
"""Types of a single number."""
