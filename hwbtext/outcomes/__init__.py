"""Process or tangible outcomes: classifiers by rules and by coded passages, and their readings.

Importing this room loads scikit-learn and NumPy; ``import hwbtext`` does not.
"""

from hwbtext.outcomes.classifier import LexiconOutcomeClassifier
from hwbtext.outcomes.lexicon import DIRECTIONS, SUBTYPES, Lexicon, load_lexicon
from hwbtext.outcomes.linear import LinearOutcomeClassifier
from hwbtext.outcomes.loading import identify_model, load_outcome_classifier
from hwbtext.outcomes.reading import OutcomeClassifier, OutcomeReading, outcome_views

__all__ = [
    "DIRECTIONS",
    "SUBTYPES",
    "Lexicon",
    "LexiconOutcomeClassifier",
    "LinearOutcomeClassifier",
    "OutcomeClassifier",
    "OutcomeReading",
    "identify_model",
    "load_lexicon",
    "load_outcome_classifier",
    "outcome_views",
]
