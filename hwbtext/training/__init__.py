"""Training: from gold to a model folder, measured on places left out.

Importing this room loads scikit-learn; torch only where an encoder is fine-tuned.
"""

from hwbtext.training.run import Trained, train

__all__ = ["Trained", "train"]
