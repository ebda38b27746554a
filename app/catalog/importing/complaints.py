"""Every sentence an import can say, in one place so that each is translated once."""

from collections.abc import Mapping
from types import MappingProxyType

from app.catalog.models import Level


def N_(sentence: str) -> str:
    return sentence


def quoted(value: object) -> str:
    """As it can be shown and kept: what a stranger wrote may hold characters that no page and no
    database takes."""
    text = str(value)
    if text.isprintable():
        return text
    return "".join(one if one.isprintable() else "�" for one in text)


class Unreadable(Exception):
    """A cell, or a whole file, that cannot be understood: the sentence says why."""

    def __init__(self, sentence: str, **values: object) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.values = values


# The file as a whole.
NOT_UTF8 = N_(
    "This file is not UTF-8 text. In your spreadsheet choose “CSV UTF-8” when you save it."
)
NO_ROOM = N_(
    "There was no room left on the disk for this file. Nothing was imported; have room made, then "
    "upload it again."
)
NOT_A_TABLE = N_("This is neither a CSV file nor an XLSX spreadsheet.")
EMPTY = N_("There is nothing in this file.")
BROKEN_CSV = N_(
    "The text cannot be split into cells here: a quotation mark is not closed, or a cell is far too long."
)
BROKEN_XLSX = N_("This spreadsheet is damaged and cannot be opened.")
TOO_MUCH_INSIDE = N_("This spreadsheet unpacks to more than {most} MB, which is more than we take.")
TOO_MANY_ROWS = N_("This file has more than {most} rows. Please split it.")
TOO_MANY_COLUMNS = N_("This file has more than {most} columns.")
NO_GTIN_COLUMN = N_(
    "A column “gtin” with the product number is needed. The first row must hold the names of the columns."
)
NO_OTHER_COLUMN = N_("Beside “gtin” there is no column we know, so nothing would change.")
COLUMN_TWICE = N_("The column “{column}” is there twice.")
UNKNOWN_COLUMN = N_("The column “{column}” is not known and is left out.")
ALMOST_COLUMN = N_("The column “{column}” is not known and is left out. Did you mean “{known}”?")
CONTENT_NEEDS_UNIT = N_("“content” and “unit” belong together: the file has only one of them.")

# One cell.
MISSING = N_("This must not be empty.")
TOO_LONG = N_("This has {length} characters; at most {most} fit.")
CONTROL = N_("There is a character in this cell that cannot be printed.")
ONE_LINE = N_("This must be on one line.")
NOT_A_NUMBER = N_("“{text}” is not a number.")
NOT_WHOLE = N_("“{text}” is not a whole number.")
UNCLEAR_NUMBER = N_("“{text}” can be read in two ways. Please write it like 1299,00 or 1299.00.")
NEGATIVE = N_("This must not be below zero.")
TOO_LARGE = N_("“{text}” is too large; the most is {most}.")
TOO_SMALL = N_("“{text}” is too small; the least is {least}.")
TOO_FINE = N_("“{text}” is finer than {currency} knows.")
NOT_ONE_OF = N_("“{text}” is not one of: {known}.")
NOT_A_CURRENCY = N_("“{text}” is not a currency like EUR.")
NOT_A_PICTURE = N_("“{text}” is not the name of a picture: 64 characters of 0 to 9 and a to f.")
NOT_FOR_PRODUCTS = N_("{gtin} is a number for coupons or refunds, not for a product.")
ROUNDED_GTIN = N_(
    "“{text}” was rounded by the spreadsheet. Format the column as text and type the number again."
)
ZEROS_ADDED = N_("The spreadsheet left out zeros in front; it is read as {gtin}.")
RESTRICTED = N_(
    "{gtin} is a number for use inside one shop only; elsewhere it means something else."
)
NOT_OF_THE_SCALE = N_(
    "“{text}” is no number of the scale: it has seven digits, and the first is a 2."
)
TOO_MANY_CODES = N_("A product can have at most {most} codes.")

# Rows beside each other, and beside what is in the catalogue.
SAME_GTIN = N_("Row {other} has the same product number.")
SAME_CODE = N_("The code {code} is also used in row {other}.")
CODE_TAKEN = N_("The code {code} belongs to another product, {gtin}.")
NEW_NEEDS = N_("This product is new, so this must be filled in.")
NEEDS_A_NAME = N_("A product needs a name in at least one language.")
WORDS_WITHOUT_NAME = N_(
    "There is a description or a list of ingredients here, but no name in this language."
)
NO_SUCH_PICTURE = N_("There is no picture of that name in the shop.")
WEIGHED_IN_GRAMS = N_(
    "What is sold by weight has its content in grams: what one weighs, as it is ordered."
)
SCALE_WITHOUT_WEIGHT = N_("Only what is sold by weight has a number of the scale.")
SCALE_TAKEN = N_("The number {number} of the scale belongs to another product, {gtin}.")
SAME_SCALE = N_("The number {number} of the scale is also used in row {other}.")
TWO_NAMES = N_("The category “{category}” has two names in this file: “{one}” and “{other}”.")

LEVELS: Mapping[str, Level] = MappingProxyType(
    {
        UNKNOWN_COLUMN: "notice",
        ALMOST_COLUMN: "notice",
        ZEROS_ADDED: "notice",
        RESTRICTED: "notice",
    }
)
