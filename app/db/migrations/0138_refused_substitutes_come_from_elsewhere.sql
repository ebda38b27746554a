-- What a shopper does not want replaced may be at another place after all.

SET LOCAL lock_timeout = '5s';

ALTER TABLE fulfilment.substitutes
    ADD COLUMN elsewhere integer NOT NULL DEFAULT 0
        CONSTRAINT only_what_was_refused_comes_from_elsewhere
        CHECK (elsewhere BETWEEN 0 AND quantity AND (elsewhere = 0 OR state = 'refused'));
COMMENT ON COLUMN fulfilment.substitutes.elsewhere IS
    'Of what was to be replaced and was not, another place sends so many.';
