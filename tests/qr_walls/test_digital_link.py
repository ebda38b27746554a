"""GS1 Digital Links of products: GS1's own examples, every refusal with its place, round trips."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qr_walls import digital_link, gtin, identifiers
from qr_walls.digital_link import DigitalLink
from qr_walls.errors import BadDigitalLink

MILK = "09520123456788"
LINK = f"https://a/01/{MILK}"


@pytest.mark.parametrize(
    ("text", "qualifiers", "attributes"),
    [  # the examples of the standard (URI Syntax 5) and of GS1's own syntax engine
        ("https://id.gs1.org/01/09520123456788", "", ""),
        ("https://brand.example.com/some-extra/pathinfo/01/09520123456788", "", ""),
        ("https://id.gs1.org/01/09520123456788/22/2A", "22 2A", ""),
        ("https://id.gs1.org/01/09520123456788/10/ABC123", "10 ABC123", ""),
        ("https://id.gs1.org/01/09520123456788/21/12345", "21 12345", ""),
        (
            "https://id.gs1.org/01/09520123456788/10/ABC1/21/12345?17=180426",
            "10 ABC1 21 12345",
            "17 180426",
        ),
        ("https://id.gs1.org/01/09520123456788?3103=000195", "", "3103 000195"),
        (
            "https://example.com/01/09520123456788?3103=000195&3922=0299&17=201225",
            "",
            "3103 000195 3922 0299 17 201225",
        ),
        ("https://a/01/12312312312333/22/TEST/10/ABC/21/XYZ", "22 TEST 10 ABC 21 XYZ", ""),
        ("https://a/01/12312312312333/235/TEST", "235 TEST", ""),
        ("https://a/01/12312312312333?99=ABC&98=XYZ", "", "99 ABC 98 XYZ"),
        ("https://a/01/12312312312333?&&&99=ABC&&&&&&98=XYZ&&&", "", "99 ABC 98 XYZ"),
        ("https://a/01/12312312312333?99=ABC&unknown=666&98=XYZ", "", "99 ABC 98 XYZ"),
        ("https://a/01/12312312312333?singleton&99=ABC&98=XYZ", "", "99 ABC 98 XYZ"),
        (
            "https://a/01/12312312312333/22/ABC%2d123?99=ABC&98=XYZ%2f987",
            "22 ABC-123",
            "99 ABC 98 XYZ/987",
        ),
        ("https://a/01/12312312312333/22/ABC+123?99=ABC", "22 ABC+123", "99 ABC"),
        ("https://a/01/12312312312333/22/test/10/abc/21/xyz#", "22 test 10 abc 21 xyz", ""),
        ("https://a/01/12312312312333/10/abc?99=ABC#fragment", "10 abc", "99 ABC"),
        ("https://id.gs1.org/01/09520123456788/235/XYZ?10=ABC123", "235 XYZ", "10 ABC123"),
        ("HTTP://a/01/12312312312333?", "", ""),
        ("https://xn--fsq.xn--0zwm56d/01/12312312312333", "", ""),
        ("https://a./01/12312312312333", "", ""),
        ("https://a:65535/01/12312312312333", "", ""),
        ("https://192.0.2.1/01/12312312312333", "", ""),
        ("https://[2001:db8::1]/01/12312312312333", "", ""),
        ("https://a/01/faux/01/12312312312333", "", ""),  # the key furthest to the right counts
        ("https://a/01/12312312312333/10/01", "10 01", ""),  # a lot that is called 01
    ],
)
def test_the_standards_own_examples_are_read(text: str, qualifiers: str, attributes: str) -> None:
    link = digital_link.read(text)

    assert [word for pair in link.qualifiers for word in pair] == qualifiers.split()
    assert [word for pair in link.attributes for word in pair] == attributes.split()
    assert digital_link.read(digital_link.write(link)) == link


@pytest.mark.parametrize(
    ("text", "at", "why"),
    [  # `at` is what stands at the position of the mistake, to the end of the text
        ("", "", "begins with"),
        ("ftp://a/01/09520123456788", "ftp://a/01/09520123456788", "begins with"),
        ("http://", "", "a host"),
        ("http:///", "/", "a host"),
        ("http://a", "", "“/” has to follow"),
        ("http://a/", "", "are missing"),
        ("http://a/b", "", "are missing"),
        ("http://a/b?01=09520123456788", "?01=09520123456788", "are missing"),
        ("https://01/09520123456788", "", "are missing"),
        ("https://[fe80::1%25lo]/01/09520123456788", "[fe80::1%25lo]/01/09520123456788", "a host"),
        ("https://$a/01/09520123456788", "$a/01/09520123456788", "a host"),
        ("https://a$/01/09520123456788", "$/01/09520123456788", "“\\$” cannot stand in a host"),
        ("https://me@a/01/09520123456788", "@a/01/09520123456788", "“@” cannot stand"),
        ("https://a:65536/01/09520123456788", "65536/01/09520123456788", "no port"),
        ("https://a:0/01/09520123456788", "0/01/09520123456788", "no port"),
        ("https://a/01/9520123456788", "9520123456788", "14 digits here, not 13"),
        ("https://a/01/0952012345678A", "A", "“A” cannot stand in 01"),
        ("https://a/01/09520123456789", "9", "last digit should be 8"),
        ("https://a/01/09520123456788/", "/", "does not end in “/”"),
        ("https://a/01/09520123456788/10", "10", "without a value"),
        ("https://a/01/09520123456788/10/", "", "wants 1 characters here, not 0"),
        ("https://a/01/09520123456788/10/A/22/B", "22/B", "wrong place"),
        ("https://a/01/09520123456788/21/A/10/B", "10/B", "wrong place"),
        ("https://a/01/09520123456788/10/A/10/B", "10/B", "wrong place"),
        ("https://a/01/09520123456788/235/A/21/B", "21/B", "wrong place"),
        ("https://a/01/09520123456788/17/261231", "17/261231", "behind “\\?”"),
        ("https://a/01/09520123456788/89/ABC?99=XYZ", "89/ABC?99=XYZ", "does not qualify"),
        ("https://a/01/09520123456788/10/ABCDEFGHIJKLMNOPQRSTU", "U", "at most 20 characters"),
        ("https://a/01/09520123456788/10/AB%20C", "%20C", "“ ” cannot stand in 10"),
        ("https://a/01/09520123456788/10/AB C", " C", "percent-encoded"),
        ("https://a/01/09520123456788/10/AB%2", "%2", "percent-encoded"),
        ("https://a/01/09520123456788/10/é", "é", "percent-encoded"),
        ("https://a/01/09520123456788/10/A%C3%A9", "%C3%A9", "“%C3” cannot stand in 10"),
        ("https://a/01/09520123456788?10=ABC123", "10=ABC123", "belongs into the path"),
        ("https://a/01/09520123456788?235=A", "235=A", "belongs into the path"),
        ("https://a/01/09520123456788/22/A?21=B", "21=B", "belongs into the path"),
        ("https://a/01/09520123456788/235/A?21=B", "21=B", "cannot stand beside 235"),
        ("https://a/01/09520123456788?01=09520123456788", "01=09520123456788", "said twice"),
        ("https://a/01/09520123456788/10/A?10=A", "10=A", "said twice"),
        ("https://a/01/09520123456788?99=A&99=A", "99=A", "said twice"),
        ("https://a/01/09520123456788?99=", "", "wants 1 characters"),
        ("https://a/01/09520123456788?99", "", "wants 1 characters"),
        ("https://a/01/09520123456788?99=ABC&999=faux", "999=faux", "no application identifier"),
        ("https://a/01/09520123456788?3106=000195", "3106=000195", "no application identifier"),
        ("https://a/01/09520123456788?98=XYZ+987", "+987", "write %2B"),
        ("https://a/01/09520123456788?17=261301", "1301", "is no date"),
        ("https://a/01/09520123456788?17=260230", "30", "is no date"),
        ("https://a/01/09520123456788?7006=260200", "00", "is no date"),
        ("https://a/01/09520123456788?7003=2602282400", "2400", "is no time"),
        ("https://a/01/09520123456788?17=26123", "", "wants 6 characters here, not 5"),
        ("https://a/01/09520123456788?3922=299", "3922=299", "means nothing without 30 or 31"),
        (
            "https://a/01/09520123456788?3102=000195&3103=000195",
            "3102=000195&3103=000195",
            "cannot stand beside 3103",
        ),
        ("https://a/01/09520123456788?7004=1", "7004=1", "nothing without 10"),
        ("https://a/gtin/09520123456788", "gtin/09520123456788", "write 01"),
        ("https://a/01/09520123456788/lot/A", "lot/A", "write 10"),
        ("https://a/00/095201234567891235", "00/095201234567891235", "names a parcel"),
        ("https://a/414/9520123456788/254/A", "414/9520123456788/254/A", "names a place"),
        ("https://id.gs1.org/ARFKk4XB0CDKWcnpq", "ARFKk4XB0CDKWcnpq", "compressed"),
        ("https://a/01/09520123456788/DnMyq_cnpqARF", "DnMyq_cnpqARF", "compressed"),
        ("https://a/01/09520123456788?" + "x" * 2000, None, "at most 2000 characters"),
    ],
)
def test_a_wrong_address_is_refused_at_its_first_wrong_character(
    text: str, at: str | None, why: str
) -> None:
    with pytest.raises(BadDigitalLink, match=why) as refused:
        digital_link.read(text)

    if at is not None:
        assert text[refused.value.position :] == at
    assert str(refused.value).endswith(".")
    assert not digital_link.is_valid(text)


any_character = st.sampled_from(identifiers._CHARACTERS)
any_gtin = st.integers(0, 10**9 - 1).map(gtin.demo)


@st.composite
def any_value(draw, ai: str) -> str:
    if ai in ("11", "15", "17"):
        return draw(st.dates()).strftime("%y%m%d").replace("0229", "0228")
    (part, *_) = identifiers.named(ai).parts
    character = st.sampled_from("0123456789") if part.digits else any_character
    return draw(st.text(character, min_size=part.least, max_size=part.most))


@st.composite
def any_link(draw) -> DigitalLink:
    order = draw(st.sampled_from(digital_link.QUALIFIERS))
    said = [ai for ai in order if draw(st.booleans())]
    also = draw(
        st.lists(st.sampled_from(["11", "15", "17", "240", "30", "3103", "99"]), unique=True)
    )
    also += ["3922"] if "3103" in also else []
    return DigitalLink(
        gtin=draw(any_gtin),
        qualifiers=tuple((ai, draw(any_value(ai))) for ai in said),
        attributes=tuple((ai, draw(any_value(ai))) for ai in also),
        origin=draw(st.sampled_from(["https://id.gs1.org", "HTTP://SHOP.EXAMPLE:8000"])),
        stem=draw(st.sampled_from(["", "/KK56AR7", "/some/stem", "/01/x", "/x"])),
        extras=draw(st.sampled_from([(), ("linkType=all",), ("singleton", "w=1%2B")])),
    )


@given(any_link())
def test_what_is_written_is_read_back_whole(link: DigitalLink) -> None:
    assert digital_link.read(digital_link.write(link)) == link


@given(any_link())
def test_the_canonical_address_is_one_for_the_same_thing(link: DigitalLink) -> None:
    address = digital_link.canonical(link)

    assert address.startswith(f"https://id.gs1.org/01/{link.gtin}")
    assert digital_link.canonical(digital_link.read(address)) == address
    assert sorted(digital_link.read(address).attributes) == sorted(link.attributes)


@given(any_link(), st.integers(0, 80), st.characters())
def test_no_address_can_do_more_than_be_refused_in_one_sentence(
    link: DigitalLink, place: int, character: str
) -> None:
    text = digital_link.write(link)
    text = text[:place] + character + text[place + 1 :]

    refused = refusal(text)

    if refused is not None:
        assert 0 <= refused.position <= len(text)
        assert str(refused).endswith(".")


def refusal(text: str) -> BadDigitalLink | None:
    try:
        digital_link.read(text)
    except BadDigitalLink as refused:
        return refused
    return None


@given(st.text())
def test_any_text_is_an_address_or_refused(text: str) -> None:
    assert not digital_link.is_valid(text)


@pytest.mark.parametrize(
    "link",
    [
        DigitalLink(MILK, stem="KK56AR7"),
        DigitalLink(MILK, stem="/a?b"),
        DigitalLink(MILK, stem="/a#b"),
        DigitalLink(MILK, origin="https://a/01"),
        DigitalLink(MILK, extras=("a&b",)),
        DigitalLink(MILK, extras=("17=261231",)),
        DigitalLink(MILK, qualifiers=(("21", "A"), ("10", "B"))),
        DigitalLink(MILK, qualifiers=(("10", "한"),)),
        DigitalLink(MILK, qualifiers=(("10", "\ud800"),)),
        DigitalLink(MILK, attributes=(("17", "261399"),)),
        DigitalLink(MILK, attributes=(("linkType", "all"),)),
    ],
)
def test_what_could_not_be_read_back_is_never_written(link: DigitalLink) -> None:
    with pytest.raises(BadDigitalLink):
        digital_link.write(link)


def test_every_identifier_in_the_table_takes_some_value_and_refuses_a_longer_one() -> None:
    for identifier in identifiers._table().values():
        longest = "".join("0" * part.most for part in identifier.parts)
        checked = any(part.check for part in identifier.parts)

        assert checked or identifiers.fault(identifier, longest) is None
        assert identifiers.fault(identifier, longest + "0") is not None
        assert identifiers.fault(identifier, "") is not None
