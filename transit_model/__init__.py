"""Honest travel-time and transport-circle accessibility modelling for regional planners."""

from __future__ import annotations
