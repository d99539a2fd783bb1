"""JupyterLite: a static site on which lesson and check run in the browser, with nothing hidden."""

from grader.platforms.interface import Artifact, Platform
from grader.platforms.jupyterlite.artifact import files

JUPYTERLITE = Platform(
    "jupyterlite",
    artifact=Artifact(
        files,
        "a site: lessons and check run in the browser, nothing installed, nothing hidden",
        needs_hidden_half=False,
        is_site=True,
    ),
)
