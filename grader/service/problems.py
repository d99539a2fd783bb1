"""What is refused, and why, in one sentence for the person."""

from typing import Final, Literal, get_args

Code = Literal[
    "invalid",
    "unauthorized",
    "forbidden",
    "not-found",
    "conflict",
    "gone",
    "too-large",
    "too-many",
    "failed",
    "unavailable",
]
CODES: Final[tuple[Code, ...]] = get_args(Code)


class RefusedError(Exception):
    """Something that a person asked for is not done; the message is the sentence they read."""

    def __init__(
        self,
        code: Code,
        sentence: str,
        more: dict[str, object] | None = None,
        *,
        wait_s: int = 5,
    ) -> None:
        super().__init__(sentence)
        self.code: Code = code
        self.sentence = sentence
        self.more = more or {}
        """What else the answer holds, such as the text that another device saved."""
        self.wait_s = wait_s
        """After how many seconds to try again, where that is of use."""
