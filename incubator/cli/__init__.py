"""The incubator command line."""
