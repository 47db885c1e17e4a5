"""The one table of acts: its schema, who is who, and the record that holds it."""
