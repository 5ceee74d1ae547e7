"""Files become documents: canonical text, blocks, pages and a status."""
