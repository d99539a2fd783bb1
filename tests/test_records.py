"""Records are decoded by many threads at once."""

import subprocess
import sys

PROGRAM = """
import sys, threading
import msgspec
from grader.records import look_at_all

KINDS = []
for number in range(100):
    kind = msgspec.defstruct(f"Inner{number}", [("value", int)])
    for depth in range(5):
        fields = [(f"field_{each}", kind) for each in range(5)]
        kind = msgspec.defstruct(f"Outer{number}_{depth}", fields)
    KINDS.append(kind)

look_at_all()
sys.setswitchinterval(1e-6)
together = threading.Barrier(8)

def decode():
    for kind in KINDS:
        together.wait()
        try:
            msgspec.json.decode(b'{"field_0":' * 6, type=kind)
        except msgspec.DecodeError:
            pass

threads = [threading.Thread(target=decode) for _ in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
"""


def test_threads_that_decode_a_first_record_at_once_do_not_crash() -> None:
    """Msgspec has looked at every kind before there are threads."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], check=False, capture_output=True
    )
    assert done.returncode == 0, done.stderr
