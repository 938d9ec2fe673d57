"""Topics of passages, and how their shares drift over years and between sites."""

from hwbtext.topics.drift import topic_drift
from hwbtext.topics.fitting import MIN_PASSAGES, fit_topics
from hwbtext.topics.model import Assignment, TopicModel

__all__ = ["MIN_PASSAGES", "Assignment", "TopicModel", "fit_topics", "topic_drift"]
