-- What came back as a product was handed over as that product, and stock has it as that product.

SET LOCAL lock_timeout = '5s';

CREATE OR REPLACE VIEW checks.goods_of_returns AS
SELECT came.id, line.line_no, line.disposition, line.quantity
  FROM returns.returns AS came
  JOIN returns.lines AS line ON line.return_id = came.id
 WHERE came.place_id IS NOT NULL
   AND line.disposition IN ('quarantine', 'mark-down', 'waste')
   AND came.at >= (SELECT min(at) FROM stock.aside_ledger)
   AND NOT EXISTS (SELECT
                     FROM stock.aside_ledger AS entry
                    WHERE entry.reference = came.order_id
                      AND entry.product_id = coalesce(line.booked_as, line.product_id)
                      AND entry.place_id = came.place_id
                      AND entry.state = line.disposition);

CREATE VIEW checks.pieces_of_returns AS
SELECT came.order_id, line.line_no, line.product_id, sum(line.quantity) AS returned,
       handed_over.pieces AS handed_over
  FROM returns.returns AS came
  JOIN returns.lines AS line ON line.return_id = came.id
  JOIN orders.lines AS bought
    ON bought.order_id = came.order_id
   AND bought.line_no = line.line_no
 CROSS JOIN LATERAL (
       SELECT coalesce(sum(pick.delivered) FILTER (WHERE pick.product_id = line.product_id), 0)
              + CASE WHEN line.product_id = bought.product_id
                     THEN bought.delivered_quantity - coalesce(sum(pick.delivered), 0)
                     ELSE 0 END AS pieces
         FROM fulfilment.picks AS pick
        WHERE pick.order_id = came.order_id
          AND pick.line_no = line.line_no) AS handed_over
 GROUP BY came.order_id, line.line_no, line.product_id, handed_over.pieces,
          line.instead_gtin IS NULL, bought.product_id
HAVING sum(line.quantity) > handed_over.pieces
    OR (line.instead_gtin IS NULL) <> (line.product_id = bought.product_id);

-- By order, product and place: what its returns put on a shelf is there. By order and product: what left
-- the shelves for it and is not back on one was handed over and is not back, or was lost on its way.
CREATE VIEW checks.shelves_of_returns AS
WITH back AS (
    SELECT came.order_id, coalesce(line.booked_as, line.product_id) AS product_id, came.place_id,
           sum(line.quantity) AS restocked
      FROM returns.returns AS came
      JOIN returns.lines AS line ON line.return_id = came.id
     WHERE line.disposition = 'restock'
     GROUP BY came.order_id, coalesce(line.booked_as, line.product_id), came.place_id
), booked AS (
    SELECT entry.reference AS order_id, entry.product_id, entry.place_id,
           sum(entry.on_hand_change) AS pieces
      FROM stock.ledger AS entry
     WHERE entry.kind = 'returned'
       AND entry.reference IN (SELECT order_id FROM back)
     GROUP BY entry.reference, entry.product_id, entry.place_id
), gone AS (
    SELECT hold.holder AS order_id, entry.product_id, -sum(entry.on_hand_change) AS pieces
      FROM stock.holds AS hold
      JOIN stock.ledger AS entry
        ON entry.hold_id = hold.id
       AND entry.kind = 'taken'
     WHERE hold.holder IN (SELECT order_id FROM back)
     GROUP BY hold.holder, entry.product_id
), handed_over AS (
    SELECT line.order_id, line.product_id,
           line.delivered_quantity - coalesce((SELECT sum(pick.delivered)
                                                 FROM fulfilment.picks AS pick
                                                WHERE pick.order_id = line.order_id
                                                  AND pick.line_no = line.line_no
                                                  AND pick.product_id <> line.product_id), 0) AS pieces
      FROM orders.lines AS line
     WHERE line.order_id IN (SELECT order_id FROM back)
     UNION ALL
    SELECT pick.order_id, pick.product_id, pick.delivered
      FROM fulfilment.picks AS pick
     WHERE pick.order_id IN (SELECT order_id FROM back)
       AND pick.replaces IS NOT NULL
)
SELECT back.order_id, back.product_id, back.place_id, back.restocked AS should,
       coalesce(booked.pieces, 0) AS is, 'is not on the shelf' AS wrong
  FROM back
  LEFT JOIN booked
    ON booked.order_id = back.order_id
   AND booked.product_id = back.product_id
   AND booked.place_id = back.place_id
 WHERE coalesce(booked.pieces, 0) < back.restocked
 UNION ALL
SELECT kept.order_id, kept.product_id, NULL, kept.pieces, coalesce(gone.pieces, 0) - kept.booked,
       'came back as another product'
  FROM (SELECT back.order_id, back.product_id,
               coalesce((SELECT sum(handed_over.pieces)
                           FROM handed_over
                          WHERE handed_over.order_id = back.order_id
                            AND handed_over.product_id = back.product_id), 0)
               - sum(back.restocked) AS pieces,
               coalesce((SELECT sum(booked.pieces)
                           FROM booked
                          WHERE booked.order_id = back.order_id
                            AND booked.product_id = back.product_id), 0) AS booked
          FROM back
         GROUP BY back.order_id, back.product_id) AS kept
  LEFT JOIN gone
    ON gone.order_id = kept.order_id
   AND gone.product_id = kept.product_id
 WHERE coalesce(gone.pieces, 0) - kept.booked < kept.pieces;
