"""Modern.Gov by Civica: the platform of most English councils' committee papers."""
