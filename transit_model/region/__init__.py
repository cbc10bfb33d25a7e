"""Region packs: the folder of tables that is a region, its checks, its manifest and what it lacks."""
