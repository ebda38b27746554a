from datetime import timedelta

WAITS_S = (5, 30, 120, 600, 3600, 6 * 3600)
GIVE_UP_AFTER = timedelta(hours=72)


def wait_after(failures: int, luck: float) -> timedelta:
    """How long to leave somebody alone after so many failures; `luck` in 0..1 spreads the crowd."""
    seconds = WAITS_S[min(failures, len(WAITS_S) - 1)]
    return timedelta(seconds=seconds * (0.75 + 0.5 * luck))
