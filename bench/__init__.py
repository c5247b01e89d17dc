"""Every figure that is claimed of Peluit, as a command: `make bench`."""
