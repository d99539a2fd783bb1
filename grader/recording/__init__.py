"""Record calls of what the stub asks for: nothing is run, and a node stands for each result.

| module | holds |
|---|---|
| `student` | `Recorder`: the calls on `student`, cut into trials |
| `node` | what stands for a result |
| `arguments` | copies of what may be an argument, and which parameter each is for |
| `written` | calls that are written as text, in exercise.toml |
| `randoms` | random generators as records, and back |
"""

from grader.recording.node import RecordingError
from grader.recording.randoms import generator_of, random_of
from grader.recording.student import Recorder, Student
from grader.recording.written import recorded_call, recorded_from_text

__all__ = [
    "Recorder",
    "RecordingError",
    "Student",
    "generator_of",
    "random_of",
    "recorded_call",
    "recorded_from_text",
]
