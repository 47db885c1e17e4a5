"""The source mbox: see its `source.py`."""
