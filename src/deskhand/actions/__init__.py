"""The action library: one package for each module of Power Automate for desktop."""
