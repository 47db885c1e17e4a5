"""Is it true, and can it be bought? A record looked at from its own past, and a record with attackers in it."""
