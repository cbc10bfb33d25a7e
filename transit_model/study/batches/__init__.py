"""Batches of a study: from what a planner asks to work, tasks and a description that the batch room runs."""
