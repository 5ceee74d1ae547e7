"""Pages for people, rendered here and complete without scripts."""
