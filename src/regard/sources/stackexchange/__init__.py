"""The source stackexchange: see its `source.py`."""
