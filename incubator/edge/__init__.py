"""What all pages share: the reader, access, forms, addresses, words."""
