"""Where student code runs, and nothing else: the only room that starts a process for it."""
