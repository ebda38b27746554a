-- What was cold may be picked and weighed a second time: then only what is owed more goes back.

SET LOCAL lock_timeout = '5s';

ALTER TABLE fulfilment.picks
    ADD COLUMN paid_back bigint NOT NULL DEFAULT 0
        CONSTRAINT paid_back_is_not_negative CHECK (paid_back >= 0);
COMMENT ON COLUMN fulfilment.picks.paid_back IS
    'What was paid back when it was packed: for what was missing, replaced, or lighter than ordered.';

UPDATE fulfilment.picks AS pick
   SET paid_back = greatest(0,
           (line.paid + line.deposit) * pick.paid_back_for / line.quantity
           + CASE WHEN pick.picked > 0
                  THEN line.paid * pick.picked / line.quantity
                       * greatest(0, pick.nominal_g * pick.picked - pick.weighed_g)
                       / (pick.nominal_g * pick.picked)
                  ELSE 0 END
           - coalesce((SELECT sum(offer.charged)
                         FROM fulfilment.substitutes AS offer
                        WHERE offer.order_id = pick.order_id
                          AND offer.pick_id = pick.id
                          AND offer.state = 'accepted'), 0))
  FROM orders.lines AS line, fulfilment.fulfilments AS part
 WHERE line.order_id = pick.order_id
   AND line.line_no = pick.line_no
   AND part.order_id = pick.order_id
   AND part.id = pick.fulfilment_id
   AND part.state IN ('packed', 'loaded', 'out_for_delivery', 'delivered', 'failed', 'returned')
   AND pick.replaces IS NULL
   AND (pick.paid_back_for > 0 OR pick.nominal_g IS NOT NULL);
