-- A van that was loaded may not leave: its totes stand in the shop again, and another one takes them.

SET LOCAL lock_timeout = '5s';

-- What was cold and went back into the cold room does not get its time again when it is loaded anew.
ALTER TABLE fulfilment.parcels
    ADD COLUMN stood_s integer NOT NULL DEFAULT 0,
    ADD CONSTRAINT time_out_of_the_cold_counts_up CHECK (stood_s >= 0);

COMMENT ON COLUMN fulfilment.parcels.stood_s IS 'Seconds it was out of the cold room before it was taken back there.';

-- What was where when it broke down, so that it can be taken back until something is loaded again.
CREATE TABLE fulfilment.breakdowns (
    id uuid PRIMARY KEY,
    run_id uuid NOT NULL REFERENCES fulfilment.runs,
    was jsonb NOT NULL,
    stranded boolean NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    undone_at timestamptz
);

CREATE INDEX breakdowns_of_run ON fulfilment.breakdowns (run_id);
