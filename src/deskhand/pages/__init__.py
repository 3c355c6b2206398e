"""What the portal's pages show and do: one file a page, each endpoint declared once."""
