"""Dataverse tables, one file each, named by logical name."""
