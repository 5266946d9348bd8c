"""The life of the process: settings, listeners, signals, the end."""
