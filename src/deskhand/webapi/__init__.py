"""The HTTP skin: the only room that is asynchronous."""
