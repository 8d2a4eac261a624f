"""The membership: how somebody comes, is away, moves to another site and leaves."""
