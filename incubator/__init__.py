"""Incubator: the intranet of a network of mutual-aid business incubators."""
