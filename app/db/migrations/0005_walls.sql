-- Walls that sell: what hangs where, what was printed on it, and what its codes mean today.

CREATE SCHEMA walls;

CREATE TABLE walls.walls (
    id                   uuid PRIMARY KEY,
    code                 text NOT NULL CONSTRAINT one_wall_per_code UNIQUE
                         CONSTRAINT code_is_short CHECK (code ~ '^[a-z0-9][a-z0-9-]{0,39}$'),
    name                 text NOT NULL CONSTRAINT name_is_a_line CHECK (name ~ '^[^[:cntrl:]]{1,80}$'),
    place_hint           text NOT NULL DEFAULT ''
                         CONSTRAINT place_hint_is_a_line CHECK (place_hint ~ '^[^[:cntrl:]]{0,120}$'),
    city                 text NOT NULL DEFAULT ''
                         CONSTRAINT city_is_a_line CHECK (city ~ '^[^[:cntrl:]]{0,80}$'),
    language             text NOT NULL CONSTRAINT known_language CHECK (language IN ('nl', 'en', 'ko')),
    currency             text NOT NULL CONSTRAINT currency_is_iso CHECK (currency ~ '^[A-Z]{3}$'),
    time_zone            text NOT NULL,
    reading_distance_mm  integer NOT NULL
                         CONSTRAINT people_stand_before_it CHECK (reading_distance_mm BETWEEN 100 AND 10000),
    version              bigint NOT NULL DEFAULT 1,
    retired_at           timestamptz,
    created_at           timestamptz NOT NULL DEFAULT now()
);
COMMENT ON COLUMN walls.walls.version IS
    'Goes up with every change to the wall, its panels and positions; a change names the version it saw.';

CREATE TABLE walls.panels (
    id         uuid PRIMARY KEY,
    wall_id    uuid NOT NULL REFERENCES walls.walls,
    number     smallint NOT NULL CONSTRAINT panels_start_at_one CHECK (number BETWEEN 1 AND 99),
    format     text NOT NULL,
    width_mm   real NOT NULL CONSTRAINT width_can_be_printed CHECK (width_mm BETWEEN 140 AND 5000),
    height_mm  real NOT NULL CONSTRAINT height_can_be_printed CHECK (height_mm BETWEEN 140 AND 5000),
    CONSTRAINT one_panel_per_number UNIQUE (wall_id, number) DEFERRABLE INITIALLY DEFERRED
);

CREATE TABLE walls.positions (
    id          uuid PRIMARY KEY,
    panel_id    uuid NOT NULL REFERENCES walls.panels ON DELETE CASCADE,
    shelf       smallint NOT NULL CONSTRAINT shelves_start_at_one CHECK (shelf BETWEEN 1 AND 99),
    place       smallint NOT NULL CONSTRAINT places_start_at_one CHECK (place BETWEEN 1 AND 99),
    product_id  uuid NOT NULL REFERENCES catalog.products,
    facings     smallint NOT NULL DEFAULT 0 CONSTRAINT facings_are_few CHECK (facings BETWEEN 0 AND 9),
    CONSTRAINT one_position_per_place UNIQUE (panel_id, shelf, place) DEFERRABLE INITIALLY DEFERRED
);
COMMENT ON TABLE walls.positions IS 'The plan: what the next edition will show.';
COMMENT ON COLUMN walls.positions.facings IS 'Packs side by side; 0 is as many as there is room for.';
CREATE INDEX positions_of_product ON walls.positions (product_id);

CREATE TABLE walls.editions (
    id            uuid PRIMARY KEY,
    wall_id       uuid NOT NULL REFERENCES walls.walls,
    number        integer NOT NULL CONSTRAINT editions_start_at_one CHECK (number >= 1),
    state         text NOT NULL DEFAULT 'draft'
                  CONSTRAINT known_state CHECK (state IN ('draft', 'published', 'retired')),
    plan          jsonb NOT NULL,
    codes         integer NOT NULL CONSTRAINT an_edition_sells_something CHECK (codes >= 1),
    base_url      text NOT NULL,
    currency      text NOT NULL CONSTRAINT currency_is_iso CHECK (currency ~ '^[A-Z]{3}$'),
    valid_from    timestamptz NOT NULL,
    valid_until   timestamptz NOT NULL,
    pdf           bytea REFERENCES files.files,
    png           bytea REFERENCES files.files,
    proof         jsonb,
    refusal       jsonb,
    ordered_by    uuid,
    printed_at    timestamptz,
    published_at  timestamptz,
    retired_at    timestamptz,
    created_at    timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT one_edition_per_number UNIQUE (wall_id, number),
    CONSTRAINT a_promise_has_an_end CHECK (valid_until > valid_from),
    CONSTRAINT printed_whole CHECK ((printed_at IS NULL) = (pdf IS NULL OR png IS NULL OR proof IS NULL)),
    CONSTRAINT only_what_is_proven_is_published
        CHECK (state = 'draft' OR (printed_at IS NOT NULL AND (proof -> 'failures') = '[]'::jsonb)),
    CONSTRAINT published_at_some_time CHECK ((state = 'draft') = (published_at IS NULL))
);
COMMENT ON TABLE walls.editions IS
    'One printing of a wall. Its plan, prices and file never change: the poster cannot either.';
COMMENT ON COLUMN walls.editions.plan IS
    'What was to be printed when it was ordered: places, products, prices and the token of every code.';
COMMENT ON COLUMN walls.editions.refusal IS 'Why it could not be drawn, as a sentence and its values.';

CREATE TABLE walls.labels (
    token          text PRIMARY KEY CONSTRAINT token_is_crockford CHECK (token ~ '^[0-9A-HJKMNP-TV-Z]{7}$'),
    position_id    uuid NOT NULL,
    edition_id     uuid NOT NULL REFERENCES walls.editions,
    product_id     uuid NOT NULL REFERENCES catalog.products,
    gtin           text NOT NULL CONSTRAINT gtin_has_14_digits CHECK (gtin ~ '^[0-9]{14}$'),
    printed_price  bigint NOT NULL CONSTRAINT printed_price_is_not_negative CHECK (printed_price >= 0),
    currency       text NOT NULL CONSTRAINT currency_is_iso CHECK (currency ~ '^[A-Z]{3}$'),
    panel          smallint NOT NULL,
    shelf          smallint NOT NULL,
    place          smallint NOT NULL,
    state          text NOT NULL DEFAULT 'live'
                   CONSTRAINT known_state CHECK (state IN ('live', 'retired'))
);
COMMENT ON TABLE walls.labels IS
    'One printed code of a published edition. It outlives its position: a poster hangs for years.';
COMMENT ON COLUMN walls.labels.product_id IS
    'What it sells today. The gtin is what was printed; a label can be pointed elsewhere without reprinting.';
CREATE INDEX labels_of_edition ON walls.labels (edition_id);
CREATE INDEX labels_of_position ON walls.labels (position_id);
CREATE INDEX labels_of_product ON walls.labels (product_id);

CREATE VIEW checks.walls AS
SELECT edition.id AS edition_id, edition.state,
       'a published edition has a label for each of its codes, a retired one no live ones' AS wrong
  FROM walls.editions AS edition
  LEFT JOIN LATERAL (
        SELECT count(*) AS printed, count(*) FILTER (WHERE label.state = 'live') AS live
          FROM walls.labels AS label
         WHERE label.edition_id = edition.id) AS labels ON true
 WHERE labels.printed <> CASE WHEN edition.state = 'draft' THEN 0 ELSE edition.codes END
    OR (edition.state = 'retired' AND labels.live > 0);
