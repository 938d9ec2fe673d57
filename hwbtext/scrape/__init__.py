"""Collect board papers: list what a site publishes, fetch it politely, keep it safely."""
