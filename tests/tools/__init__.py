"""Small programs for developers; the Makefile names them. Tests import them too."""
