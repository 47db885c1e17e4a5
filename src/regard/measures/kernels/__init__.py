"""Calculations on arrays: arrays in, arrays out, knowing nothing of communities or SQL."""
