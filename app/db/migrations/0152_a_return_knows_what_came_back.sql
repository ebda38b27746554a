-- What came instead of what was ordered may come back too: a line of a return says which product it is.

SET LOCAL lock_timeout = '5s';

ALTER TABLE returns.lines
    ADD COLUMN instead_gtin text,
    ADD COLUMN booked_as uuid,
    DROP CONSTRAINT lines_pkey,
    ADD CONSTRAINT lines_pkey PRIMARY KEY (return_id, line_no, product_id);
COMMENT ON COLUMN returns.lines.product_id IS 'What came back.';
COMMENT ON COLUMN returns.lines.instead_gtin IS
    'Its number, where it was brought instead of what was ordered.';
COMMENT ON COLUMN returns.lines.booked_as IS
    'The product stock has counted it as, where that was another one: so it was before a return knew what came back.';

CREATE INDEX refunds_by_refund ON returns.refunds (refund_id);
COMMENT ON INDEX returns.refunds_by_refund IS 'For which goods money goes back, on its credit note.';
