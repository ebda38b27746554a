-- What happens at a door: who took it and how that is known, what was refused line by line, what was
-- out of the cold too long, and what the shopper wants when nobody was home.

SET LOCAL lock_timeout = '5s';

ALTER TABLE fulfilment.parcels ADD COLUMN loaded_at timestamptz;
COMMENT ON COLUMN fulfilment.parcels.loaded_at IS
    'When it left the cold room, by the clock of the phone that loaded it: how long it was out of the cold is told by that clock too.';

ALTER TABLE fulfilment.stops
    DROP CONSTRAINT known_receiver,
    ADD CONSTRAINT known_receiver CHECK (handed_to IN ('customer', 'neighbour', 'safe-place')),
    ADD COLUMN told_at timestamptz,
    ADD COLUMN shown text NOT NULL DEFAULT '';
COMMENT ON COLUMN fulfilment.stops.told_at IS
    'The time of arrival its shopper was told last; they hear again when it moves by more than ten minutes.';
COMMENT ON COLUMN fulfilment.stops.shown IS
    'What the page of the order says of it, in short: the page is drawn anew when this changes.';

CREATE TABLE fulfilment.proofs (
    order_id      uuid NOT NULL,
    stop_id       uuid NOT NULL,
    kind          text NOT NULL CONSTRAINT known_kind CHECK (kind IN ('photo', 'signature', 'pin')),
    file          text CONSTRAINT file_is_named_by_its_content CHECK (file ~ '^[0-9a-f]{64}$'),
    words         text NOT NULL DEFAULT '',
    happened_at   timestamptz NOT NULL,
    received_at   timestamptz NOT NULL DEFAULT now(),
    forgotten_at  timestamptz,
    PRIMARY KEY (order_id, stop_id),
    FOREIGN KEY (order_id, stop_id) REFERENCES fulfilment.stops (order_id, id),
    CONSTRAINT a_picture_until_it_is_forgotten CHECK (
        (kind <> 'pin' AND forgotten_at IS NULL) = (file IS NOT NULL))
);
COMMENT ON TABLE fulfilment.proofs IS
    'How it is known that it was handed over: one per stop, so that no two signatures end on one. The picture and the words are forgotten after 60 days, the kind stays.';
CREATE INDEX proofs_to_forget ON fulfilment.proofs (received_at) WHERE forgotten_at IS NULL;

CREATE TABLE fulfilment.refusals (
    order_id     uuid NOT NULL,
    pick_id      uuid NOT NULL,
    stop_id      uuid NOT NULL,
    quantity     integer NOT NULL CONSTRAINT something_is_refused CHECK (quantity > 0),
    cause        text NOT NULL CONSTRAINT known_cause CHECK (cause IN (
                     'not-wanted', 'damaged', 'wrong', 'missing', 'age', 'recalled', 'warm')),
    becomes      text NOT NULL CONSTRAINT known_end CHECK (becomes IN ('restock', 'waste', 'gone')),
    put_away_at  timestamptz,
    PRIMARY KEY (order_id, pick_id, stop_id),
    FOREIGN KEY (order_id, pick_id) REFERENCES fulfilment.picks (order_id, id),
    FOREIGN KEY (order_id, stop_id) REFERENCES fulfilment.stops (order_id, id)
);
COMMENT ON TABLE fulfilment.refusals IS
    'What was in the van for a door and was not handed over there. It is put away when the van is back.';

CREATE TABLE fulfilment.second_tries (
    order_id       uuid NOT NULL,
    fulfilment_id  uuid NOT NULL,
    slot_id        uuid,
    starts_at      timestamptz,
    ends_at        timestamptz,
    chosen_at      timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (order_id, fulfilment_id),
    FOREIGN KEY (order_id, fulfilment_id) REFERENCES fulfilment.fulfilments (order_id, id),
    CONSTRAINT another_time_or_none CHECK (num_nonnulls(slot_id, starts_at, ends_at) IN (0, 3))
);
COMMENT ON TABLE fulfilment.second_tries IS
    'What the shopper chose after nobody was home: another time, or (without one) the money back.';

