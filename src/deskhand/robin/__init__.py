"""Robin, the script text of desktop flows: text in, tree or running program out.

A pure package: it knows no database, no network and no action; it reaches actions through the
:class:`~deskhand.robin.catalog.Catalog` that it is given.
"""
