"""What members are told in the product: one row a member and subject, raised by each news."""
