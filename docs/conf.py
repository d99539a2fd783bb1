"""The documentation site: `sphinx-build -W docs site` (the dependency group "docs")."""

project = "exercise-grader"
author = "The exercise-grader authors"
copyright = "2026, the exercise-grader authors"  # noqa: A001 - Sphinx's own name
extensions = ["myst_parser"]
myst_heading_anchors = 3
myst_enable_extensions = ["colon_fence"]
html_theme = "furo"
html_title = "exercise-grader"
# Nothing is loaded from another host, and nothing but pages is published.
html_copy_source = False
html_show_sphinx = False
exclude_patterns = ["images"]
# Sections of docs/platforms.md begin with an H3 where they are not about a platform.
suppress_warnings = ["myst.header"]
