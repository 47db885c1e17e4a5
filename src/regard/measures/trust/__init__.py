"""Measures of who vouches for whom."""
