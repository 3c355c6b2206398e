"""Who somebody is, and the keys: the only room that holds any."""
