"""What is sold: products, their codes, their words and every price they had.

Files of products come in by `load` (all at once) or by `upload`, `check` and `apply` (with a person
looking in between), and the last import can be taken back by `undo`. `as_csv` and `as_xlsx` give
the catalogue as a file that `load` takes.
"""

from app.catalog.exporting import as_csv, as_xlsx, cells_of
from app.catalog.importing.actions import Report, apply, change, load, undo, upload, want
from app.catalog.importing.cells import mask
from app.catalog.importing.columns import COLUMNS
from app.catalog.importing.complaints import SCALE_TAKEN
from app.catalog.models import Category, Change, Complaint, Import, Product, UnitPrice
from app.catalog.queries.imports import changes, complaints, newest, undoable
from app.catalog.queries.imports import find as import_of
from app.catalog.queries.reading import (
    by_code,
    categories,
    category_names,
    ids_after,
    ids_by_codes,
    names_by_code,
    price_history,
    product,
    products,
)
from app.catalog.queries.stopping import stop
from app.catalog.rules import unit_price

__all__ = [
    "COLUMNS",
    "SCALE_TAKEN",
    "Category",
    "Change",
    "Complaint",
    "Import",
    "Product",
    "Report",
    "UnitPrice",
    "apply",
    "as_csv",
    "as_xlsx",
    "by_code",
    "categories",
    "category_names",
    "cells_of",
    "change",
    "changes",
    "complaints",
    "ids_after",
    "ids_by_codes",
    "import_of",
    "load",
    "mask",
    "names_by_code",
    "newest",
    "price_history",
    "product",
    "products",
    "stop",
    "undo",
    "undoable",
    "unit_price",
    "upload",
    "want",
]
