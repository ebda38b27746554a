-- While a hot product is reserved everybody waits for the row of its level, so a reservation keeps up
-- only those indexes somebody needs as long as it is a mere reservation.

SET LOCAL lock_timeout = '5s';

-- Of what is merely held there is never much: it ends after minutes. Who wants one holder's looks
-- through all of it (holds_running_out), and through the rest by this.
DROP INDEX stock.holds_by_holder;
CREATE INDEX holds_by_holder ON stock.holds (holder) WHERE state <> 'held';

-- Who counts shelves looks through what is promised now, not through the lines of all times: those of
-- holds that ran out were never picked either, and stayed in this index for ever.
DROP INDEX stock.hold_lines_to_pick;
CREATE INDEX holds_to_pick ON stock.holds (id) WHERE state = 'confirmed';

-- Events are written as they happen; which pages are of a day is all there is to know.
DROP INDEX jobs.events_by_time;
CREATE INDEX events_by_time ON jobs.events USING brin (at) WITH (pages_per_range = 32);
