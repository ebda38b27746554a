-- Where doors are, learned from where parcels were handed over.

SET LOCAL lock_timeout = '5s';

CREATE TABLE slots.doors (
    door       bytea NOT NULL CONSTRAINT door_is_a_sha256 CHECK (length(door) = 32),
    stop_id    uuid NOT NULL,
    latitude   double precision NOT NULL CONSTRAINT latitude_on_earth CHECK (latitude BETWEEN -90 AND 90),
    longitude  double precision NOT NULL CONSTRAINT longitude_on_earth CHECK (longitude BETWEEN -180 AND 180),
    seen_at    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (door, stop_id)
);
COMMENT ON TABLE slots.doors IS 'Positions of drivers at delivered stops. Two that agree make a pin.';
COMMENT ON COLUMN slots.doors.door IS 'SHA-256 of country, postcode and house number: the table is no list of addresses, and knows nobody.';
