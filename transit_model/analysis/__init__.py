"""Questions beyond the verdict: who earns a gain, what it would take, how sure it is, in which year it first holds."""
