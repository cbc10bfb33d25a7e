"""The studio: a page and a JSON interface on this machine that answer a changed scenario while it is being drawn.

`service` keeps a workspace warm and measures questions; `web` speaks HTTP. Numbers come from `measure` and
`analysis`, so that they equal those of the command line; what is drawn comes from `pages`. Only `web` and `server`
need the extra ``studio``.
"""
