"""Search over passages: vectors and words together."""
