"""What hears the events of the features."""
