"""Threads that come from a chat room, or are talked through in one."""
