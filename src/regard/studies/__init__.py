"""The one door from a record to measures and reports."""
