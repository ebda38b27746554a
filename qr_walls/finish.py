"""What a print shop looks for in a PDF before it looks at the poster.

Page boxes, output intent, colours that say what they are, the state that lets black codes print
over what lies below, and metadata after PDF/X-4 (ISO 15930-7). The file claims to be PDF/X-4 only
with the press's own profile in it. It is built after the standard's rules; no validator has
certified it, and the print shop's own preflight has the last word.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from io import BytesIO

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String

from qr_walls.display import Page
from qr_walls.inks import QUALITY, Inks
from qr_walls.press import Press, profile_name

PRODUCER = "Perron qr_walls"
OVERPRINT = "Over"  # the name of the state in which codes are printed
EVERY_PLATE = "All"  # and of the colour of registration marks
DEFAULT_CONDITION = "FOGRA51"  # offset on coated paper, ISO 12647-2:2013
_POINTS_PER_MM = 72 / 25.4
_SPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "pdf": "http://ns.adobe.com/pdf/1.3/",
    "pdfxid": "http://www.npes.org/pdfx/ns/id/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "xmpMM": "http://ns.adobe.com/xap/1.0/mm/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
}


def finish(
    plain: bytes,
    pages: Sequence[Page],
    shades: Mapping[tuple[str, str], str],
    opacities: Mapping[float, str],
    press: Press,
    title: str,
    created_at: datetime,
) -> bytes:
    """``plain`` with all that is named above. The same bytes for the same arguments."""
    with pikepdf.open(BytesIO(plain)) as pdf:
        screen, inks = _screen_colours(pdf), Inks(press.icc) if press.icc else None
        resources = _resources(pdf, shades, opacities, screen, press)
        for page, drawn in zip(pdf.pages, pages, strict=True):
            _box(page, drawn, press.scale)
            for picture in page.Resources.get("/XObject", Dictionary()).values():
                if isinstance(picture, Stream):
                    _say_what_it_is(picture, screen, inks)
            if "/Group" in page.obj:
                page.obj.Group.CS = Name.DeviceCMYK  # what is see-through is mixed in inks
            for kind, entries in resources.items():
                shared = page.Resources.get(kind, Dictionary())
                shared.update(entries)
                page.Resources[kind] = shared
        _say(pdf, press, title, created_at)
        return saved(pdf)


def _box(page: pikepdf.Page, drawn: Page, scale: int) -> None:
    """Trim and bleed within the paper (ISO 32000-1, 14.11.2)."""
    _, _, width, height = (float(side) for side in page.mediabox)

    def within(by_mm: float) -> Array:
        by = by_mm * _POINTS_PER_MM / scale
        return Array([round(side, 4) for side in (by, by, width - by, height - by)])

    page.obj.TrimBox = within(drawn.around)
    page.obj.BleedBox = within(drawn.around - drawn.bleed)


def _say_what_it_is(picture: Stream, screen: pikepdf.Object, inks: Inks | None) -> None:
    """A picture becomes inks, or says that it is sRGB. Each stands in the file once."""
    if picture.get("/ColorSpace") != Name.DeviceRGB:
        return
    if inks is None:
        picture.ColorSpace = screen
        return
    separated = inks.picture(pikepdf.PdfImage(picture).as_pil_image().convert("RGB"))
    picture.ColorSpace = Name.DeviceCMYK
    if picture.Filter == Name.DCTDecode:
        file = BytesIO()
        separated.save(file, "JPEG", quality=QUALITY, subsampling=0)
        picture.write(file.getvalue(), filter=Name.DCTDecode)
        picture.Decode = Array([1, 0] * 4)  # Pillow writes CMYK as Photoshop does: 255 is no ink
    else:
        picture.write(separated.tobytes())
        if "/DecodeParms" in picture:
            del picture["/DecodeParms"]


def _resources(
    pdf: Pdf,
    shades: Mapping[tuple[str, str], str],
    opacities: Mapping[float, str],
    screen: pikepdf.Object,
    press: Press,
) -> dict[str, Dictionary]:
    """One object each for the whole file."""
    states = {
        f"/{name}": pdf.make_indirect(Dictionary(Type=Name.ExtGState, ca=opacity))
        for opacity, name in opacities.items()
    }
    # Only inks that a code has: white paper below it must not be left to shine through it.
    states[f"/{OVERPRINT}"] = pdf.make_indirect(
        Dictionary(Type=Name.ExtGState, OP=True, op=True, OPM=1)
    )
    return {
        "/ExtGState": Dictionary(states),
        "/Shading": Dictionary(
            {f"/{name}": _shade(pdf, screen, press, *ends) for ends, name in shades.items()}
        ),
        "/ColorSpace": Dictionary(
            ({} if press.icc else {"/DefaultRGB": screen})
            | ({f"/{EVERY_PLATE}": _every_plate(pdf)} if press.marks else {})
        ),
    }


def _every_plate(pdf: Pdf) -> pikepdf.Object:
    """Prints on every plate a press has, of inks of its own too (ISO 32000-1, 8.6.6.4)."""
    inks = Dictionary(FunctionType=2, Domain=[0, 1], C0=[0, 0, 0, 0], C1=[1, 1, 1, 1], N=1)
    return pdf.make_indirect(Array([Name.Separation, Name.All, Name.DeviceCMYK, inks]))


def _shade(pdf: Pdf, screen: pikepdf.Object, press: Press, top: str, bottom: str) -> pikepdf.Object:
    """From one colour to another over a square of side 1 (ISO 32000-1, 8.7.4.5.3)."""
    ends = [_rgb(top), _rgb(bottom)]
    if press.icc is not None:
        screen, inks = Name.DeviceCMYK, Inks(press.icc)
        ends = [Array(list(inks.ink(colour))) for colour in (top, bottom)]
    between = Dictionary(FunctionType=2, Domain=[0, 1], C0=ends[0], C1=ends[1], N=1)
    return pdf.make_indirect(
        Dictionary(ShadingType=2, ColorSpace=screen, Coords=[0, 0, 0, 1], Function=between)
    )


def _rgb(colour: str) -> Array:
    return Array([round(int(colour[place : place + 2], 16) / 255, 4) for place in (1, 3, 5)])


def _screen_colours(pdf: Pdf) -> pikepdf.Object:
    """What is not ink is sRGB, and says so: PDF/X-4 knows no RGB of an unknown device."""
    return pdf.make_indirect(
        Array(
            [Name.ICCBased, pdf.make_indirect(Stream(pdf, _srgb(), N=3, Alternate=Name.DeviceRGB))]
        )
    )


@cache
def _srgb() -> bytes:
    from PIL import ImageCms

    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile[24:36] = bytes(12)  # when it was made, which is now, and no two files would be alike
    profile[84:100] = bytes(16)  # and the checksum over it
    return bytes(profile)


def _say(pdf: Pdf, press: Press, title: str, created_at: datetime) -> None:
    for key in ("/OpenAction", "/PageLayout"):  # how a viewer shows it is no printer's business
        if key in pdf.Root:
            del pdf.Root[key]
    pdf.Root.OutputIntents = Array([_intent(pdf, press)])
    pdf.docinfo[Name.Trapped] = Name("/False")
    pdf.docinfo[Name.ModDate] = pdf.docinfo[Name.CreationDate]
    if press.scale != 1:
        pdf.docinfo[Name("/Scale")] = String(f"1:{press.scale}")
    if press.icc is not None:
        pdf.docinfo[Name.GTS_PDFXVersion] = String("PDF/X-4")
    pdf.Root.Metadata = Stream(
        pdf, _metadata(press, title, created_at), Type=Name.Metadata, Subtype=Name.XML
    )


def _intent(pdf: Pdf, press: Press) -> Dictionary:
    """For which press the colours are meant (ISO 32000-1, 14.11.5)."""
    intent = Dictionary(
        Type=Name.OutputIntent,
        S=Name.GTS_PDFX,
        RegistryName=String("http://www.color.org"),
        OutputConditionIdentifier=String(press.condition or DEFAULT_CONDITION),
    )
    if press.icc is not None:
        name = profile_name(press.icc)
        intent.OutputConditionIdentifier = String(press.condition or name or "Custom")
        intent.Info = String(name)
        intent.DestOutputProfile = pdf.make_indirect(
            Stream(pdf, press.icc, N=4, Alternate=Name.DeviceCMYK)
        )
    return pdf.make_indirect(intent)


def _metadata(press: Press, title: str, created_at: datetime) -> bytes:
    from uuid import NAMESPACE_URL, uuid5

    when = created_at.astimezone(UTC).isoformat(timespec="seconds")
    id = uuid5(NAMESPACE_URL, f"{title} {when}")
    claim = "<pdfxid:GTS_PDFXVersion>PDF/X-4</pdfxid:GTS_PDFXVersion>" if press.icc else ""
    spaces = " ".join(f'xmlns:{name}="{space}"' for name, space in _SPACES.items() if name != "rdf")
    return f"""<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="{_SPACES["rdf"]}">
<rdf:Description rdf:about="" {spaces}>
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{_plain(title)}</rdf:li></rdf:Alt></dc:title>
<pdf:Producer>{PRODUCER}</pdf:Producer><pdf:Trapped>False</pdf:Trapped>{claim}
<xmp:CreateDate>{when}</xmp:CreateDate><xmp:ModifyDate>{when}</xmp:ModifyDate>
<xmp:MetadataDate>{when}</xmp:MetadataDate>
<xmpMM:DocumentID>uuid:{id}</xmpMM:DocumentID><xmpMM:VersionID>1</xmpMM:VersionID>
<xmpMM:RenditionClass>default</xmpMM:RenditionClass>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>""".encode()


def _plain(text: str) -> str:
    from xml.sax.saxutils import escape

    return escape("".join(character for character in text if character.isprintable()))


def saved(pdf: Pdf) -> bytes:
    """The file, packed; the same bytes for the same content."""
    file = BytesIO()
    pdf.save(
        file,
        min_version="1.6",
        compress_streams=True,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
        deterministic_id=True,
    )
    return file.getvalue()
