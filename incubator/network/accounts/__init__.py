"""Who may come in: accounts, roles, invitations, sessions."""
