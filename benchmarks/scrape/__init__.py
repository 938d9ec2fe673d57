"""Soak of the collector."""
