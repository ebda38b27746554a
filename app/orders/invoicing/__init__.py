"""Papers for the tax office: an invoice when goods were handed over, a credit note for what is paid
back afterwards. Their numbers have no gaps, per seller and year."""

from app.orders.invoicing.actions import as_pdf, credit, invoice, seller_of
from app.orders.invoicing.queries import documents_of, save_entity

__all__ = ["as_pdf", "credit", "documents_of", "invoice", "save_entity", "seller_of"]
