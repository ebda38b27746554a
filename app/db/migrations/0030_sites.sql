-- One design hangs at many sites. An edition is printed for one of them, with codes of its own, so
-- that a code says which site, wall, position and edition it stands for.

CREATE TABLE walls.sites (
    id          uuid PRIMARY KEY,
    wall_id     uuid NOT NULL REFERENCES walls.walls,
    code        text NOT NULL CONSTRAINT one_site_per_code UNIQUE
                CONSTRAINT code_is_short CHECK (code ~ '^[a-z0-9][a-z0-9-]{0,39}$'),
    name        text NOT NULL CONSTRAINT name_is_a_line CHECK (name ~ '^[^[:cntrl:]]{1,80}$'),
    place_hint  text NOT NULL DEFAULT ''
                CONSTRAINT place_hint_is_a_line CHECK (place_hint ~ '^[^[:cntrl:]]{0,120}$'),
    city        text NOT NULL DEFAULT ''
                CONSTRAINT city_is_a_line CHECK (city ~ '^[^[:cntrl:]]{0,80}$'),
    crew_hint   text NOT NULL DEFAULT ''
                CONSTRAINT crew_hint_is_a_line CHECK (crew_hint ~ '^[^[:cntrl:]]{0,200}$'),
    time_zone   text NOT NULL,
    state       text NOT NULL DEFAULT 'planned'
                CONSTRAINT known_state CHECK (state IN ('planned', 'printed', 'hung', 'open', 'down')),
    opens_at    timestamptz,
    version     bigint NOT NULL DEFAULT 1,
    opened_at   timestamptz,
    down_at     timestamptz,
    created_at  timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT open_since_some_time CHECK (state <> 'open' OR opened_at IS NOT NULL),
    CONSTRAINT down_since_some_time CHECK ((state = 'down') = (down_at IS NOT NULL))
);
COMMENT ON TABLE walls.sites IS 'Where a design hangs, or will.';
COMMENT ON COLUMN walls.sites.place_hint IS 'For shoppers: platform 5, beside the stairs.';
COMMENT ON COLUMN walls.sites.crew_hint IS 'For those who hang it: which door, whom to ask.';
COMMENT ON COLUMN walls.sites.opens_at IS 'From then on its codes sell, if it hangs by then.';
COMMENT ON COLUMN walls.sites.version IS
    'Goes up with every change; 0 for a site that was made of a wall from before there were sites.';
CREATE INDEX sites_of_wall ON walls.sites (wall_id);
CREATE INDEX sites_to_open ON walls.sites (opens_at) WHERE state = 'hung';

ALTER TABLE walls.editions
    ADD COLUMN site_id uuid REFERENCES walls.sites,
    ADD COLUMN kind text NOT NULL DEFAULT 'wall'
        CONSTRAINT known_kind CHECK (kind IN ('wall', 'patch'));
COMMENT ON COLUMN walls.editions.kind IS
    'A whole wall, or a sheet of stickers that go over the labels which changed.';
CREATE INDEX editions_of_site ON walls.editions (site_id);

ALTER TABLE walls.labels
    DROP CONSTRAINT known_state,
    ADD CONSTRAINT known_state CHECK (state IN ('waiting', 'live', 'retired')),
    ADD COLUMN replaces text REFERENCES walls.labels,
    ADD COLUMN hung_at timestamptz,
    ADD COLUMN covered_at timestamptz;
COMMENT ON COLUMN walls.labels.state IS
    'A waiting one is printed, and sells as soon as its site opens.';
COMMENT ON COLUMN walls.labels.replaces IS 'The label a sticker goes over.';
COMMENT ON COLUMN walls.labels.hung_at IS 'When the crew said that it hangs.';
COMMENT ON COLUMN walls.labels.covered_at IS
    'When another print came over it. It still opens for who has a photograph of it.';
CREATE INDEX labels_replaced ON walls.labels (replaces) WHERE replaces IS NOT NULL;

CREATE TABLE walls.hangings (
    edition_id  uuid NOT NULL REFERENCES walls.editions,
    panel       smallint NOT NULL CONSTRAINT panels_start_at_one CHECK (panel BETWEEN 1 AND 99),
    hung_at     timestamptz NOT NULL DEFAULT now(),
    hung_by     uuid,
    PRIMARY KEY (edition_id, panel)
);
COMMENT ON TABLE walls.hangings IS 'Each panel of an edition that hangs, and who said so.';
