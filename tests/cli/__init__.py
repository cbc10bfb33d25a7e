"""Commands that need more than a run of the whole program to be tried."""
