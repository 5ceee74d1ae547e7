"""The framework as data: commitments, facets, levels, foundations and kinds of organization."""

from lhs_evidence.framework.framework import (
    Commitment,
    Facet,
    Foundation,
    Framework,
    OrganizationKind,
    Term,
)
from lhs_evidence.framework.loader import load_framework

__all__ = [
    "Commitment",
    "Facet",
    "Foundation",
    "Framework",
    "OrganizationKind",
    "Term",
    "load_framework",
]
