"""Writing whole or not at all: files, folders, folders shared with other files; locks, sweeping, restoring."""
