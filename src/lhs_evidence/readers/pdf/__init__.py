"""PDF: text with its places, worked out into blocks."""
