"""A made-up community with known truth, for the demo and for tests: who comes back to whom is decided first, the acts follow."""
