"""Measures classifiers against labelled sets, with intervals and human agreement beside."""
