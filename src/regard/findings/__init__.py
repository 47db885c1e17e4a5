"""Findings: sentences and sections about a community, in plain words, each with its uncertainty."""
