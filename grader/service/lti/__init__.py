"""LTI 1.3: what course platforms and this service say to each other."""
