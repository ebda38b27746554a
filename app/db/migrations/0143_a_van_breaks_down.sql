-- What nobody can bring after a van broke down waits for its shopper's choice, like what nobody took.

SET LOCAL lock_timeout = '5s';

ALTER TABLE fulfilment.stops
    DROP CONSTRAINT known_reason,
    ADD CONSTRAINT known_reason
    CHECK (reason IN ('not-home', 'refused', 'address', 'damaged', 'access', 'age', 'breakdown'));
