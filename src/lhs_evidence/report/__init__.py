"""An assessment becomes a gap report in the formats people use."""

from lhs_evidence.report.build import build_report
from lhs_evidence.report.misquotes import misquotes
from lhs_evidence.report.schema import GapReport, json_schema
from lhs_evidence.report.write import FORMATS, read_report, write_report, write_reports

__all__ = [
    "FORMATS",
    "GapReport",
    "build_report",
    "json_schema",
    "misquotes",
    "read_report",
    "write_report",
    "write_reports",
]
