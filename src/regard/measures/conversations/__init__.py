"""Measures of asking, answering and helping."""
