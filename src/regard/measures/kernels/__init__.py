"""Calculations on arrays: arrays in, arrays out. Nothing here knows of communities or SQL."""
