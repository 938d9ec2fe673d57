"""Figures of hwbtext, measured by command and written to RESULTS.md."""
