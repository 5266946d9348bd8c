"""How every body of this app is written."""
