"""What trains the tagger of mentions: its passages, its teacher, its folder."""
