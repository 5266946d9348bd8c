import os
import sys

from .process.announce import announce
from .process.settings import Settings
from .process.settings_error import SettingsError

CANNOT_LISTEN = 1
WRONG_SETTINGS = 2


def main() -> int:
    try:
        settings = Settings.from_environment(os.environ)
    except SettingsError as wrong:
        announce(str(wrong))
        return WRONG_SETTINGS

    # Not before: OpenTelemetry reads the same environment as it is imported, and what is wrong with it would
    # be said by a traceback.
    from .process.serve import ListenError
    from .run import run
    from .schedule.data import DataFileError

    try:
        run(settings)
    except DataFileError as wrong:
        announce(str(wrong))
        return WRONG_SETTINGS
    except ListenError as cannot:
        announce(str(cannot))
        return CANNOT_LISTEN
    return 0


if __name__ == "__main__":
    sys.exit(main())
