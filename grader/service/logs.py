"""The operator's log: lines of text or of JSON on standard error, without what must not be in it.

No address of a person, no code and no token is logged by us. What other libraries log, and what an
error quotes, passes a filter that takes out whatever stands where a secret does in an address or a
header.
"""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any, Final, Literal

import structlog

Format = Literal["text", "json"]

_SECRETS: Final = re.compile(
    r"(?i)(bearer\s+|/enter#|(?:key|token|code|state|id_token|client_assertion)=)[\w.~+/%-]+"
)
_HIDDEN: Final = r"\1..."
_OURS: Final = "grader"
REQUESTS: Final = "grader.requests"
"""The logger that has a line for each request; only a log of JSON shows it."""


def without_secrets(text: str) -> str:
    """Return a text without what stands where a secret does."""
    return _SECRETS.sub(_HIDDEN, text)


def configure_log(form: Format) -> None:
    """Let all that is logged from now on go to standard error, in this form."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_text() if form == "text" else _json())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    # It logs each broken form, and not whose: strangers would fill the log.
    logging.getLogger("python_multipart").setLevel(logging.ERROR)
    if form == "json":
        logging.getLogger(_OURS).setLevel(logging.INFO)


def _text() -> logging.Formatter:
    return _WithoutSecrets("%(message)s")


class _WithoutSecrets(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        """Return a line without secrets."""
        return without_secrets(super().format(record))


def _json() -> logging.Formatter:
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.stdlib.ExtraAdder(),
            structlog.processors.TimeStamper(fmt="iso", utc=True),
        ],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            _hide,
            structlog.processors.JSONRenderer(),
        ],
    )


def _hide(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    for name, value in event.items():
        if isinstance(value, str):
            event[name] = without_secrets(value)
    return event
