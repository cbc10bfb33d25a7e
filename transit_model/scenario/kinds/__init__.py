"""The kinds of projects: one file and one row of the registry each."""
