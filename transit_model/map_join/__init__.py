"""A region pack beside a map of the same region: how planned and shipped roads join real interchanges."""
