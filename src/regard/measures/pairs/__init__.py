"""Ordered pairs of people: their history, the model of their return, and ties."""
