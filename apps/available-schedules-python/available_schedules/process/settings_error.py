class SettingsError(Exception):
    """The environment asks for something that cannot be; the message says which variable and what."""
