"""The query language of the Web API: addresses and query options, text to tree and back."""
