-- What a slot has room for, beside orders: crates by storage class and minutes of pickers; which
-- vans bring them; and the plan of each day, which keeps every promise made so far.

SET LOCAL lock_timeout = '5s';

ALTER TABLE slots.templates
    ALTER COLUMN cutoff DROP NOT NULL,
    ADD COLUMN picking_minutes  integer NOT NULL DEFAULT 0
        CONSTRAINT picking_takes_up_to_a_day CHECK (picking_minutes BETWEEN 0 AND 1440),
    ADD COLUMN driving_minutes  integer NOT NULL DEFAULT 0
        CONSTRAINT driving_takes_up_to_a_day CHECK (driving_minutes BETWEEN 0 AND 1440),
    ADD COLUMN ambient_crates   integer CONSTRAINT ambient_room CHECK (ambient_crates >= 0),
    ADD COLUMN chilled_crates   integer CONSTRAINT chilled_room CHECK (chilled_crates >= 0),
    ADD COLUMN frozen_crates    integer CONSTRAINT frozen_room CHECK (frozen_crates >= 0),
    ADD COLUMN picker_minutes   integer CONSTRAINT pickers_have_time CHECK (picker_minutes >= 0),
    ADD COLUMN free_from        bigint CONSTRAINT free_from_some_value CHECK (free_from >= 0),
    ADD CONSTRAINT a_template_has_an_end CHECK (cutoff IS NOT NULL OR picking_minutes + driving_minutes > 0);
COMMENT ON COLUMN slots.templates.cutoff IS
    'By the clock of the place. Without one, orders are taken until there is no time left for picking and driving; with both, the earlier of them counts.';
COMMENT ON COLUMN slots.templates.free_from IS
    'Goods of this value or more are brought for nothing; without one, nobody''s are.';

ALTER TABLE slots.slots
    ADD COLUMN ambient_crates  integer,
    ADD COLUMN chilled_crates  integer,
    ADD COLUMN frozen_crates   integer,
    ADD COLUMN picker_minutes  integer,
    ADD COLUMN free_from       bigint CONSTRAINT free_from_some_value CHECK (free_from >= 0),
    ADD COLUMN ambient_used    integer NOT NULL DEFAULT 0,
    ADD COLUMN chilled_used    integer NOT NULL DEFAULT 0,
    ADD COLUMN frozen_used     integer NOT NULL DEFAULT 0,
    ADD COLUMN minutes_used    integer NOT NULL DEFAULT 0,
    ADD CONSTRAINT no_crate_is_promised_twice CHECK (
        0 <= ambient_used AND ambient_used <= coalesce(ambient_crates, ambient_used)
        AND 0 <= chilled_used AND chilled_used <= coalesce(chilled_crates, chilled_used)
        AND 0 <= frozen_used AND frozen_used <= coalesce(frozen_crates, frozen_used)),
    ADD CONSTRAINT no_minute_is_promised_twice CHECK (
        0 <= minutes_used AND minutes_used <= coalesce(picker_minutes, minutes_used));
COMMENT ON COLUMN slots.slots.ambient_crates IS 'Without a number there is no limit but that of orders and vans.';

ALTER TABLE slots.holds
    ADD COLUMN ambient_crates  integer NOT NULL DEFAULT 0 CHECK (ambient_crates >= 0),
    ADD COLUMN chilled_crates  integer NOT NULL DEFAULT 0 CHECK (chilled_crates >= 0),
    ADD COLUMN frozen_crates   integer NOT NULL DEFAULT 0 CHECK (frozen_crates >= 0),
    ADD COLUMN picker_minutes  integer NOT NULL DEFAULT 0 CHECK (picker_minutes >= 0),
    ADD COLUMN planned         boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN slots.holds.planned IS
    'It has a stop in the plan of its day. Where the place has no vans of its own, or nobody knows where the address is, there is none.';

