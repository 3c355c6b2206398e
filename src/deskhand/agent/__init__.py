"""The agent: takes runs from the server and runs each in a process of its own."""
