"""The workspace: documents, passages, vectors and assessments kept in one database."""
