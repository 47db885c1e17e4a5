"""The record: one table of acts with its schema, who is who, and the file that holds it."""
