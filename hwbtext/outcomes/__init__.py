"""Process or tangible outcomes: the lexicon classifier, and its reading of a passage.

Importing this room loads scikit-learn and NumPy; ``import hwbtext`` does not.
"""

from hwbtext.outcomes.classifier import LexiconOutcomeClassifier, load_outcome_classifier
from hwbtext.outcomes.lexicon import DIRECTIONS, SUBTYPES, Lexicon, OutcomeReading, load_lexicon

__all__ = [
    "DIRECTIONS",
    "SUBTYPES",
    "Lexicon",
    "LexiconOutcomeClassifier",
    "OutcomeReading",
    "load_lexicon",
    "load_outcome_classifier",
]
