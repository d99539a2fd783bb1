"""CTRF, the Common Test Report Format."""

from grader.platforms.ctrf.format import ctrf_json
from grader.platforms.interface import Format, Platform

CTRF = Platform("ctrf", (Format("ctrf", ctrf_json, "ctrf/ctrf.schema.json"),))
