"""Spark, the engine for data that is too large for one machine."""
