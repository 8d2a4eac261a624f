"""What people see at once: the sockets, the doorbell and the only code that emits."""
