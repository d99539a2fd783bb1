"""What the service signs with."""

import threading

from grader.service.data import Database
from grader.service.data.platforms import live_keys
from grader.service.passback.asking import ensure_keys


def test_replicas_that_start_together_sign_with_one_key(
    database: Database,
) -> None:
    """Each would retire the other's key, which a platform may have read already."""
    found: list[str] = []

    def start() -> None:
        with database.begin() as db:
            found.extend(key.kid for key in ensure_keys(db))

    replicas = [threading.Thread(target=start) for _ in range(4)]
    for replica in replicas:
        replica.start()
    for replica in replicas:
        replica.join()
    with database.read() as db:
        kept = [key[0] for key in live_keys(db)]
    assert len(kept) == 2
    assert found == kept * 4
