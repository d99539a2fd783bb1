"""Tables, and all SQL. A function takes a connection first, and its caller opens the transaction.

Times are seconds since 1970 in UTC, and their names end with `_at`.
"""

from grader.service.data.engine import Database, open_database

__all__ = ["Database", "open_database"]
