"""Measurements of the whole program, with peers beside it in the same run."""
