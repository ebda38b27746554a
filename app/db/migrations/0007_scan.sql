-- How often a label is looked at and added from, by the hour. No person, no phone, no basket.

CREATE SCHEMA scan;

CREATE TABLE scan.counts (
    label  text NOT NULL,
    hour   timestamptz NOT NULL CONSTRAINT hours_are_whole CHECK (hour = date_trunc('hour', hour, 'UTC')),
    opens  bigint NOT NULL DEFAULT 0 CONSTRAINT opens_are_counted CHECK (opens >= 0),
    adds   bigint NOT NULL DEFAULT 0 CONSTRAINT adds_are_counted CHECK (adds >= 0),
    PRIMARY KEY (label, hour)
);
COMMENT ON TABLE scan.counts IS 'Sums only, so that nobody can be followed from wall to wall.';
