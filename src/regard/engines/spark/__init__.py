"""Spark, the engine for data that outgrows one machine."""
