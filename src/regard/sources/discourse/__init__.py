"""The source discourse: see its `source.py`."""
