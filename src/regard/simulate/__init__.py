"""A made-up community whose truth is known, for the demo and for tests. It decides first who comes back to whom; the acts follow."""
