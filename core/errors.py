"""The errors of Moodline. Each message is one line that a user can act on: what, with which value, and the remedy."""


class MoodlineError(Exception):
    """Something that Moodline can name went wrong."""


class InputError(MoodlineError):
    """The input or the call is wrong: the user can mend it. Exit code 2."""


class EnvironmentFault(MoodlineError):
    """The machine is in the way: a missing package, altered weights, a full disk, an unreachable store. Exit code 3."""


class StoreUnavailable(EnvironmentFault):
    """The store cannot be used just now: it restarts, is busy, or its disk is full. The same call may work later."""


class BrokerUnavailable(EnvironmentFault):
    """Redis cannot be used just now. Nothing is lost: what is to be done is in the store."""
