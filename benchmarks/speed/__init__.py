"""How fast hwbtext is, beside a peer in the same run."""
