"""Sentence encoders: passages become vectors."""
