"""Which links a product number leads to, and how they are told (RFC 9264).

GS1-Conformant Resolver Standard 1.2; link types are those of the GS1 Web Vocabulary.
"""

from collections.abc import Mapping, Sequence

from app.catalog.models import Product
from app.languages import Language, translate
from app.scan.models import Code, Linkset, Target
from qr_walls import digital_link
from qr_walls import gtin as gtins
from qr_walls.digital_link import DigitalLink

VOCABULARY = "https://ref.gs1.org/voc/"
OLD_VOCABULARY = "https://gs1.org/voc/"
PREFIX = "gs1:"
LINKSET = "linkset"
MEDIA_TYPE = "application/linkset+json"
CONTEXT = "https://ref.gs1.org/standards/resolver/linkset-context"
NOT_FOR_THE_WORLD = ("restricted", "coupon", "refund")
"""Kinds of numbers that mean something else in every shop."""


def wanted(link_type: str, accept: str) -> str:
    """The link type asked for, without its prefix; `linkset` for all; empty for the page."""
    if not link_type:
        return LINKSET if _accepts_linkset(accept) else ""
    for prefix in (PREFIX, VOCABULARY, OLD_VOCABULARY):
        link_type = link_type.removeprefix(prefix)
    return LINKSET if link_type == "all" else link_type


def targets(
    product: Product, code: Code, base_url: str, languages: Sequence[str], language: Language
) -> dict[str, Target]:
    """Link type → where it leads. What the catalogue does not know of a product is left out."""
    page, data = f"{base_url}/products/{product.id}", f"{base_url}/api/v1/products/{product.id}"

    def said_on(address: str, sentence: str) -> Target:
        title = f"{product.name} · {translate(language, sentence)}"
        return Target(href=address, title=title, type="text/html", hreflang=list(languages))

    found = {
        "defaultLink": said_on(f"{base_url}{address(code)}", "Add to basket"),
        "pip": said_on(page, "Product information"),
        "allergenInfo": said_on(page, "Allergens"),
        "masterData": Target(href=data, title=product.name, type="application/json"),
    }
    if product.ingredients:
        found["ingredientsInfo"] = said_on(page, "Ingredients")
    if product.nutrition:
        found["nutritionalInfo"] = said_on(page, "Nutrition")
    return found


def linkset(found: Mapping[str, Target], product: Product, gtin: str, base_url: str) -> Linkset:
    """All links of one number, anchored at its address without a label."""
    links: dict[str, str | list[Target]] = {
        "anchor": f"{base_url}{address(Code(gtin=gtin))}",
        "description": product.name,
    }
    return Linkset([links | {f"{VOCABULARY}{name}": [target] for name, target in found.items()}])


def link_header(code: Code, same: DigitalLink, base_url: str) -> str:
    """Where the linkset is, and what names the same thing in the whole world, if anything does."""
    links = [f'<{base_url}{address(code)}?linkType={LINKSET}>; rel="linkset"; type="{MEDIA_TYPE}"']
    if gtins.is_valid(same.gtin) and gtins.kind(same.gtin) not in NOT_FOR_THE_WORLD:
        links.append(f'<{digital_link.canonical(same)}>; rel="owl:sameAs"')
    return ", ".join(links)


def address(code: Code) -> str:
    return f"/{code.label}/01/{code.gtin}" if code.label else f"/01/{code.gtin}"


def passed_on(target: str, query: str) -> str:
    """The target with what else was asked, as resolvers hand it on."""
    rest = "&".join(part for part in query.split("&") if part.partition("=")[0] != "linkType")
    return f"{target}?{rest}" if rest else target


def _accepts_linkset(accept: str) -> bool:
    for offered in accept.lower().split(","):
        media_type, *parameters = (part.strip() for part in offered.split(";"))
        if media_type == MEDIA_TYPE:
            return not any(part in ("q=0", "q=0.0") for part in parameters)
    return False
