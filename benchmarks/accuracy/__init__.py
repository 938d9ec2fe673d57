"""How right hwbtext is, beside what a reader or coder said."""
