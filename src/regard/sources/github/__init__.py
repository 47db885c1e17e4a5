"""The source github: see its `source.py`."""
