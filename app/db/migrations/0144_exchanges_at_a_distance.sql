-- Exchanged without a till: the order that is taken instead waits for what comes back, whose worth is
-- promised to it; what is more is paid for it at once.

SET LOCAL lock_timeout = '5s';

ALTER TABLE returns.requests ADD COLUMN exchange_id uuid;
COMMENT ON COLUMN returns.requests.exchange_id IS
    'The order that is taken instead, and leaves when what comes back is here.';

CREATE VIEW checks.promises AS
SELECT promise.id, promise.order_id, sold.state, promise.amount, asked.state AS request
  FROM payments.intents AS promise
  LEFT JOIN orders.orders AS sold ON sold.id = promise.order_id
  LEFT JOIN returns.requests AS asked ON asked.exchange_id = promise.order_id
 WHERE promise.provider = 'exchange'
   AND (promise.state <> 'open'
        OR sold.state IS DISTINCT FROM 'placed'
        OR asked.state IS DISTINCT FROM 'open');
