"""All results of one study: the tables of its scenarios, their comparison with its certificate, verdicts."""
