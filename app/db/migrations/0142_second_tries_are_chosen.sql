-- After nobody was home the shopper chooses: another time, to come for it, or the money back; who does not
-- choose in time has the money back.

SET LOCAL lock_timeout = '5s';

ALTER TABLE fulfilment.second_tries
    ADD COLUMN collect boolean DEFAULT false NOT NULL,
    ADD CONSTRAINT brought_or_collected CHECK (NOT collect OR slot_id IS NULL);
COMMENT ON TABLE fulfilment.second_tries IS
    'What the shopper chose after nobody was home: another time, to come for it, or (without either) the money back.';

ALTER TABLE fulfilment.stops
    ADD COLUMN choose_until timestamptz
    CONSTRAINT only_what_failed_waits_for_a_choice CHECK (choose_until IS NULL OR state = 'failed');
COMMENT ON COLUMN fulfilment.stops.choose_until IS
    'Its goods stand in the shop again, and its shopper has until then to choose what becomes of them.';
CREATE INDEX stops_waiting_for_a_choice ON fulfilment.stops (choose_until) WHERE choose_until IS NOT NULL;

CREATE OR REPLACE VIEW checks.parcels AS
 SELECT parcel.id,
    parcel.sscc,
    fulfilment.state,
    'is not where its order is'::text AS wrong
   FROM (fulfilment.parcels parcel
     JOIN fulfilment.fulfilments fulfilment ON (((fulfilment.order_id = parcel.order_id) AND (fulfilment.id = parcel.fulfilment_id))))
  WHERE (NOT
        CASE
            WHEN ((fulfilment.way = 'carrier'::text) AND (fulfilment.state = ANY (ARRAY['packed'::text, 'out_for_delivery'::text]))) THEN (parcel.run_id IS NULL)
            WHEN ((fulfilment.way = 'carrier'::text) AND (fulfilment.state = 'delivered'::text)) THEN ((parcel.delivered_at IS NOT NULL) OR (parcel.emptied_at IS NOT NULL))
            WHEN ((fulfilment.attempts > 0) AND (parcel.emptied_at IS NOT NULL)) THEN ((parcel.storage <> 'ambient'::text) OR (fulfilment.state = 'returned'::text))
            WHEN ((fulfilment.attempts > 0) AND (fulfilment.state = ANY (ARRAY['released'::text, 'picking'::text]))) THEN (parcel.place_id IS NOT NULL)
            WHEN (fulfilment.state = ANY (ARRAY['picked'::text, 'packed'::text])) THEN ((parcel.place_id IS NOT NULL) OR (parcel.run_id IS NOT NULL))
            WHEN (fulfilment.state = 'failed'::text) THEN ((parcel.run_id IS NOT NULL) OR ((parcel.place_id IS NOT NULL) AND (EXISTS ( SELECT
               FROM fulfilment.stops stop
              WHERE ((stop.order_id = parcel.order_id) AND (stop.fulfilment_id = parcel.fulfilment_id) AND (stop.choose_until IS NOT NULL))))))
            WHEN (fulfilment.state = ANY (ARRAY['loaded'::text, 'out_for_delivery'::text])) THEN (parcel.run_id IS NOT NULL)
            WHEN (fulfilment.state = 'delivered'::text) THEN (parcel.delivered_at IS NOT NULL)
            WHEN (fulfilment.state = 'returned'::text) THEN (parcel.emptied_at IS NOT NULL)
            ELSE false
        END)
UNION ALL
 SELECT (min((parcel.id)::text))::uuid AS id,
    parcel.sscc,
    NULL::text AS state,
    'has the number of another parcel'::text AS wrong
   FROM fulfilment.parcels parcel
  GROUP BY parcel.sscc
 HAVING (count(*) > 1)
UNION ALL
 SELECT pick.id,
    NULL::text AS sscc,
    fulfilment.state,
    'was picked, but is not in exactly one parcel'::text AS wrong
   FROM ((fulfilment.picks pick
     JOIN fulfilment.fulfilments fulfilment ON (((fulfilment.order_id = pick.order_id) AND (fulfilment.id = pick.fulfilment_id))))
     LEFT JOIN fulfilment.contents content ON (((content.order_id = pick.order_id) AND (content.pick_id = pick.id))))
  WHERE (fulfilment.state = ANY (ARRAY['packed'::text, 'loaded'::text, 'out_for_delivery'::text, 'delivered'::text, 'failed'::text, 'returned'::text]))
  GROUP BY pick.order_id, pick.id, pick.picked, fulfilment.state
 HAVING (COALESCE(sum(content.quantity), (0)::bigint) <> pick.picked);

