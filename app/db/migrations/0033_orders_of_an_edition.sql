-- What a wall sold is asked every morning, and for every heat map.
CREATE INDEX lines_of_edition ON orders.lines (edition_id, product_id)
    WHERE edition_id <> '00000000-0000-0000-0000-000000000000';
