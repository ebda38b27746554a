-- When a place can bring it home: who delivers where, and how many orders fit in each slot.

CREATE SCHEMA slots;

CREATE TABLE slots.zones (
    id          uuid PRIMARY KEY,
    place_id    uuid NOT NULL REFERENCES stock.places,
    country     text NOT NULL CONSTRAINT country_is_iso_3166 CHECK (country ~ '^[A-Z]{2}$'),
    first_area  text COLLATE "C" NOT NULL,
    last_area   text COLLATE "C" NOT NULL,
    priority    integer NOT NULL DEFAULT 1,
    CONSTRAINT an_area_starts_before_it_ends CHECK (first_area <= last_area),
    CONSTRAINT a_zone_stands_once UNIQUE (place_id, country, first_area, last_area)
);
COMMENT ON TABLE slots.zones IS
    'Which place delivers to which postcodes: Dutch areas are the four digits, 3511 to 3589. Lower priority is asked first.';
CREATE INDEX zones_by_area ON slots.zones (country, first_area, last_area);

CREATE TABLE slots.templates (
    id                  uuid PRIMARY KEY,
    place_id            uuid NOT NULL REFERENCES stock.places,
    weekdays            smallint[] NOT NULL DEFAULT '{1,2,3,4,5,6,7}'
                        CONSTRAINT weekdays_are_iso CHECK (weekdays <@ '{1,2,3,4,5,6,7}'),
    starts              time NOT NULL,
    ends                time NOT NULL,
    cutoff              time NOT NULL,
    cutoff_days_before  integer NOT NULL DEFAULT 0
                        CONSTRAINT cutoff_is_not_after_the_day CHECK (cutoff_days_before BETWEEN 0 AND 14),
    capacity            integer NOT NULL CONSTRAINT some_room CHECK (capacity >= 0),
    fee                 bigint NOT NULL DEFAULT 0 CONSTRAINT fee_is_not_negative CHECK (fee >= 0),
    CONSTRAINT a_template_starts_before_it_ends CHECK (starts < ends),
    CONSTRAINT a_template_stands_once UNIQUE (place_id, starts, ends)
);
COMMENT ON TABLE slots.templates IS
    'The week of a place in its own local time; a daily timer makes the slots of the coming days from it.';

CREATE TABLE slots.slots (
    id         uuid PRIMARY KEY,
    place_id   uuid NOT NULL REFERENCES stock.places,
    starts_at  timestamptz NOT NULL,
    ends_at    timestamptz NOT NULL,
    cutoff_at  timestamptz NOT NULL,
    capacity   integer NOT NULL,
    used       integer NOT NULL DEFAULT 0,
    fee        bigint NOT NULL DEFAULT 0 CONSTRAINT fee_is_not_negative CHECK (fee >= 0),
    CONSTRAINT a_slot_starts_before_it_ends CHECK (starts_at < ends_at),
    CONSTRAINT cutoff_is_before_the_slot CHECK (cutoff_at <= starts_at),
    CONSTRAINT no_slot_is_overbooked CHECK (0 <= used AND used <= capacity),
    CONSTRAINT a_slot_stands_once UNIQUE (place_id, starts_at, ends_at)
) WITH (fillfactor = 50);

CREATE TABLE slots.holds (
    id          uuid PRIMARY KEY,
    slot_id     uuid NOT NULL REFERENCES slots.slots,
    holder      uuid NOT NULL,
    state       text NOT NULL DEFAULT 'held'
                CONSTRAINT known_state_of_hold
                CHECK (state IN ('held', 'confirmed', 'released', 'expired')),
    expires_at  timestamptz NOT NULL,
    made_at     timestamptz NOT NULL DEFAULT now(),
    version     bigint NOT NULL DEFAULT 1
);
COMMENT ON TABLE slots.holds IS 'A place in a delivery slot, promised to a checkout: one at a time.';
CREATE UNIQUE INDEX one_live_hold_a_holder ON slots.holds (holder) WHERE state IN ('held', 'confirmed');
CREATE INDEX holds_by_slot ON slots.holds (slot_id) WHERE state IN ('held', 'confirmed');
CREATE INDEX holds_running_out ON slots.holds (expires_at) WHERE state = 'held';

CREATE VIEW checks.slots AS
SELECT slot.id, slot.place_id, slot.starts_at, slot.capacity, slot.used, count(hold.id) AS live_holds
  FROM slots.slots AS slot
  LEFT JOIN slots.holds AS hold
         ON hold.slot_id = slot.id
        AND hold.state IN ('held', 'confirmed')
 GROUP BY slot.id
HAVING slot.used <> count(hold.id)
    OR slot.used > slot.capacity;

CREATE VIEW checks.holds AS
SELECT 'stock' AS of, hold.id, hold.holder, hold.expires_at
  FROM stock.holds AS hold
 WHERE hold.state = 'held'
   AND hold.expires_at < now() - interval '60 seconds'
 UNION ALL
SELECT 'slot', hold.id, hold.holder, hold.expires_at
  FROM slots.holds AS hold
 WHERE hold.state = 'held'
   AND hold.expires_at < now() - interval '60 seconds';
