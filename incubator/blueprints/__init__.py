"""Pages and sockets, one package a feature."""
