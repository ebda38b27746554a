-- Where a door is and how long it takes there is learned from what is delivered, or said by a dispatcher.

SET LOCAL lock_timeout = '5s';

ALTER TABLE slots.doors
    ADD COLUMN said boolean DEFAULT false NOT NULL;
COMMENT ON COLUMN slots.doors.said IS 'By a dispatcher: it counts alone, until the next one.';
COMMENT ON TABLE slots.doors IS 'Positions of drivers at delivered stops. Two that agree make a pin. Kept for two years.';

CREATE TABLE slots.door_times (
    door bytea NOT NULL CONSTRAINT door_is_a_sha256 CHECK (length(door) = 32),
    stop_id uuid NOT NULL,
    seconds integer NOT NULL CONSTRAINT nobody_stays_for_an_hour CHECK (seconds BETWEEN 30 AND 3600),
    seen_at timestamptz DEFAULT now() NOT NULL,
    PRIMARY KEY (door, stop_id)
);
COMMENT ON TABLE slots.door_times IS 'How long deliveries took at a door. Three make a rule. Kept for two years.';

CREATE INDEX doors_by_age ON slots.doors (seen_at);
CREATE INDEX door_times_by_age ON slots.door_times (seen_at);

ALTER TABLE fulfilment.stops
    ADD COLUMN at_the_door_s integer DEFAULT 240 NOT NULL
    CONSTRAINT doors_take_a_while CHECK (at_the_door_s BETWEEN 30 AND 3600);
COMMENT ON COLUMN fulfilment.stops.at_the_door_s IS 'How long it is expected to take there.';
