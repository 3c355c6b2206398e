"""The cloud-flow engine: triggers, actions, and the run that leads from one to the next."""
