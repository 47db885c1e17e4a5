"""Measures of reach, rank and influence, in people."""
