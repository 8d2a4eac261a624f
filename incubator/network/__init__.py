"""Who and where: sites, accounts and members, which every feature may use."""
