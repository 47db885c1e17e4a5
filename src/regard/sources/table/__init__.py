"""The source table: see its `source.py`."""
