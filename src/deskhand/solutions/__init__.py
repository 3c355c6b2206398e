"""Solution zips, flow folders and flow texts ↔ typed content. Reads and writes; knows no database."""
