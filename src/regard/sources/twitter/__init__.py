"""The source twitter: see its `source.py`."""
