"""Connections to other people's servers: every address is checked, and every wait has an end."""
