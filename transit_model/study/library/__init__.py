"""The library of scenarios and projects: listed and told, compared, previewed, exported and read back."""
