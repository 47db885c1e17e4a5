"""DuckDB, the engine that runs in the process and the format of the record on disk."""
