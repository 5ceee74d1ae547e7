"""Web pages: the main text kept, navigation set apart."""
