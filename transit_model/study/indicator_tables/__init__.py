"""The indicators of one scenario as tidy tables, by name."""
