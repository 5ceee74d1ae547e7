"""Map a health organization's documents to the shared commitments of a Learning Health System."""
