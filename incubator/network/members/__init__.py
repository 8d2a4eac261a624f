"""Who the members are: profiles, firms and skills."""
