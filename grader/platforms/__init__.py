"""A report as what one course platform reads. Pure functions, one module per platform."""
