"""Flow text as designers show it: rows of cards, fields of panels, the palette. No database, no network."""
