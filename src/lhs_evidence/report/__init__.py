"""An assessment becomes a gap report in the formats people use."""