CREATE TABLE fulfilment.door_notes (
    door        bytea PRIMARY KEY CONSTRAINT door_is_a_hash CHECK (length(door) = 32),
    words       text NOT NULL CONSTRAINT something_is_said CHECK (words <> ''),
    by          uuid NOT NULL,
    written_at  timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE fulfilment.door_notes IS
    'What a driver learned of a door, for the next one. The door is a hash of its address; a note nobody renewed goes after a year.';

CREATE OR REPLACE VIEW checks.parcels AS
SELECT parcel.id, parcel.sscc, fulfilment.state, 'is not where its order is' AS wrong
  FROM fulfilment.parcels AS parcel
  JOIN fulfilment.fulfilments AS fulfilment
    ON fulfilment.order_id = parcel.order_id AND fulfilment.id = parcel.fulfilment_id
 WHERE NOT CASE
           -- What was cold when nobody was home is picked anew; its old tote is empty.
           WHEN fulfilment.attempts > 0 AND parcel.emptied_at IS NOT NULL
           THEN parcel.storage <> 'ambient' OR fulfilment.state = 'returned'
           WHEN fulfilment.attempts > 0 AND fulfilment.state IN ('released', 'picking')
           THEN parcel.place_id IS NOT NULL
           WHEN fulfilment.state IN ('picked', 'packed')
           THEN parcel.place_id IS NOT NULL OR parcel.run_id IS NOT NULL
           WHEN fulfilment.state IN ('loaded', 'out_for_delivery', 'failed') THEN parcel.run_id IS NOT NULL
           WHEN fulfilment.state = 'delivered' THEN parcel.delivered_at IS NOT NULL
           WHEN fulfilment.state = 'returned' THEN parcel.emptied_at IS NOT NULL
           ELSE false
           END
 UNION ALL
SELECT min(parcel.id::text)::uuid, parcel.sscc, NULL, 'has the number of another parcel'
  FROM fulfilment.parcels AS parcel
 GROUP BY parcel.sscc
HAVING count(*) > 1
 UNION ALL
SELECT pick.id, NULL, fulfilment.state, 'was picked, but is not in exactly one parcel'
  FROM fulfilment.picks AS pick
  JOIN fulfilment.fulfilments AS fulfilment
    ON fulfilment.order_id = pick.order_id AND fulfilment.id = pick.fulfilment_id
  LEFT JOIN fulfilment.contents AS content
    ON content.order_id = pick.order_id AND content.pick_id = pick.id
 WHERE fulfilment.state IN ('packed', 'loaded', 'out_for_delivery', 'delivered', 'failed', 'returned')
 GROUP BY pick.order_id, pick.id, pick.picked, fulfilment.state
HAVING coalesce(sum(content.quantity), 0) <> pick.picked;

CREATE VIEW checks.doors AS
SELECT stop.order_id, stop.id, 'what is for adults was left without one' AS wrong
  FROM fulfilment.stops AS stop
  JOIN fulfilment.picks AS pick
    ON pick.order_id = stop.order_id AND pick.fulfilment_id = stop.fulfilment_id
  JOIN orders.lines AS line ON line.order_id = pick.order_id AND line.line_no = pick.line_no
 WHERE stop.state = 'delivered'
   AND line.age_limit IS NOT NULL
   AND pick.delivered > 0
   AND (stop.handed_to <> 'customer' OR NOT stop.age_checked)
 UNION ALL
SELECT stop.order_id, stop.id, 'was left somewhere without a photo'
  FROM fulfilment.stops AS stop
 WHERE stop.handed_to = 'safe-place'
   AND NOT EXISTS (SELECT
                     FROM fulfilment.proofs AS proof
                    WHERE proof.order_id = stop.order_id
                      AND proof.stop_id = stop.id
                      AND proof.kind = 'photo')
 UNION ALL
SELECT pick.order_id, pick.id, 'was handed over and refused, or refused twice'
  FROM fulfilment.picks AS pick
  JOIN fulfilment.refusals AS refusal
    ON refusal.order_id = pick.order_id AND refusal.pick_id = pick.id
 GROUP BY pick.order_id, pick.id, pick.picked, pick.delivered
HAVING pick.delivered + sum(refusal.quantity) > pick.picked
 UNION ALL
SELECT refusal.order_id, refusal.stop_id, 'was cold and is sold again'
  FROM fulfilment.refusals AS refusal
  JOIN fulfilment.picks AS pick ON pick.order_id = refusal.order_id AND pick.id = refusal.pick_id
 WHERE refusal.becomes = 'restock'
   AND pick.storage <> 'ambient'
 UNION ALL
SELECT refusal.order_id, refusal.stop_id, 'is still to be put away, but its van is back'
  FROM fulfilment.refusals AS refusal
  JOIN fulfilment.stops AS stop ON stop.order_id = refusal.order_id AND stop.id = refusal.stop_id
  JOIN fulfilment.runs AS run ON run.id = stop.run_id
 WHERE run.state = 'completed'
   AND refusal.put_away_at IS NULL
   AND stop.received_at < run.completed_at;
