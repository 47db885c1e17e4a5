"""Attack: what does it cost to buy influence in a record?"""
