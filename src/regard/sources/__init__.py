"""The outside world, read into batches of acts: one module a platform."""
