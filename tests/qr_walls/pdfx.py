"""What ISO 15930-7 (PDF/X-4) asks of a file, as far as it can be seen in its structure.

There is no open validator of PDF/X. These are the standard's rules that a poster could break; they
are no certificate.
"""

import struct
from collections.abc import Iterator
from io import BytesIO

import pikepdf
from pikepdf import Dictionary, Name, Object, Page, Pdf

_METADATA = ("xmp:CreateDate", "xmp:ModifyDate", "xmp:MetadataDate", "xmpMM:DocumentID",
             "xmpMM:VersionID", "xmpMM:RenditionClass", "dc:title")  # fmt: skip
_FORBIDDEN = ("/AA", "/AcroForm", "/JavaScript", "/OpenAction", "/EmbeddedFiles", "/XFA")
_DEVICE = {"rg": "RGB", "RG": "RGB", "g": "Gray", "G": "Gray", "k": "CMYK", "K": "CMYK"}


def faults(pdf: bytes) -> list[str]:
    """Every rule that the file breaks, as a sentence; none where none is seen to be broken."""
    with pikepdf.open(BytesIO(pdf)) as file:
        return [
            *file.check_pdf_syntax(),
            *_file(file),
            *_said(file),
            *_intent(file),
            *(fault for page in file.pages for fault in _page(page)),
        ]


def _file(file: Pdf) -> Iterator[str]:
    if file.is_encrypted:
        yield "It is encrypted."
    if float(file.pdf_version) > 1.6:
        yield f"It is PDF {file.pdf_version}, and 1.6 is the newest allowed."
    if len(file.trailer.get("/ID", [])) != 2:
        yield "It has no ID."
    for key in _FORBIDDEN:
        if key in file.Root or key in file.Root.get("/Names", Dictionary()):
            yield f"Its catalogue has {key}."
    for thing in file.objects:
        if isinstance(thing, pikepdf.Stream) and "/LZWDecode" in repr(thing.get("/Filter")):
            yield "It is packed with LZW."


def _said(file: Pdf) -> Iterator[str]:
    info = file.docinfo
    with file.open_metadata() as xmp:
        if xmp.get("pdfxid:GTS_PDFXVersion") != "PDF/X-4":
            yield "Its metadata does not say that it is PDF/X-4."
        for key in _METADATA:
            if not xmp.get(key):
                yield f"Its metadata has no {key}."
        if str(info.get("/Trapped")) not in ("/True", "/False"):
            yield "Nobody says whether it is trapped."
        if f"/{xmp.get('pdf:Trapped')}" != str(info.get("/Trapped")):
            yield "It says two things of being trapped."
        if xmp.get("dc:title") != str(info.get("/Title")):
            yield "It has two titles."
        for old, new in (("/CreationDate", "xmp:CreateDate"), ("/ModDate", "xmp:ModifyDate")):
            digits = "".join(filter(str.isdigit, str(info.get(old))))[:14]
            if digits != "".join(filter(str.isdigit, str(xmp.get(new))))[:14]:
                yield f"{old} and {new} differ."
    if "/Filter" in file.Root.Metadata:
        yield "Its metadata is packed."


def _intent(file: Pdf) -> Iterator[str]:
    intents = [one for one in file.Root.get("/OutputIntents", []) if one.S == Name.GTS_PDFX]
    if len(intents) != 1:
        yield f"It has {len(intents)} output intents."
        return
    (intent,) = intents
    if not str(intent.get("/OutputConditionIdentifier", "")):
        yield "Its output intent has no name."
    profile = intent.get("/DestOutputProfile")
    if profile is None:
        yield "It has no profile of a press."
        return
    body = profile.read_bytes()
    if body[12:16] != b"prtr" or body[16:20] != b"CMYK" or profile.N != 4:
        yield "Its profile is not that of a press with four inks."
    if struct.unpack(">I", body[:4])[0] != len(body):
        yield "Its profile is not whole."


def _page(page: Page) -> Iterator[str]:
    if "/ArtBox" in page.obj or "/TrimBox" not in page.obj:
        yield "A page needs a TrimBox and no ArtBox."
    media, bleed, trim = (
        [float(side) for side in page.obj[key]] for key in ("/MediaBox", "/BleedBox", "/TrimBox")
    )
    if not (_within(trim, bleed) and _within(bleed, media)):
        yield "The boxes of a page do not lie within each other."
    if "/Annots" in page.obj or "/AA" in page.obj:
        yield "A page has notes or acts."
    group = page.obj.get("/Group")
    if group is not None and group.get("/CS") not in (None, Name.DeviceCMYK):
        yield f"A page is mixed in {group.CS}."
    yield from _content(page.obj, page.Resources)


def _within(inner: list[float], outer: list[float]) -> bool:
    little = 0.01
    return all(one >= other - little for one, other in zip(inner[:2], outer[:2], strict=True)) and (
        all(one <= other + little for one, other in zip(inner[2:], outer[2:], strict=True))
    )


def _content(content: Object, resources: Object) -> Iterator[str]:
    spaces = resources.get("/ColorSpace", Dictionary())
    for name, space in spaces.items():
        if name == "/DefaultRGB" and not _of_a_profile(space):
            yield "Its RGB is of no profile."
    used = {_DEVICE.get(str(step.operator)) for step in pikepdf.parse_content_stream(content)}
    if "RGB" in used and "/DefaultRGB" not in spaces:
        yield "It paints in the RGB of an unknown device."
    for state in resources.get("/ExtGState", Dictionary()).values():
        if {"/TR", "/TR2", "/HTP"} & set(state.keys()):
            yield "A state has a transfer curve."
    for shade in resources.get("/Shading", Dictionary()).values():
        if not _of_a_profile(shade.ColorSpace):
            yield "A shade is of no profile."
    for font in resources.get("/Font", Dictionary()).values():
        yield from _font(font)
    for thing in resources.get("/XObject", Dictionary()).values():
        yield from _thing(thing)


def _thing(thing: Object) -> Iterator[str]:
    if thing.Subtype == Name.PS or "/OPI" in thing or "/Alternates" in thing:
        yield "It holds PostScript, or a picture that lies elsewhere."
    if thing.Subtype == Name.Image and thing.get("/ColorSpace") == Name.DeviceRGB:
        yield "A picture is in the RGB of an unknown device."
    if thing.Subtype == Name.Form:
        yield from _content(thing, thing.get("/Resources", Dictionary()))


def _of_a_profile(space: Object) -> bool:
    if isinstance(space, pikepdf.Array):
        return space[0] in (Name.ICCBased, Name.Separation)
    return space == Name.DeviceCMYK  # that of the output intent


def _font(font: Object) -> Iterator[str]:
    inner = font.DescendantFonts[0] if "/DescendantFonts" in font else font
    about = inner.get("/FontDescriptor", Dictionary())
    if not {"/FontFile", "/FontFile2", "/FontFile3"} & set(about.keys()):
        yield f"{font.get('/BaseFont')} is not embedded."
