"""What a person can see going wrong, as one small tree.

OkrError                 anything below; the command line prints it and exits with 2
├── InputError           the draft or the corpus cannot be read
├── ConfigurationError   a setting is missing or contradicts another
├── IndexUnavailable     no index yet, or it is locked or damaged
├── ModelUnavailable     the embedding model is missing or not the expected one
├── LlmError             the endpoint cannot be reached or its answer cannot be used
└── Refused              not signed in (NotSignedIn), not permitted, or too often (TooOften)

Each message is one or two sentences: what is wrong, where, what to do.
"""

from __future__ import annotations


class OkrError(Exception):
    """A failure explained to the person who caused or can mend it."""


class InputError(OkrError):
    """The draft or the corpus cannot be read."""


class ConfigurationError(OkrError):
    """A setting is missing, malformed or contradicts another."""


class IndexUnavailable(OkrError):
    """There is no index yet, or it is locked, damaged or made by another model."""


class ModelUnavailable(OkrError):
    """The embedding model is missing, or its content is not what it should be."""


class LlmError(OkrError):
    """The language model endpoint cannot be reached, refuses, or answers unusably."""


class Refused(OkrError):
    """Whoever asks may not do this."""


class NotSignedIn(Refused):
    """Whoever asks has to sign in first."""


class TooOften(Refused):
    """Whoever asks did it as often as is allowed for now.

    Attributes:
        retry_after: whole seconds until it is allowed again, at least 1.
    """

    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after
