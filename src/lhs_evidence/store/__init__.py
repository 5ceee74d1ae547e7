"""The workspace: documents, passages, vectors and assessments kept in one database."""

from lhs_evidence.store.assessments import AssessmentEntry
from lhs_evidence.store.changes import prune_to, unchanged
from lhs_evidence.store.remembering import RememberingClassifier, RememberingEncoder
from lhs_evidence.store.workspace import DATABASE_NAME, Workspace

__all__ = [
    "DATABASE_NAME",
    "AssessmentEntry",
    "RememberingClassifier",
    "RememberingEncoder",
    "Workspace",
    "prune_to",
    "unchanged",
]
