"""What it costs to buy influence in a record."""
