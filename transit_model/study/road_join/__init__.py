"""A region pack's roads beside the roads of a real map: what agrees, what to trust, where planned roads join."""