CREATE OR REPLACE VIEW checks.pick_ups AS
 SELECT fulfilment.order_id,
    fulfilment.id,
    fulfilment.state,
    'is collected, and on its way in a van'::text AS wrong
   FROM fulfilment.fulfilments fulfilment
  WHERE ((fulfilment.way = 'collect'::text) AND ((EXISTS ( SELECT
           FROM fulfilment.stops stop
          WHERE ((stop.order_id = fulfilment.order_id) AND (stop.fulfilment_id = fulfilment.id) AND (stop.state = 'planned'::text)))) OR (EXISTS ( SELECT
           FROM fulfilment.parcels parcel
          WHERE ((parcel.order_id = fulfilment.order_id) AND (parcel.fulfilment_id = fulfilment.id) AND (parcel.run_id IS NOT NULL))))))
UNION ALL
 SELECT pick.order_id,
    pick.fulfilment_id AS id,
    fulfilment.state,
    'goes another way than was agreed'::text AS wrong
   FROM ((fulfilment.picks pick
     JOIN fulfilment.fulfilments fulfilment ON (((fulfilment.order_id = pick.order_id) AND (fulfilment.id = pick.fulfilment_id))))
     JOIN orders.lines line ON (((line.order_id = pick.order_id) AND (line.line_no = pick.line_no))))
  WHERE (((line.handover = 'collect'::text) <> (fulfilment.way = 'collect'::text)) AND (NOT (EXISTS ( SELECT
           FROM fulfilment.second_tries choice
          WHERE ((choice.order_id = fulfilment.order_id) AND (choice.fulfilment_id = fulfilment.id) AND choice.collect)))))
UNION ALL
 SELECT fulfilment.order_id,
    fulfilment.id,
    fulfilment.state,
    'waits elsewhere than its shopper was told'::text AS wrong
   FROM ((fulfilment.fulfilments fulfilment
     JOIN orders.orders sold ON ((sold.id = fulfilment.order_id)))
     LEFT JOIN orders.pick_ups pick_up ON ((pick_up.order_id = fulfilment.order_id)))
  WHERE ((fulfilment.way = 'collect'::text) AND (fulfilment.place_id <> COALESCE(pick_up.place_id, sold.place_id)) AND (NOT (EXISTS ( SELECT
           FROM fulfilment.second_tries choice
          WHERE ((choice.order_id = fulfilment.order_id) AND (choice.fulfilment_id = fulfilment.id) AND choice.collect)))))
UNION ALL
 SELECT collection.order_id,
    collection.fulfilment_id AS id,
    fulfilment.state,
    'is over in one book only'::text AS wrong
   FROM (fulfilment.collections collection
     JOIN fulfilment.fulfilments fulfilment ON (((fulfilment.order_id = collection.order_id) AND (fulfilment.id = collection.fulfilment_id))))
  WHERE (((collection.ended_at IS NOT NULL) <> (fulfilment.state = ANY (ARRAY['delivered'::text, 'returned'::text, 'cancelled'::text]))) OR ((collection.ready_at IS NOT NULL) AND (fulfilment.state <> ALL (ARRAY['packed'::text, 'delivered'::text, 'returned'::text]))))
UNION ALL
 SELECT collection.order_id,
    collection.fulfilment_id AS id,
    fulfilment.state,
    'was handed over without a look at a proof of age'::text AS wrong
   FROM (fulfilment.collections collection
     JOIN fulfilment.fulfilments fulfilment ON (((fulfilment.order_id = collection.order_id) AND (fulfilment.id = collection.fulfilment_id))))
  WHERE ((fulfilment.state = 'delivered'::text) AND (NOT collection.age_checked) AND (EXISTS ( SELECT
           FROM (fulfilment.picks pick
             JOIN orders.lines line ON (((line.order_id = pick.order_id) AND (line.line_no = pick.line_no))))
          WHERE ((pick.order_id = collection.order_id) AND (pick.fulfilment_id = collection.fulfilment_id) AND (pick.delivered > 0) AND (line.age_limit IS NOT NULL)))))
UNION ALL
 SELECT collection.order_id,
    collection.fulfilment_id AS id,
    NULL::text AS state,
    'is kept for too long'::text AS wrong
   FROM fulfilment.collections collection
  WHERE ((collection.ready_at IS NOT NULL) AND (collection.ended_at IS NULL) AND (collection.keep_until < (now() - '00:10:00'::interval)))
UNION ALL
 SELECT pick.order_id,
    pick.fulfilment_id AS id,
    NULL::text AS state,
    'not all that was picked is handed over or refused'::text AS wrong
   FROM ((fulfilment.picks pick
     JOIN fulfilment.fulfilments fulfilment ON (((fulfilment.order_id = pick.order_id) AND (fulfilment.id = pick.fulfilment_id))))
     LEFT JOIN fulfilment.desk_refusals refused ON (((refused.order_id = pick.order_id) AND (refused.pick_id = pick.id))))
  WHERE ((fulfilment.way = 'collect'::text) AND (fulfilment.state = 'delivered'::text) AND (((pick.delivered + COALESCE(refused.quantity, 0)) + COALESCE(( SELECT sum(warm.quantity)
           FROM fulfilment.refusals warm
          WHERE ((warm.order_id = pick.order_id) AND (warm.pick_id = pick.id))), (0)::bigint)) <> pick.picked));
