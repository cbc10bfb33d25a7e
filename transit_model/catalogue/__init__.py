"""The library of scenarios and projects: lists, differences, exports."""