CREATE TABLE slots.vans (
    id           uuid PRIMARY KEY,
    place_id     uuid NOT NULL REFERENCES stock.places,
    number       smallint NOT NULL CONSTRAINT vans_count_from_one CHECK (number >= 1),
    weekdays     smallint[] NOT NULL DEFAULT '{1,2,3,4,5,6,7}'
                 CONSTRAINT weekdays_are_iso CHECK (weekdays <@ '{1,2,3,4,5,6,7}'),
    starts       time NOT NULL,
    ends         time NOT NULL,
    crates       integer NOT NULL CONSTRAINT a_van_carries_something CHECK (crates > 0),
    break_starts time,
    break_ends   time,
    CONSTRAINT a_shift_starts_before_it_ends CHECK (starts < ends),
    CONSTRAINT a_break_is_within_the_shift CHECK (
        (break_starts IS NULL) = (break_ends IS NULL)
        AND coalesce(starts < break_starts AND break_starts < break_ends AND break_ends < ends, true)),
    CONSTRAINT a_shift_stands_once UNIQUE (place_id, number, starts)
);
COMMENT ON TABLE slots.vans IS
    'Shifts of the vans of a place, in its own local time. A break is taken at the place, between two tours.';

CREATE TABLE slots.plans (
    place_id          uuid NOT NULL REFERENCES stock.places,
    day               date NOT NULL,
    version           bigint NOT NULL DEFAULT 1,
    draft             jsonb NOT NULL,
    stops             integer NOT NULL DEFAULT 0,
    length_m          bigint NOT NULL DEFAULT 0,
    improved_version  bigint NOT NULL DEFAULT 0,
    changed_at        timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (place_id, day),
    CONSTRAINT improved_as_it_was CHECK (improved_version <= version)
);
COMMENT ON TABLE slots.plans IS
    'Who drives where on a day, if no more order came. A hold writes its slot and this row together, so that two never count on the same gap.';
COMMENT ON COLUMN slots.plans.improved_version IS 'The version a better plan was last looked for.';
CREATE INDEX plans_to_improve ON slots.plans (day) WHERE improved_version < version;

CREATE TABLE slots.points (
    country    text NOT NULL CONSTRAINT country_is_iso_3166 CHECK (country ~ '^[A-Z]{2}$'),
    code       text COLLATE "C" NOT NULL,
    latitude   double precision NOT NULL CONSTRAINT latitude_on_earth CHECK (latitude BETWEEN -90 AND 90),
    longitude  double precision NOT NULL CONSTRAINT longitude_on_earth CHECK (longitude BETWEEN -180 AND 180),
    source     text NOT NULL,
    PRIMARY KEY (country, code)
);
COMMENT ON TABLE slots.points IS
    'Where postcodes are: 3511ED exactly, or 3511 for the whole area. An import replaces what stands there.';

CREATE OR REPLACE VIEW checks.slots AS
SELECT slot.id, slot.place_id, slot.starts_at, slot.capacity, slot.used, count(hold.id) AS live_holds
  FROM slots.slots AS slot
  LEFT JOIN slots.holds AS hold
         ON hold.slot_id = slot.id
        AND hold.state IN ('held', 'confirmed')
 GROUP BY slot.id
HAVING slot.used <> count(hold.id)
    OR slot.used > slot.capacity
    OR slot.ambient_used <> coalesce(sum(hold.ambient_crates), 0)
    OR slot.chilled_used <> coalesce(sum(hold.chilled_crates), 0)
    OR slot.frozen_used <> coalesce(sum(hold.frozen_crates), 0)
    OR slot.minutes_used <> coalesce(sum(hold.picker_minutes), 0);

CREATE VIEW checks.slot_plans AS
WITH planned AS (
    SELECT plan.place_id, plan.day, (stop.value ->> 0)::uuid AS holder, count(*) AS times
      FROM slots.plans AS plan
     CROSS JOIN jsonb_array_elements(plan.draft -> 'tours') AS tour
     CROSS JOIN jsonb_array_elements(tour.value) AS stop
     GROUP BY plan.place_id, plan.day, holder
), promised AS (
    SELECT slot.place_id, (slot.starts_at AT TIME ZONE place.time_zone)::date AS day, hold.holder
      FROM slots.holds AS hold
      JOIN slots.slots AS slot ON slot.id = hold.slot_id
      JOIN stock.places AS place ON place.id = slot.place_id
     WHERE hold.state IN ('held', 'confirmed')
       AND hold.planned
)
SELECT place_id, day, holder, coalesce(planned.times, 0) AS times_planned
  FROM planned
  FULL JOIN promised USING (place_id, day, holder)
 WHERE planned.times IS DISTINCT FROM 1
    OR promised.holder IS NULL;
