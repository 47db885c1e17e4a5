"""Engines, on which relations are made. They know nothing of communities."""
