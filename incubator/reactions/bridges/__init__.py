"""One file for each rule between features: hears one, commands the other."""
