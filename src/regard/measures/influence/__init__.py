"""Measures of reach, rank and influence. They count people."""
