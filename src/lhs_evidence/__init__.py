"""Map the documents of a health organization to the shared commitments of a Learning Health System."""
