"""The messages between server, agent and a flow's process, and how they look on the wire."""
