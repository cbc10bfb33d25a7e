"""The indicators of one scenario as tables: times from `measure`, formulas from `indicators`."""
