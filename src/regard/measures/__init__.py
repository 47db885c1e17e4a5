"""Measures: what can be counted about a community. Each reads the record and gives one relation."""
