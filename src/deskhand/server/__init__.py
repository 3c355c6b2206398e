"""Composition: the only room that builds objects and connects them."""
