-- Whether something is sold by weight, or asks for its date, is a matter of the catalogue: it stands in
-- its files, is checked like the rest, and undone. `fulfilment.handling` is read no more; it goes once no
-- older process writes to it.

SET LOCAL lock_timeout = '5s';

ALTER TABLE catalog.products
    ADD COLUMN by_weight boolean NOT NULL DEFAULT false,
    ADD COLUMN scale_number text
        CONSTRAINT scale_number_is_of_the_shop CHECK (scale_number ~ '^2[0-9]{6}$'),
    ADD COLUMN dated boolean NOT NULL DEFAULT false,
    ADD CONSTRAINT scale_numbers_are_unique UNIQUE (scale_number) DEFERRABLE,
    ADD CONSTRAINT only_weighed_goods_have_a_scale_number CHECK (by_weight OR scale_number IS NULL),
    ADD CONSTRAINT weighed_goods_are_sold_in_grams CHECK (NOT by_weight OR content_unit = 'g');
COMMENT ON COLUMN catalog.products.by_weight IS
    'Sold as about its content in grams; what is lighter costs less, what is up to 10 % heavier not more.';
COMMENT ON COLUMN catalog.products.scale_number IS
    'The first seven digits of what the scale prints: 2, then the shop''s own number; five digits of grams follow.';
COMMENT ON COLUMN catalog.products.dated IS
    'Its best-before date is asked for while picking, and must not be over at the door.';

UPDATE catalog.products AS product
   SET by_weight = known.weighed AND product.content_unit = 'g',
       scale_number = CASE WHEN known.weighed AND product.content_unit = 'g'
                           THEN known.item_number END,
       dated = known.dated
  FROM fulfilment.handling AS known
 WHERE known.product_id = product.id;

ALTER TABLE catalog.staged
    ADD COLUMN by_weight boolean, ADD COLUMN scale_number text, ADD COLUMN dated boolean;
ALTER TABLE catalog.replaced
    ADD COLUMN by_weight boolean, ADD COLUMN scale_number text, ADD COLUMN dated boolean;

CREATE OR REPLACE VIEW catalog.sheet AS
SELECT product.id AS product_id, product.version, product.gtin,
       coalesce(further.codes, '{}') AS codes,
       product.brand, product.category,
       coalesce(category_nl.name, '') AS category_nl, coalesce(category_en.name, '') AS category_en,
       coalesce(category_ko.name, '') AS category_ko,
       coalesce(nl.name, '') AS name_nl, coalesce(en.name, '') AS name_en, coalesce(ko.name, '') AS name_ko,
       coalesce(nl.description, '') AS description_nl, coalesce(en.description, '') AS description_en,
       coalesce(ko.description, '') AS description_ko,
       coalesce(nl.ingredients, '') AS ingredients_nl, coalesce(en.ingredients, '') AS ingredients_en,
       coalesce(ko.ingredients, '') AS ingredients_ko,
       product.content_quantity, product.content_unit, product.price, product.currency, product.vat,
       product.deposit, coalesce(product.age_limit, 0::smallint) AS age_limit, product.storage,
       coalesce(product.weight_g, 0) AS weight_g, product.allergens,
       coalesce(product.nutrition, '{}')::text AS nutrition, product.origin,
       coalesce(product.picture, '') AS picture, product.on_sale, product.popularity,
       coalesce(product.most_per_basket, 0::smallint) AS most_per_basket,
       product.by_weight, coalesce(product.scale_number, '') AS scale_number, product.dated
  FROM catalog.products AS product
  LEFT JOIN catalog.texts AS nl ON nl.product_id = product.id AND nl.language = 'nl'
  LEFT JOIN catalog.texts AS en ON en.product_id = product.id AND en.language = 'en'
  LEFT JOIN catalog.texts AS ko ON ko.product_id = product.id AND ko.language = 'ko'
  LEFT JOIN catalog.categories AS category_nl
    ON category_nl.category = product.category AND category_nl.language = 'nl'
  LEFT JOIN catalog.categories AS category_en
    ON category_en.category = product.category AND category_en.language = 'en'
  LEFT JOIN catalog.categories AS category_ko
    ON category_ko.category = product.category AND category_ko.language = 'ko'
  LEFT JOIN LATERAL (SELECT array_agg(code.gtin ORDER BY code.gtin) AS codes
                       FROM catalog.codes AS code
                      WHERE code.product_id = product.id
                        AND code.gtin <> product.gtin) AS further ON true;
