-- Classes of products that are not sold everywhere or at every hour.

CREATE TABLE pricing.bars (
    id          uuid PRIMARY KEY,
    name        text NOT NULL CONSTRAINT a_class_has_a_name CHECK (name ~ '^[^[:cntrl:]]{1,80}$'),
    categories  text[] NOT NULL DEFAULT '{}',
    age_limit   smallint CONSTRAINT age_is_human CHECK (age_limit BETWEEN 1 AND 99),
    channels    text[] NOT NULL DEFAULT '{}'
                CONSTRAINT known_channels CHECK (channels <@ ARRAY['wall', 'web', 'till', 'agent']),
    from_time   time,
    until_time  time,
    person_id   uuid,
    made_at     timestamptz NOT NULL DEFAULT now(),
    ended_at    timestamptz,
    CONSTRAINT about_some_goods CHECK (categories <> '{}' OR age_limit IS NOT NULL),
    CONSTRAINT some_hours_or_all CHECK ((from_time IS NULL) = (until_time IS NULL))
);
COMMENT ON TABLE pricing.bars IS
    'Not sold from these channels (none named: from any) between these hours (none: at any).';
