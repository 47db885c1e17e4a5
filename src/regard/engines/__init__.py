"""Where relations are run. Knows nothing of communities."""
