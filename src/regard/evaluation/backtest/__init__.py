"""Whether kept foretells the next window better than rank does, on a record of one's own."""
