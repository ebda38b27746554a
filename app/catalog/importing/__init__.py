"""Files of products: read as rows (`tables`), understood cell by cell (`cells`, `columns`), staged
and checked beside the catalogue, and taken over all at once (`actions`)."""
