-- How long the streets around a place are and how fast its vans get along, as measured.

SET LOCAL lock_timeout = '5s';

CREATE TABLE slots.roads (
    place_id     uuid PRIMARY KEY REFERENCES stock.places,
    factor       double precision NOT NULL
                 CONSTRAINT streets_are_no_shorter_than_the_crow_flies CHECK (factor BETWEEN 1 AND 4),
    km_per_hour  double precision NOT NULL
                 CONSTRAINT vans_drive_in_a_city CHECK (km_per_hour BETWEEN 5 AND 90),
    legs         integer NOT NULL CONSTRAINT learned_from_something CHECK (legs > 0),
    learned_at   timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE slots.roads IS 'Without a row a place counts with what is usual: 1.35 and 24 km/h.';
