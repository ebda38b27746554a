-- Who put up a price list stands on it; now also who ended it, and when.

SET LOCAL lock_timeout = '5s';

ALTER TABLE pricing.lists
    ADD COLUMN ended_by uuid,
    ADD COLUMN ended_at timestamptz;
CREATE INDEX lists_by_start ON pricing.lists (lower(runs));
