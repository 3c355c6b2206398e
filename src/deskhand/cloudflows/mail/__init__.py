"""Electronic mail: messages, and the servers that they go to. Source: cloud-flows 3.11."""
