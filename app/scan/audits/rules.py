"""What a code that was read at a spot of a wall is, and what a whole walk found."""

from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit
from uuid import UUID

from app.errors import Malformed
from app.scan.audits.models import Expected, Known, Outcome, Report, Scan, Spot

LONGEST_TEXT = 200


def outcome(
    text: str, known: Known | None, *, site_id: UUID, at: Spot, ours: bool, base_url: str
) -> Outcome:
    """`ours`: whether the text has the shape of our codes; `known`: the label it names, if any;
    `base_url`: the address of this shop.

    A copy of our code that opens another address is foreign, however much it looks like ours.
    """
    if not ours or not _opens_us(text, known.base_url if known else base_url):
        return "foreign"
    if known is None:
        return "unknown"
    if known.site_id != site_id:
        return "other-site"
    if known.state == "retired":
        return "retired"
    if known.covered:
        return "covered"
    return "right" if known.spot == at else "wrong-place"


def outcome_of_list(text: str, opens: str, *, site_code: str, base_url: str) -> Outcome:
    """Of a code that opens the list of a whole wall: `base_url` is the address that the poster
    around it was printed with. Raises Malformed for the one that belongs here."""
    if not _opens_us(text, base_url):
        return "foreign"
    if opens != site_code:
        return "other-site"
    raise Malformed(
        "This code opens the whole wall as a list. Scan the code beside a product.",
        code="list-code",
    )


def said(text: str) -> str:
    """What a foreign code says, short, and without what a terminal or a page could stumble over."""
    return "".join(one if one.isprintable() else "\ufffd" for one in text)[:LONGEST_TEXT]


def next_spot(
    expected: Sequence[Expected], scans: Iterable[Scan], after: Spot | None = None
) -> Expected | None:
    """The next label to look at: the first that was not read yet, on from where somebody stands."""
    done = {scan.spot for scan in scans}
    left = [one for one in expected if one.spot not in done]
    ahead = [one for one in left if after is None or one.spot > after]
    return next(iter(ahead or left), None)


def report(expected: Sequence[Expected], scans: Sequence[Scan]) -> Report:
    """The last that was read at a spot counts; a foreign code is told of in any case."""
    last = {scan.spot: scan for scan in scans}
    right = {spot for spot, scan in last.items() if scan.outcome == "right"}
    return Report(
        right=sum(one.spot in right for one in expected),
        missing=[one for one in expected if one.spot not in last],
        wrong=[
            scan
            for scan in scans
            if scan.outcome == "foreign"
            or (scan.outcome != "right" and last[scan.spot].number == scan.number)
        ],
    )


def _opens_us(text: str, base_url: str) -> bool:
    host = _host(text)
    return host is None or host == _host(base_url)


def _host(text: str) -> str | None:
    """Host and port that a text opens; None for one that is no address."""
    if "://" not in text:
        return None
    try:
        return urlsplit(text.strip()).netloc.lower()
    except ValueError:
        return ""
