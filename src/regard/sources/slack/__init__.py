"""The source slack: see its `source.py`."""
