"""The exception tree of hwbtext.

::

    HwbtextError
    ├── InputError(ValueError)            what the caller named does not fit
    │   ├── MissingPathError(FileNotFoundError)
    │   ├── OutputExistsError(FileExistsError)
    │   ├── MetadataError                 a metadata.csv that cannot be used
    │   └── GoldError                     coded passages that cannot be used, every reason in it
    ├── SchemaError(ValueError)           a table that is not what its schema says
    └── ModelIntegrityError               weights whose hash is not the one on record

The caller's mistake raises one of these. The world's mess (a scanned page, an encrypted
file) never does: it is recorded as an :class:`hwbtext.records.Issue`.
"""


class HwbtextError(Exception):
    """Base of every exception that hwbtext raises on purpose."""


class InputError(HwbtextError, ValueError):
    """An argument, file or folder that the caller named does not fit."""


class MissingPathError(InputError, FileNotFoundError):
    """A file or folder that the caller named is not there."""


class OutputExistsError(InputError, FileExistsError):
    """The output folder holds files, and the caller did not say to replace them."""


class MetadataError(InputError):
    """A ``metadata.csv`` has an unknown column, a bad value, or names a file that is not there."""


class GoldError(InputError):
    """A gold sample cannot be used; ``problems`` holds every reason, the message the first ones.

    Attributes
    ----------
    problems : tuple of str
        Each says the line, what is wrong, the value, and what would work.
    """

    def __init__(self, message: str, problems: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.problems = problems


class SchemaError(HwbtextError, ValueError):
    """A table does not hold what its Arrow schema says."""


class ModelIntegrityError(HwbtextError):
    """Model weights do not have the SHA-256 that hwbtext has on record for them."""
