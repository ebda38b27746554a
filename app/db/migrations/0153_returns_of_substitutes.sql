-- Until now a line of a return named what was ordered. Where something else was handed over for it, what
-- came as it was ordered is counted as having come back first. What stock has booked is left as it is:
-- shelves were counted since.

SET LOCAL lock_timeout = '5s';

CREATE TEMPORARY TABLE came_back ON COMMIT DROP AS
WITH instead AS (
    SELECT pick.order_id, pick.line_no, pick.product_id, sum(pick.delivered) AS pieces,
           min(pick.id::text) AS first
      FROM fulfilment.picks AS pick
     WHERE pick.replaces IS NOT NULL
       AND pick.delivered > 0
     GROUP BY pick.order_id, pick.line_no, pick.product_id
), handed_over AS (
    SELECT instead.order_id, instead.line_no, instead.product_id, instead.pieces, instead.first
      FROM instead
     UNION ALL
    SELECT line.order_id, line.line_no, line.product_id,
           line.delivered_quantity - (SELECT sum(other.pieces)
                                        FROM instead AS other
                                       WHERE other.order_id = line.order_id
                                         AND other.line_no = line.line_no),
           ''
      FROM orders.lines AS line
     WHERE (line.order_id, line.line_no) IN (SELECT order_id, line_no FROM instead)
), sent AS (
    SELECT order_id, line_no, product_id, sum(pieces) OVER earlier - pieces AS since,
           sum(pieces) OVER earlier AS until
      FROM handed_over
    WINDOW earlier AS (PARTITION BY order_id, line_no ORDER BY first)
), taken AS (
    SELECT came.order_id, line.return_id, line.line_no, line.product_id, line.disposition,
           sum(line.quantity) OVER earlier - line.quantity AS since,
           sum(line.quantity) OVER earlier AS until
      FROM returns.lines AS line
      JOIN returns.returns AS came ON came.id = line.return_id
     WHERE (came.order_id, line.line_no) IN (SELECT order_id, line_no FROM instead)
    WINDOW earlier AS (PARTITION BY came.order_id, line.line_no ORDER BY came.at, came.id)
)
SELECT taken.return_id, taken.line_no, sent.product_id, taken.disposition,
       (least(taken.until, sent.until) - greatest(taken.since, sent.since))::integer AS quantity,
       CASE WHEN sent.product_id <> taken.product_id
            THEN (SELECT offer.gtin
                    FROM fulfilment.substitutes AS offer
                   WHERE offer.order_id = taken.order_id
                     AND offer.product_id = sent.product_id
                   LIMIT 1) END AS instead_gtin,
       CASE WHEN sent.product_id <> taken.product_id AND taken.disposition <> 'kept'
            THEN taken.product_id END AS booked_as
  FROM taken
  JOIN sent
    ON sent.order_id = taken.order_id
   AND sent.line_no = taken.line_no
   AND sent.since < taken.until
   AND sent.until > taken.since;

DELETE FROM returns.lines AS line
 USING came_back
 WHERE line.return_id = came_back.return_id
   AND line.line_no = came_back.line_no;

INSERT INTO returns.lines (
       return_id, line_no, product_id, quantity, disposition, instead_gtin, booked_as)
SELECT return_id, line_no, product_id, quantity, disposition, instead_gtin, booked_as
  FROM came_back;
