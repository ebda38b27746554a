-- What was short before is paid back already.

SET LOCAL lock_timeout = '5s';

UPDATE fulfilment.picks
   SET paid_back_for = short
 WHERE short > 0;
