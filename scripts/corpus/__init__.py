"""Parts of `read_corpus.py`: reading, the libraries it is compared with, and the figures."""
