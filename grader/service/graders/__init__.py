"""Who is next, and the grading process with its warm graders."""
