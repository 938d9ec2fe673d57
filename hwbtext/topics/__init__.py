"""Topics of passages, and the distance between years and between sites."""

from hwbtext.topics.drift import topic_drift
from hwbtext.topics.model import MIN_PASSAGES, TopicFit, fit_topics

__all__ = ["MIN_PASSAGES", "TopicFit", "fit_topics", "topic_drift"]
