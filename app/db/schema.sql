CREATE SCHEMA cart;

CREATE SCHEMA cases;

CREATE SCHEMA catalog;

CREATE SCHEMA checkout;

CREATE SCHEMA checks;

CREATE SCHEMA collecting;

CREATE SCHEMA commands;

CREATE SCHEMA contact;

CREATE SCHEMA customers;

CREATE SCHEMA files;

CREATE SCHEMA fulfilment;

CREATE SCHEMA jobs;

CREATE SCHEMA loyalty;

CREATE SCHEMA messaging;

CREATE SCHEMA orders;

CREATE SCHEMA payments;

CREATE SCHEMA pricing;

CREATE SCHEMA returns;

CREATE SCHEMA scan;

CREATE SCHEMA search;

CREATE SCHEMA slots;

CREATE SCHEMA sourcing;

CREATE SCHEMA staff;

CREATE SCHEMA stock;

CREATE SCHEMA tills;

CREATE SCHEMA walls;

CREATE SCHEMA webhooks;

CREATE EXTENSION IF NOT EXISTS btree_gist WITH SCHEMA public;

COMMENT ON EXTENSION btree_gist IS 'support for indexing common datatypes in GiST';

CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public;

COMMENT ON EXTENSION pg_trgm IS 'text similarity measurement and index searching based on trigrams';

CREATE FUNCTION loyalty.refuse_rewriting() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF TG_OP = 'DELETE' AND NOT EXISTS (SELECT
                                          FROM loyalty.accounts
                                         WHERE customer_id = OLD.customer_id) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'The ledger of points only grows: write another entry.';
END $$;

CREATE FUNCTION payments.refuse_rewriting() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    RAISE EXCEPTION 'The ledger of gift cards only grows: write another entry.';
END $$;

CREATE TABLE catalog.prices (
    product_id uuid NOT NULL,
    amount bigint NOT NULL,
    from_at timestamp with time zone DEFAULT now() NOT NULL,
    until_at timestamp with time zone,
    CONSTRAINT amount_is_not_negative CHECK ((amount >= 0)),
    CONSTRAINT it_ends_after_it_starts CHECK ((until_at >= from_at))
);

COMMENT ON TABLE catalog.prices IS 'Every price from the first on: a reduction must show the lowest of 30 days (98/6/EC art. 6a).';

CREATE TABLE catalog.products (
    id uuid NOT NULL,
    gtin text NOT NULL,
    brand text DEFAULT ''::text NOT NULL,
    category text NOT NULL,
    content_quantity integer NOT NULL,
    content_unit text NOT NULL,
    price bigint NOT NULL,
    currency text NOT NULL,
    vat text NOT NULL,
    deposit bigint DEFAULT 0 NOT NULL,
    age_limit smallint,
    storage text DEFAULT 'ambient'::text NOT NULL,
    weight_g integer,
    allergens text[] DEFAULT '{}'::text[] NOT NULL,
    nutrition jsonb,
    origin text DEFAULT ''::text NOT NULL,
    picture bytea,
    on_sale boolean DEFAULT true NOT NULL,
    popularity integer DEFAULT 0 NOT NULL,
    version bigint DEFAULT 1 NOT NULL,
    changed_at timestamp with time zone DEFAULT now() NOT NULL,
    most_per_basket smallint,
    stopped boolean DEFAULT false NOT NULL,
    by_weight boolean DEFAULT false NOT NULL,
    scale_number text,
    dated boolean DEFAULT false NOT NULL,
    CONSTRAINT age_is_human CHECK (((age_limit >= 1) AND (age_limit <= 99))),
    CONSTRAINT at_least_one_at_most_99 CHECK (((most_per_basket >= 1) AND (most_per_basket <= 99))),
    CONSTRAINT currency_is_iso_4217 CHECK ((currency ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT deposit_is_not_negative CHECK ((deposit >= 0)),
    CONSTRAINT gtin_has_14_digits CHECK ((gtin ~ '^[0-9]{14}$'::text)),
    CONSTRAINT known_storage CHECK ((storage = ANY (ARRAY['ambient'::text, 'chilled'::text, 'frozen'::text]))),
    CONSTRAINT known_unit CHECK ((content_unit = ANY (ARRAY['g'::text, 'ml'::text, 'piece'::text]))),
    CONSTRAINT known_vat CHECK ((vat = ANY (ARRAY['zero'::text, 'low'::text, 'high'::text]))),
    CONSTRAINT only_weighed_goods_have_a_scale_number CHECK ((by_weight OR (scale_number IS NULL))),
    CONSTRAINT price_is_not_negative CHECK ((price >= 0)),
    CONSTRAINT scale_number_is_of_the_shop CHECK ((scale_number ~ '^2[0-9]{6}$'::text)),
    CONSTRAINT there_is_something_in_it CHECK ((content_quantity > 0)),
    CONSTRAINT weighed_goods_are_sold_in_grams CHECK (((NOT by_weight) OR (content_unit = 'g'::text))),
    CONSTRAINT weight_is_positive CHECK ((weight_g > 0))
);

COMMENT ON COLUMN catalog.products.most_per_basket IS 'How many one customer may have, over all lines of the product; NULL for as many as fit.';

COMMENT ON COLUMN catalog.products.stopped IS 'Beside on_sale, which a file may set: a recalled product stays off the walls whatever is imported.';

COMMENT ON COLUMN catalog.products.by_weight IS 'Sold as about its content in grams; what is lighter costs less, what is up to 10 % heavier not more.';

COMMENT ON COLUMN catalog.products.scale_number IS 'The first seven digits of what the scale prints: 2, then the shop''s own number; five digits of grams follow.';

COMMENT ON COLUMN catalog.products.dated IS 'Its best-before date is asked for while picking, and must not be over at the door.';

CREATE TABLE pricing.list_prices (
    product_id uuid NOT NULL,
    list_id uuid NOT NULL,
    amount bigint NOT NULL,
    CONSTRAINT amount_is_not_negative CHECK ((amount >= 0))
);

COMMENT ON TABLE pricing.list_prices IS 'Never changed: a list that was wrong is ended and another one made, so that what was asked stays known.';

CREATE TABLE pricing.lists (
    id uuid NOT NULL,
    name text NOT NULL,
    channel text,
    place_id uuid,
    customer_group text,
    currency text NOT NULL,
    runs tstzrange NOT NULL,
    person_id uuid,
    made_at timestamp with time zone DEFAULT now() NOT NULL,
    ended_by uuid,
    ended_at timestamp with time zone,
    CONSTRAINT a_list_has_a_name CHECK ((name <> ''::text)),
    CONSTRAINT currency_is_iso CHECK ((currency ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT known_channel CHECK ((channel = ANY (ARRAY['wall'::text, 'web'::text, 'till'::text, 'agent'::text]))),
    CONSTRAINT runs_some_time CHECK ((NOT isempty(runs)))
);

COMMENT ON TABLE pricing.lists IS 'The list that says the most about the sale wins, then the one that began last. One that says nothing but a period is a scheduled price.';

CREATE VIEW pricing.price_periods AS
 SELECT price.product_id,
    price.amount,
    tstzrange(price.from_at, price.until_at) AS held
   FROM catalog.prices price
  WHERE ((price.from_at < price.until_at) OR (price.until_at IS NULL))
UNION ALL
 SELECT listed.product_id,
    listed.amount,
    list.runs AS held
   FROM ((pricing.list_prices listed
     JOIN pricing.lists list ON ((list.id = listed.list_id)))
     JOIN catalog.products product ON ((product.id = listed.product_id)))
  WHERE ((list.channel IS NULL) AND (list.place_id IS NULL) AND (list.customer_group IS NULL) AND (list.currency = product.currency) AND ((list.ended_at IS NULL) OR (list.ended_at > lower(list.runs))));

COMMENT ON VIEW pricing.price_periods IS 'What everybody was asked for a product, and when.';

CREATE FUNCTION pricing.lowest_of_30_days(product uuid, before timestamp with time zone) RETURNS bigint
    LANGUAGE sql STABLE
    RETURN (SELECT min(period.amount) AS min FROM pricing.price_periods period WHERE ((period.product_id = lowest_of_30_days.product) AND (period.held && tstzrange((lowest_of_30_days.before - '30 days'::interval), lowest_of_30_days.before))));

COMMENT ON FUNCTION pricing.lowest_of_30_days(product uuid, before timestamp with time zone) IS 'The lowest price asked of everybody in the 30 days before a reduction began (98/6/EC art. 6a).';

CREATE FUNCTION pricing.refuse_rewriting() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    RAISE EXCEPTION 'What was asked stays known: end this list and make another one.';
END $$;

CREATE FUNCTION search.folded(words text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN regexp_replace(NORMALIZE(lower(words), NFKD), '[\u0300-\u036f]'::text, ''::text, 'g'::text);

CREATE FUNCTION staff.refuse_rewriting() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    RAISE EXCEPTION 'What staff did is kept as it was.';
END $$;

CREATE TABLE staff.audit (
    id uuid NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    person_id uuid,
    act text NOT NULL,
    subject text NOT NULL,
    reason text DEFAULT ''::text NOT NULL
);

COMMENT ON TABLE staff.audit IS 'Append only. Who (nobody: the operator at the shell) did what, on what, when and why; subjects are ids.';

CREATE FUNCTION staff.seal_of(before bytea, entry staff.audit) RETURNS bytea
    LANGUAGE sql STABLE
    RETURN sha256((before || convert_to((jsonb_build_array((entry).id, EXTRACT(epoch FROM (entry).at), (entry).person_id, (entry).act, (entry).subject, (entry).reason))::text, 'UTF8'::name)));

CREATE FUNCTION walls.refuse_rewriting() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    RAISE EXCEPTION 'What was printed stays as it was printed.';
END $$;

CREATE TABLE cart.carts (
    id uuid NOT NULL,
    version bigint DEFAULT 0 NOT NULL,
    items integer DEFAULT 0 NOT NULL,
    state text DEFAULT 'open'::text NOT NULL,
    currency text NOT NULL,
    alias_of uuid,
    order_id uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    note text DEFAULT ''::text NOT NULL,
    CONSTRAINT a_cart_has_a_bottom CHECK (((items >= 0) AND (items <= 999))),
    CONSTRAINT a_note_is_short CHECK ((length(note) <= 500)),
    CONSTRAINT currency_is_iso CHECK ((currency ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT known_state CHECK ((state = ANY (ARRAY['open'::text, 'frozen'::text, 'ordered'::text, 'merged'::text]))),
    CONSTRAINT merged_into_another CHECK (((state = 'merged'::text) = (alias_of IS NOT NULL))),
    CONSTRAINT ordered_as_an_order CHECK (((state = 'ordered'::text) = (order_id IS NOT NULL)))
)
WITH (fillfactor='70', autovacuum_vacuum_scale_factor='0.02');

COMMENT ON TABLE cart.carts IS 'Every change locks this row first and gives it the next version. No index stands on what moves.';

COMMENT ON COLUMN cart.carts.order_id IS 'One cart becomes one order at most: it is set by a conditional write on this row.';

CREATE TABLE cart.changes (
    cart_id uuid NOT NULL,
    version bigint NOT NULL,
    command_id uuid NOT NULL,
    body jsonb NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL
);

COMMENT ON TABLE cart.changes IS 'What a watcher missed; kept for a day. Without a foreign key: its cart is locked when it is written.';

CREATE TABLE cart.coupons (
    cart_id uuid NOT NULL,
    code text NOT NULL,
    attached_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT coupon_has_one_spelling CHECK ((code ~ '^[A-Z0-9-]{3,32}$'::text))
);

COMMENT ON TABLE cart.coupons IS 'What the shopper has shown; whether and how it counts, the prices say.';

CREATE TABLE cart.line_notes (
    cart_id uuid NOT NULL,
    product_id uuid NOT NULL,
    text text NOT NULL,
    CONSTRAINT a_note_is_some_words CHECK (((char_length(text) >= 1) AND (char_length(text) <= 200)))
);

COMMENT ON TABLE cart.line_notes IS 'Of all lines of that product, however they are handed over; also while it is taken out, since who puts it back means the same.';

CREATE TABLE cart.lines (
    cart_id uuid NOT NULL,
    product_id uuid NOT NULL,
    handover text NOT NULL,
    edition_id uuid NOT NULL,
    quantity integer NOT NULL,
    printed_price bigint,
    honoured_until timestamp with time zone,
    added_from text NOT NULL,
    label text,
    version bigint NOT NULL,
    added_at timestamp with time zone DEFAULT now() NOT NULL,
    measured_g integer,
    measured_price bigint,
    CONSTRAINT a_promise_has_an_end CHECK (((printed_price IS NULL) = (honoured_until IS NULL))),
    CONSTRAINT at_most_99_of_one CHECK (((quantity >= 1) AND (quantity <= 99))),
    CONSTRAINT known_handover CHECK ((handover = ANY (ARRAY['delivery'::text, 'collect'::text, 'carry-out'::text]))),
    CONSTRAINT known_origin CHECK ((added_from = ANY (ARRAY['wall'::text, 'web'::text, 'till'::text, 'agent'::text]))),
    CONSTRAINT measured_one_way CHECK (((measured_g IS NULL) OR (measured_price IS NULL))),
    CONSTRAINT measured_price_is_not_negative CHECK ((measured_price >= 0)),
    CONSTRAINT only_a_poster_promises CHECK (((printed_price IS NULL) OR (edition_id <> '00000000-0000-0000-0000-000000000000'::uuid))),
    CONSTRAINT printed_price_is_not_negative CHECK ((printed_price >= 0)),
    CONSTRAINT weight_is_positive CHECK ((measured_g > 0))
)
WITH (fillfactor='70', autovacuum_vacuum_scale_factor='0.02');

COMMENT ON COLUMN cart.lines.edition_id IS 'The poster whose price is promised, or zeros: two of one product at different prices are two lines.';

COMMENT ON COLUMN cart.lines.label IS 'The printed label it was scanned from, for going on with it.';

COMMENT ON COLUMN cart.lines.version IS 'The version of the cart at which this line last changed.';

COMMENT ON COLUMN cart.lines.measured_g IS 'What the sticker of a weighed pack says; then edition_id is made from it: another weight is another line.';

COMMENT ON COLUMN cart.lines.measured_price IS 'The same where the sticker says a price.';

CREATE TABLE cart.members (
    customer_id uuid NOT NULL,
    cart_id uuid NOT NULL
);

COMMENT ON TABLE cart.members IS 'The basket a customer goes on with on every phone. Its row is locked first when baskets meet.';

CREATE TABLE cart.merges (
    id uuid NOT NULL,
    survivor uuid NOT NULL,
    guest uuid NOT NULL,
    customer_id uuid,
    brought jsonb NOT NULL,
    parked jsonb NOT NULL,
    left_out integer DEFAULT 0 NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    undone_at timestamp with time zone,
    followers uuid[] DEFAULT '{}'::uuid[] NOT NULL,
    coupons text[] DEFAULT '{}'::text[] NOT NULL,
    noted boolean DEFAULT false NOT NULL,
    line_notes uuid[] DEFAULT '{}'::uuid[] NOT NULL
);

COMMENT ON TABLE cart.merges IS 'What a guest''s basket brought into another (line by line), so that it can be taken out again.';

COMMENT ON COLUMN cart.merges.followers IS 'Baskets that had become one with the guest''s before: they go with it.';

COMMENT ON COLUMN cart.merges.line_notes IS 'Products about which the guest had said something, and the other basket nothing.';

CREATE TABLE cart.ordered_by (
    cart_id uuid NOT NULL,
    customer_id uuid NOT NULL
);

COMMENT ON TABLE cart.ordered_by IS 'Whose basket it was when it was ordered, on the web or at a till; of guests there is no row.';

CREATE TABLE cart.pairings (
    sha256 bytea NOT NULL,
    cart_id uuid,
    view_id uuid,
    role text NOT NULL,
    until_at timestamp with time zone NOT NULL,
    CONSTRAINT code_is_hashed CHECK ((octet_length(sha256) = 32)),
    CONSTRAINT either_offers_or_asks CHECK (((cart_id IS NULL) <> (view_id IS NULL))),
    CONSTRAINT known_role CHECK ((role = ANY (ARRAY['look'::text, 'help'::text, 'own'::text])))
);

COMMENT ON TABLE cart.pairings IS 'Codes that work once and for minutes: a basket that is offered, or a till that asks for one.';

CREATE TABLE cart.saved (
    cart_id uuid NOT NULL,
    product_id uuid NOT NULL,
    handover text NOT NULL,
    edition_id uuid NOT NULL,
    quantity integer NOT NULL,
    printed_price bigint,
    honoured_until timestamp with time zone,
    added_from text NOT NULL,
    label text,
    measured_g integer,
    measured_price bigint,
    saved_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT at_most_99_of_one CHECK (((quantity >= 1) AND (quantity <= 99))),
    CONSTRAINT known_handover CHECK ((handover = ANY (ARRAY['delivery'::text, 'collect'::text, 'carry-out'::text])))
);

COMMENT ON TABLE cart.saved IS 'Lines laid aside: in no sum and in no order, until somebody puts them back.';

CREATE TABLE cart.shares (
    sha256 bytea NOT NULL,
    lines jsonb NOT NULL,
    currency text NOT NULL,
    until_at timestamp with time zone NOT NULL,
    CONSTRAINT token_is_hashed CHECK ((octet_length(sha256) = 32))
);

COMMENT ON TABLE cart.shares IS 'Copies of baskets behind links: products and quantities, nothing of whose they were.';

CREATE TABLE cart.tokens (
    sha256 bytea NOT NULL,
    cart_id uuid NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT token_is_hashed CHECK ((octet_length(sha256) = 32))
);

COMMENT ON TABLE cart.tokens IS 'Who has the token has the cart. After an order the token moves on to the next, empty cart.';

CREATE TABLE cart.views (
    id uuid NOT NULL,
    sha256 bytea NOT NULL,
    cart_id uuid,
    role text NOT NULL,
    until_at timestamp with time zone NOT NULL,
    opened_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT known_role CHECK ((role = ANY (ARRAY['look'::text, 'help'::text]))),
    CONSTRAINT token_is_hashed CHECK ((octet_length(sha256) = 32))
);

COMMENT ON TABLE cart.views IS 'Somebody else''s look at a basket, for hours at most; deleting the row ends it at once.';

CREATE TABLE cases.board (
    one boolean DEFAULT true NOT NULL,
    version bigint NOT NULL,
    CONSTRAINT there_is_one_board CHECK (one)
);

COMMENT ON TABLE cases.board IS 'Counted up with every change, so that whoever watches the list hears of it.';

CREATE TABLE cases.cases (
    id uuid NOT NULL,
    order_id uuid NOT NULL,
    about uuid,
    kind text NOT NULL,
    state text NOT NULL,
    owner uuid,
    words text DEFAULT ''::text NOT NULL,
    learned text DEFAULT ''::text NOT NULL,
    version bigint DEFAULT 1 NOT NULL,
    opened_at timestamp with time zone DEFAULT now() NOT NULL,
    due_at timestamp with time zone NOT NULL,
    closed_at timestamp with time zone,
    CONSTRAINT a_closed_case_has_taught_something CHECK (((state <> 'closed'::text) OR (learned <> ''::text))),
    CONSTRAINT known_kind CHECK ((kind = ANY (ARRAY['missing'::text, 'damaged'::text, 'warm'::text, 'wrong'::text, 'late'::text, 'other'::text]))),
    CONSTRAINT known_state CHECK ((state = ANY (ARRAY['open'::text, 'answered'::text, 'closed'::text])))
);

COMMENT ON COLUMN cases.cases.about IS 'The return, or the request for one, that it came with.';

COMMENT ON COLUMN cases.cases.state IS 'answered: the money is back already, somebody still looks at why.';

CREATE TABLE cases.entries (
    id uuid NOT NULL,
    case_id uuid NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    by uuid,
    channel text NOT NULL,
    text text NOT NULL,
    CONSTRAINT entry_says_something CHECK ((text <> ''::text)),
    CONSTRAINT known_channel CHECK ((channel = ANY (ARRAY['web'::text, 'mail'::text, 'phone'::text, 'chat'::text, 'counter'::text, 'note'::text])))
);

CREATE TABLE catalog.categories (
    category text NOT NULL,
    language text NOT NULL,
    name text NOT NULL,
    CONSTRAINT known_language CHECK ((language = ANY (ARRAY['nl'::text, 'en'::text, 'ko'::text])))
);

CREATE TABLE catalog.codes (
    gtin text NOT NULL,
    product_id uuid NOT NULL,
    CONSTRAINT code_has_14_digits CHECK ((gtin ~ '^[0-9]{14}$'::text))
);

COMMENT ON TABLE catalog.codes IS 'Every code a product is found by, its own GTIN among them.';

CREATE UNLOGGED TABLE catalog.complaints (
    import_id uuid NOT NULL,
    "row" integer NOT NULL,
    "column" text NOT NULL,
    sentence text NOT NULL,
    "values" jsonb NOT NULL,
    level text NOT NULL,
    CONSTRAINT known_level CHECK ((level = ANY (ARRAY['error'::text, 'notice'::text])))
);

CREATE TABLE catalog.imports (
    id uuid NOT NULL,
    file_name text NOT NULL,
    kind text NOT NULL,
    undoes uuid,
    state text NOT NULL,
    person_id uuid,
    rows integer DEFAULT 0 NOT NULL,
    errors integer DEFAULT 0 NOT NULL,
    notices integer DEFAULT 0 NOT NULL,
    new integer DEFAULT 0 NOT NULL,
    changed integer DEFAULT 0 NOT NULL,
    same integer DEFAULT 0 NOT NULL,
    "left" integer DEFAULT 0 NOT NULL,
    taken boolean DEFAULT false NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    imported_at timestamp with time zone,
    CONSTRAINT known_kind CHECK ((kind = ANY (ARRAY['file'::text, 'edit'::text, 'undo'::text]))),
    CONSTRAINT known_state CHECK ((state = ANY (ARRAY['waiting'::text, 'checked'::text, 'imported'::text]))),
    CONSTRAINT nothing_wrong_is_imported CHECK (((state <> 'imported'::text) OR ((errors = 0) AND (imported_at IS NOT NULL))))
);

CREATE TABLE catalog.replaced (
    import_id uuid CONSTRAINT staged_import_id_not_null NOT NULL,
    "row" integer CONSTRAINT staged_row_not_null NOT NULL,
    gtin text CONSTRAINT staged_gtin_not_null NOT NULL,
    product_id uuid,
    seen_version bigint,
    fate text,
    changes text[],
    codes text[],
    brand text,
    category text,
    category_nl text,
    category_en text,
    category_ko text,
    name_nl text,
    name_en text,
    name_ko text,
    description_nl text,
    description_en text,
    description_ko text,
    ingredients_nl text,
    ingredients_en text,
    ingredients_ko text,
    content_quantity integer,
    content_unit text,
    price bigint,
    currency text,
    vat text,
    deposit bigint,
    age_limit smallint,
    storage text,
    weight_g integer,
    allergens text[],
    nutrition text,
    origin text,
    picture bytea,
    on_sale boolean,
    popularity integer,
    version_after bigint NOT NULL,
    most_per_basket smallint,
    by_weight boolean,
    scale_number text,
    dated boolean
);

COMMENT ON TABLE catalog.replaced IS 'What the last import replaced, so that it can be undone.';

CREATE TABLE catalog.texts (
    product_id uuid NOT NULL,
    language text NOT NULL,
    name text NOT NULL,
    description text DEFAULT ''::text NOT NULL,
    ingredients text DEFAULT ''::text NOT NULL,
    CONSTRAINT a_product_has_a_name CHECK ((name <> ''::text)),
    CONSTRAINT known_language CHECK ((language = ANY (ARRAY['nl'::text, 'en'::text, 'ko'::text])))
);

CREATE VIEW catalog.sheet AS
 SELECT product.id AS product_id,
    product.version,
    product.gtin,
    COALESCE(further.codes, '{}'::text[]) AS codes,
    product.brand,
    product.category,
    COALESCE(category_nl.name, ''::text) AS category_nl,
    COALESCE(category_en.name, ''::text) AS category_en,
    COALESCE(category_ko.name, ''::text) AS category_ko,
    COALESCE(nl.name, ''::text) AS name_nl,
    COALESCE(en.name, ''::text) AS name_en,
    COALESCE(ko.name, ''::text) AS name_ko,
    COALESCE(nl.description, ''::text) AS description_nl,
    COALESCE(en.description, ''::text) AS description_en,
    COALESCE(ko.description, ''::text) AS description_ko,
    COALESCE(nl.ingredients, ''::text) AS ingredients_nl,
    COALESCE(en.ingredients, ''::text) AS ingredients_en,
    COALESCE(ko.ingredients, ''::text) AS ingredients_ko,
    product.content_quantity,
    product.content_unit,
    product.price,
    product.currency,
    product.vat,
    product.deposit,
    COALESCE(product.age_limit, (0)::smallint) AS age_limit,
    product.storage,
    COALESCE(product.weight_g, 0) AS weight_g,
    product.allergens,
    (COALESCE(product.nutrition, '{}'::jsonb))::text AS nutrition,
    product.origin,
    COALESCE(product.picture, '\x'::bytea) AS picture,
    product.on_sale,
    product.popularity,
    COALESCE(product.most_per_basket, (0)::smallint) AS most_per_basket,
    product.by_weight,
    COALESCE(product.scale_number, ''::text) AS scale_number,
    product.dated
   FROM (((((((catalog.products product
     LEFT JOIN catalog.texts nl ON (((nl.product_id = product.id) AND (nl.language = 'nl'::text))))
     LEFT JOIN catalog.texts en ON (((en.product_id = product.id) AND (en.language = 'en'::text))))
     LEFT JOIN catalog.texts ko ON (((ko.product_id = product.id) AND (ko.language = 'ko'::text))))
     LEFT JOIN catalog.categories category_nl ON (((category_nl.category = product.category) AND (category_nl.language = 'nl'::text))))
     LEFT JOIN catalog.categories category_en ON (((category_en.category = product.category) AND (category_en.language = 'en'::text))))
     LEFT JOIN catalog.categories category_ko ON (((category_ko.category = product.category) AND (category_ko.language = 'ko'::text))))
     LEFT JOIN LATERAL ( SELECT array_agg(code.gtin ORDER BY code.gtin) AS codes
           FROM catalog.codes code
          WHERE ((code.product_id = product.id) AND (code.gtin <> product.gtin))) further ON (true));

COMMENT ON VIEW catalog.sheet IS 'The catalogue as one wide row per product, as files hold it.';

CREATE UNLOGGED TABLE catalog.staged (
    import_id uuid NOT NULL,
    "row" integer NOT NULL,
    gtin text NOT NULL,
    product_id uuid,
    seen_version bigint,
    fate text,
    changes text[],
    codes text[],
    brand text,
    category text,
    category_nl text,
    category_en text,
    category_ko text,
    name_nl text,
    name_en text,
    name_ko text,
    description_nl text,
    description_en text,
    description_ko text,
    ingredients_nl text,
    ingredients_en text,
    ingredients_ko text,
    content_quantity integer,
    content_unit text,
    price bigint,
    currency text,
    vat text,
    deposit bigint,
    age_limit smallint,
    storage text,
    weight_g integer,
    allergens text[],
    nutrition text,
    origin text,
    picture bytea,
    on_sale boolean,
    popularity integer,
    most_per_basket smallint,
    by_weight boolean,
    scale_number text,
    dated boolean,
    CONSTRAINT known_fate CHECK ((fate = ANY (ARRAY['new'::text, 'changed'::text, 'same'::text])))
);

COMMENT ON TABLE catalog.staged IS 'Rows of files that are being checked. NULL means the file says nothing of it; '''', 0 and {} clear it.';

CREATE TABLE catalog.uploaded (
    import_id uuid NOT NULL,
    part integer NOT NULL,
    body bytea NOT NULL
);
ALTER TABLE ONLY catalog.uploaded ALTER COLUMN body SET STORAGE EXTERNAL;

COMMENT ON TABLE catalog.uploaded IS 'A file as it came, in parts, until a worker has checked it.';

CREATE TABLE checkout.attempts (
    id uuid NOT NULL,
    cart_id uuid NOT NULL,
    command uuid NOT NULL,
    fingerprint bytea NOT NULL,
    state text DEFAULT 'frozen'::text NOT NULL,
    order_id uuid NOT NULL,
    slot_id uuid NOT NULL,
    intent_id uuid,
    refusal jsonb,
    due_at timestamp with time zone,
    tries integer DEFAULT 0 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    senders jsonb,
    CONSTRAINT fingerprint_is_sha256 CHECK ((octet_length(fingerprint) = 32)),
    CONSTRAINT known_state CHECK ((state = ANY (ARRAY['frozen'::text, 'placed'::text, 'paid'::text, 'refused'::text, 'released'::text]))),
    CONSTRAINT unfinished_is_due CHECK (((state <> ALL (ARRAY['frozen'::text, 'placed'::text])) OR (due_at IS NOT NULL)))
);

COMMENT ON TABLE checkout.attempts IS 'One way of a cart to an order. Its id names the hold on the stock, so that each step can repeat.';

COMMENT ON COLUMN checkout.attempts.order_id IS 'Known from the start: it is the holder of stock and slot, whether or not the order comes about.';

COMMENT ON COLUMN checkout.attempts.senders IS 'Who sends what, in which slot, once that is not all from the place of the chosen slot.';

CREATE TABLE checkout.changes (
    id uuid NOT NULL,
    order_id uuid NOT NULL,
    state text NOT NULL,
    intent_id uuid,
    difference bigint NOT NULL,
    lines jsonb NOT NULL,
    receipt jsonb NOT NULL,
    made_by text NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    asked_at timestamp with time zone DEFAULT now() NOT NULL,
    done_at timestamp with time zone,
    CONSTRAINT known_hand CHECK ((made_by = ANY (ARRAY['shopper'::text, 'agent'::text]))),
    CONSTRAINT known_state CHECK ((state = ANY (ARRAY['waiting'::text, 'made'::text, 'dropped'::text]))),
    CONSTRAINT more_is_paid_first CHECK (((state <> 'waiting'::text) OR ((difference > 0) AND (intent_id IS NOT NULL))))
);

COMMENT ON TABLE checkout.changes IS 'What an order shall become, priced when it was asked for; its id names the hold on what is more.';

CREATE TABLE staff.seals (
    number bigint NOT NULL,
    audit_id uuid NOT NULL,
    sha256 bytea NOT NULL,
    CONSTRAINT seal_is_sha256 CHECK ((octet_length(sha256) = 32)),
    CONSTRAINT seals_start_at_one CHECK ((number >= 1))
);

COMMENT ON TABLE staff.seals IS 'Each seal covers its entry and the seal before it. A sweeper adds them, so that no act waits for another.';

CREATE VIEW checks.audit AS
 SELECT seal.number,
    seal.audit_id,
    'broken seal'::text AS wrong
   FROM ((staff.seals seal
     LEFT JOIN staff.seals before ON ((before.number = (seal.number - 1))))
     LEFT JOIN staff.audit entry ON ((entry.id = seal.audit_id)))
  WHERE (((before.number IS NULL) AND (seal.number <> 1)) OR (entry.id IS NULL) OR (seal.sha256 <> staff.seal_of(COALESCE(before.sha256, '\x'::bytea), entry.*)))
UNION ALL
 SELECT NULL::bigint AS number,
    entry.id AS audit_id,
    'not sealed'::text AS wrong
   FROM staff.audit entry
  WHERE ((entry.at < (now() - '00:10:00'::interval)) AND (NOT (EXISTS ( SELECT
           FROM staff.seals seal
          WHERE (seal.audit_id = entry.id)))));

CREATE TABLE stock.awaited (
    expected_id uuid NOT NULL,
    hold_id uuid NOT NULL,
    quantity integer NOT NULL,
    CONSTRAINT something_is_awaited CHECK ((quantity > 0))
);

COMMENT ON TABLE stock.awaited IS 'Pieces of a hold that have yet to come in; until then they are short on its line. A row ends with the arrival, or with its hold.';

CREATE TABLE stock.expected (
    id uuid NOT NULL,
    product_id uuid NOT NULL,
    place_id uuid NOT NULL,
    quantity integer NOT NULL,
    due_on date NOT NULL,
    arrived_at timestamp with time zone,
    promised integer DEFAULT 0 NOT NULL,
    to_order boolean DEFAULT false NOT NULL,
    CONSTRAINT no_more_promised_than_announced CHECK (((promised >= 0) AND (promised <= quantity))),
    CONSTRAINT something_is_expected CHECK ((quantity > 0))
);

COMMENT ON COLUMN stock.expected.to_order IS 'Whether it may be ordered before it is in, for days after the one on which it comes.';

CREATE TABLE stock.hold_lines (
    hold_id uuid NOT NULL,
    product_id uuid NOT NULL,
    place_id uuid NOT NULL,
    quantity integer NOT NULL,
    picked integer,
    short integer DEFAULT 0 NOT NULL,
    CONSTRAINT no_more_picked_than_held CHECK (((picked >= 0) AND (picked <= quantity))),
    CONSTRAINT no_more_short_than_held CHECK (((short >= 0) AND (short <= quantity))),
    CONSTRAINT something_is_held CHECK ((quantity > 0))
);

COMMENT ON COLUMN stock.hold_lines.picked IS 'Empty while the goods are still to be picked; then what was found. The rest was not there.';

COMMENT ON COLUMN stock.hold_lines.short IS 'Promised, but a count has found that it is not there. Still to be looked for when picking.';

CREATE TABLE stock.holds (
    id uuid NOT NULL,
    holder uuid NOT NULL,
    state text DEFAULT 'held'::text NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    made_at timestamp with time zone DEFAULT now() NOT NULL,
    version bigint DEFAULT 1 NOT NULL,
    CONSTRAINT known_state_of_hold CHECK ((state = ANY (ARRAY['held'::text, 'confirmed'::text, 'released'::text, 'expired'::text, 'taken'::text])))
)
WITH (fillfactor='70');

COMMENT ON TABLE stock.holds IS 'A promise of goods to a checkout. held ends by itself at expires_at; confirmed stays until the goods are taken.';

CREATE VIEW checks.awaited AS
 SELECT coming.id,
    coming.product_id,
    coming.place_id,
    coming.quantity,
    coming.promised,
    COALESCE(promise.quantity, (0)::bigint) AS awaited,
    COALESCE(promise.of_no_hold, (0)::bigint) AS of_no_hold
   FROM (stock.expected coming
     LEFT JOIN LATERAL ( SELECT sum(awaited.quantity) AS quantity,
            count(*) FILTER (WHERE (line.hold_id IS NULL)) AS of_no_hold
           FROM ((stock.awaited awaited
             LEFT JOIN stock.holds hold ON (((hold.id = awaited.hold_id) AND (hold.state = ANY (ARRAY['held'::text, 'confirmed'::text])))))
             LEFT JOIN stock.hold_lines line ON (((line.hold_id = hold.id) AND (line.product_id = coming.product_id) AND (line.place_id = coming.place_id) AND (line.short >= awaited.quantity))))
          WHERE (awaited.expected_id = coming.id)) promise ON (true))
  WHERE ((NOT ((0 <= coming.promised) AND (coming.promised <= coming.quantity))) OR (coming.promised <> COALESCE(promise.quantity, (0)::bigint)) OR (COALESCE(promise.of_no_hold, (0)::bigint) > 0));

CREATE VIEW checks.cart_commands AS
 SELECT change.cart_id,
    change.command_id,
    'a command acted twice'::text AS wrong
   FROM cart.changes change
  GROUP BY change.cart_id, change.command_id
 HAVING (count(*) > 1)
UNION ALL
 SELECT newest.cart_id,
    newest.command_id,
    'the line is not what its last change made it'::text AS wrong
   FROM (( SELECT DISTINCT ON (change.cart_id, (step.body ->> 'line'::text)) change.cart_id,
            change.command_id,
            ((step.body ->> 'product_id'::text))::uuid AS product_id,
            (step.body ->> 'handover'::text) AS handover,
            ((step.body ->> 'edition_id'::text))::uuid AS edition_id,
            ((step.body ->> 'quantity'::text))::integer AS quantity
           FROM (cart.changes change
             CROSS JOIN LATERAL jsonb_array_elements(
                CASE
                    WHEN (change.body ? 'lines'::text) THEN (change.body -> 'lines'::text)
                    WHEN (change.body ? 'product_id'::text) THEN jsonb_build_array(change.body)
                    ELSE '[]'::jsonb
                END) step(body))
          ORDER BY change.cart_id, (step.body ->> 'line'::text), change.version DESC) newest
     LEFT JOIN cart.lines line USING (cart_id, product_id, handover, edition_id))
  WHERE (COALESCE(line.quantity, 0) <> newest.quantity);

CREATE TABLE orders.orders (
    id uuid NOT NULL,
    number text NOT NULL,
    token_hash bytea NOT NULL,
    cart_id uuid NOT NULL,
    state text DEFAULT 'placed'::text NOT NULL,
    why_cancelled text,
    place_id uuid NOT NULL,
    slot_id uuid NOT NULL,
    starts_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    name text NOT NULL,
    email text NOT NULL,
    phone text NOT NULL,
    street text NOT NULL,
    house_number text NOT NULL,
    postcode text NOT NULL,
    city text NOT NULL,
    country text DEFAULT 'NL'::text NOT NULL,
    note text DEFAULT ''::text NOT NULL,
    substitution text DEFAULT 'similar'::text NOT NULL,
    language text NOT NULL,
    currency text NOT NULL,
    subtotal bigint NOT NULL,
    discount bigint NOT NULL,
    deposits bigint NOT NULL,
    delivery bigint NOT NULL,
    total bigint NOT NULL,
    receipt jsonb NOT NULL,
    version bigint DEFAULT 1 NOT NULL,
    placed_at timestamp with time zone DEFAULT now() NOT NULL,
    confirmed_at timestamp with time zone,
    cancelled_at timestamp with time zone,
    delivered_at timestamp with time zone,
    CONSTRAINT currency_is_iso CHECK ((currency ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT known_language CHECK ((language = ANY (ARRAY['nl'::text, 'en'::text, 'ko'::text]))),
    CONSTRAINT known_state CHECK ((state = ANY (ARRAY['placed'::text, 'confirmed'::text, 'in_fulfilment'::text, 'packed'::text, 'on_the_way'::text, 'not_home'::text, 'delivered'::text, 'part_delivered'::text, 'cancelled'::text]))),
    CONSTRAINT known_wish CHECK ((substitution = ANY (ARRAY['similar'::text, 'same-brand'::text, 'ask-me'::text, 'leave-out'::text]))),
    CONSTRAINT number_is_for_people CHECK ((number ~ '^P-[0-9A-Z]{4}-[0-9A-Z]{2,}$'::text)),
    CONSTRAINT token_is_hashed CHECK ((octet_length(token_hash) = 32)),
    CONSTRAINT total_is_not_negative CHECK ((total >= 0)),
    CONSTRAINT window_has_a_length CHECK ((starts_at < ends_at))
);

COMMENT ON COLUMN orders.orders.number IS 'For people to say aloud; it opens nothing by itself.';

COMMENT ON COLUMN orders.orders.token_hash IS 'SHA-256 of the 128-bit token in the tracking link.';

COMMENT ON COLUMN orders.orders.receipt IS 'The priced receipt exactly as the shopper accepted it, when ordering or when changing the order.';

CREATE VIEW checks.cart_orders AS
 SELECT cart_id,
    count(*) AS live_orders
   FROM orders.orders sold
  WHERE (state <> 'cancelled'::text)
  GROUP BY cart_id
 HAVING (count(*) > 1);

CREATE VIEW checks.carts AS
 SELECT cart.id AS cart_id,
    'items are not the sum of the lines'::text AS wrong
   FROM (cart.carts cart
     LEFT JOIN LATERAL ( SELECT COALESCE(sum(line.quantity), (0)::bigint) AS quantity,
            COALESCE(max(line.version), (0)::bigint) AS version
           FROM cart.lines line
          WHERE (line.cart_id = cart.id)) together ON (true))
  WHERE ((cart.items <> together.quantity) OR (cart.version < together.version))
UNION ALL
 SELECT change.cart_id,
    'versions have a gap'::text AS wrong
   FROM (cart.changes change
     JOIN cart.carts cart ON ((cart.id = change.cart_id)))
  WHERE (change.at > (now() - '23:00:00'::interval))
  GROUP BY change.cart_id, cart.version
 HAVING ((count(*) <> ((max(change.version) - min(change.version)) + 1)) OR (max(change.version) <> cart.version));

CREATE VIEW checks.catalogue_codes AS
 SELECT product.id,
    product.gtin
   FROM (catalog.products product
     LEFT JOIN catalog.codes code ON (((code.gtin = product.gtin) AND (code.product_id = product.id))))
  WHERE (code.gtin IS NULL);

CREATE TABLE returns.collections (
    request_id uuid NOT NULL,
    place_id uuid NOT NULL,
    slot_id uuid NOT NULL,
    starts_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    run_id uuid,
    state text DEFAULT 'planned'::text NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    happened_at timestamp with time zone,
    CONSTRAINT known_state CHECK ((state = ANY (ARRAY['planned'::text, 'collected'::text, 'failed'::text, 'off'::text])))
);

COMMENT ON TABLE returns.collections IS 'A stop of the van that fetches something: the room in its slot is held under the id of the request.';

COMMENT ON COLUMN returns.collections.run_id IS 'The van that took it over.';

CREATE TABLE returns.requests (
    id uuid NOT NULL,
    order_id uuid NOT NULL,
    cause text NOT NULL,
    lines jsonb NOT NULL,
    note text DEFAULT ''::text NOT NULL,
    photo text,
    kept boolean NOT NULL,
    state text DEFAULT 'open'::text NOT NULL,
    why_refused text,
    asked_at timestamp with time zone DEFAULT now() NOT NULL,
    settled_at timestamp with time zone,
    way text DEFAULT 'shop'::text NOT NULL,
    code text,
    instead uuid,
    exchange_id uuid,
    CONSTRAINT code_is_for_people CHECK ((code ~ '^[0-9A-Z]{8}$'::text)),
    CONSTRAINT known_cause CHECK ((cause = ANY (ARRAY['changed-mind'::text, 'withdrawal'::text, 'missing'::text, 'damaged'::text, 'warm'::text, 'wrong'::text]))),
    CONSTRAINT known_state CHECK ((state = ANY (ARRAY['open'::text, 'done'::text, 'refused'::text, 'withdrawn'::text]))),
    CONSTRAINT known_way CHECK ((way = ANY (ARRAY['shop'::text, 'van'::text, 'parcel'::text])))
);

COMMENT ON TABLE returns.requests IS 'Asked for and not settled yet: goods that will be brought to a shop, or a complaint a person looks at.';

COMMENT ON COLUMN returns.requests.kept IS 'The goods stay with the shopper.';

COMMENT ON COLUMN returns.requests.code IS 'What a desk scans or types: R- and these letters.';

COMMENT ON COLUMN returns.requests.instead IS 'The product they would like for it; the difference is paid where it is exchanged.';

COMMENT ON COLUMN returns.requests.exchange_id IS 'The order that is taken instead, and leaves when what comes back is here.';

CREATE TABLE slots.holds (
    id uuid NOT NULL,
    slot_id uuid NOT NULL,
    holder uuid NOT NULL,
    state text DEFAULT 'held'::text NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    made_at timestamp with time zone DEFAULT now() NOT NULL,
    version bigint DEFAULT 1 NOT NULL,
    ambient_crates integer DEFAULT 0 NOT NULL,
    chilled_crates integer DEFAULT 0 NOT NULL,
    frozen_crates integer DEFAULT 0 NOT NULL,
    picker_minutes integer DEFAULT 0 NOT NULL,
    planned boolean DEFAULT false NOT NULL,
    beside uuid,
    arm text,
    detour_m integer,
    CONSTRAINT detours_are_not_negative CHECK ((detour_m >= 0)),
    CONSTRAINT holds_ambient_crates_check CHECK ((ambient_crates >= 0)),
    CONSTRAINT holds_chilled_crates_check CHECK ((chilled_crates >= 0)),
    CONSTRAINT holds_frozen_crates_check CHECK ((frozen_crates >= 0)),
    CONSTRAINT holds_picker_minutes_check CHECK ((picker_minutes >= 0)),
    CONSTRAINT known_arm CHECK ((arm = ANY (ARRAY['leaf'::text, 'plain'::text]))),
    CONSTRAINT known_state_of_hold CHECK ((state = ANY (ARRAY['held'::text, 'confirmed'::text, 'released'::text, 'expired'::text])))
);

COMMENT ON TABLE slots.holds IS 'A place in a delivery slot, promised to a checkout: one at a time.';

COMMENT ON COLUMN slots.holds.planned IS 'It has a stop in the plan of its day. Where the place has no vans of its own, or nobody knows where the address is, there is none.';

COMMENT ON COLUMN slots.holds.beside IS 'The order this is one more room of, for what another place sends of it; its own has none.';

COMMENT ON COLUMN slots.holds.arm IS 'Of the experiment with the green hint: whether this cart is shown leaves. Without a cart there is none.';

COMMENT ON COLUMN slots.holds.detour_m IS 'How much farther the plan of the day became with this door.';

CREATE VIEW checks.collections AS
 SELECT stop.request_id,
    stop.state,
    asked.state AS request,
    hold.state AS room
   FROM ((returns.collections stop
     JOIN returns.requests asked ON ((asked.id = stop.request_id)))
     LEFT JOIN slots.holds hold ON (((hold.holder = stop.request_id) AND (hold.state = ANY (ARRAY['held'::text, 'confirmed'::text])))))
  WHERE (((stop.state = 'planned'::text) <> ((hold.state IS NOT NULL) AND (hold.state = 'confirmed'::text))) OR ((stop.state = 'planned'::text) AND (asked.state <> 'open'::text)) OR ((stop.state = 'collected'::text) AND (asked.state <> 'done'::text)));

CREATE TABLE fulfilment.consignments (
    order_id uuid NOT NULL,
    parcel_id uuid NOT NULL,
    fulfilment_id uuid NOT NULL,
    carrier text NOT NULL,
    state text DEFAULT 'wanted'::text NOT NULL,
    reference text,
    track_at text,
    due_at timestamp with time zone DEFAULT now(),
    attempts integer DEFAULT 0 NOT NULL,
    problem text,
    booked_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT announced_with_a_reference CHECK (((state = 'wanted'::text) OR (reference IS NOT NULL))),
    CONSTRAINT carriers_have_names CHECK ((carrier ~ '^[a-z][a-z0-9-]{0,30}$'::text)),
    CONSTRAINT known_state CHECK ((state = ANY (ARRAY['wanted'::text, 'announced'::text, 'accepted'::text, 'in_transit'::text, 'failed'::text, 'delivered'::text, 'returned'::text]))),
    CONSTRAINT tracking_is_https CHECK ((track_at ~ '^https://'::text)),
    CONSTRAINT unannounced_is_due CHECK (((state = 'wanted'::text) = (due_at IS NOT NULL)))
);

COMMENT ON COLUMN fulfilment.consignments.reference IS 'How the carrier calls the parcel; shown to the shopper.';

CREATE TABLE fulfilment.fulfilments (
    order_id uuid NOT NULL,
    id uuid NOT NULL,
    place_id uuid NOT NULL,
    order_number text NOT NULL,
    state text DEFAULT 'released'::text NOT NULL,
    window_starts_at timestamp with time zone NOT NULL,
    window_ends_at timestamp with time zone NOT NULL,
    pick_by timestamp with time zone NOT NULL,
    batch_id uuid,
    tote smallint,
    attempts smallint DEFAULT 0 NOT NULL,
    version bigint DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    changed_at timestamp with time zone DEFAULT now() NOT NULL,
    way text DEFAULT 'delivery'::text NOT NULL,
    CONSTRAINT known_state CHECK ((state = ANY (ARRAY['released'::text, 'refused'::text, 'picking'::text, 'picked'::text, 'packed'::text, 'loaded'::text, 'out_for_delivery'::text, 'delivered'::text, 'failed'::text, 'returned'::text, 'cancelled'::text]))),
    CONSTRAINT known_way CHECK ((way = ANY (ARRAY['delivery'::text, 'collect'::text, 'carrier'::text]))),
    CONSTRAINT six_totes_on_a_cart CHECK (((tote >= 1) AND (tote <= 6))),
    CONSTRAINT tote_and_batch_go_together CHECK (((batch_id IS NULL) = (tote IS NULL))),
    CONSTRAINT window_has_a_length CHECK ((window_starts_at < window_ends_at))
);

COMMENT ON COLUMN fulfilment.fulfilments.way IS 'delivery: by a van of ours. collect: its shopper comes for it. carrier: a parcel service brings it.';

CREATE TABLE fulfilment.parcels (
    order_id uuid NOT NULL,
    id uuid NOT NULL,
    fulfilment_id uuid NOT NULL,
    sscc text NOT NULL,
    number smallint NOT NULL,
    storage text NOT NULL,
    weight_g integer DEFAULT 0 NOT NULL,
    place_id uuid,
    run_id uuid,
    delivered_at timestamp with time zone,
    emptied_at timestamp with time zone,
    sealed_at timestamp with time zone DEFAULT now() NOT NULL,
    loaded_at timestamp with time zone,
    shelf text,
    carrier text,
    stood_s integer DEFAULT 0 NOT NULL,
    CONSTRAINT in_exactly_one_place CHECK ((num_nonnulls(place_id, run_id, carrier, delivered_at, emptied_at) = 1)),
    CONSTRAINT known_storage CHECK ((storage = ANY (ARRAY['ambient'::text, 'chilled'::text, 'frozen'::text]))),
    CONSTRAINT parcels_count_from_one CHECK ((number >= 1)),
    CONSTRAINT parcels_weight_g_check CHECK ((weight_g >= 0)),
    CONSTRAINT shelves_have_names CHECK ((shelf <> ''::text)),
    CONSTRAINT sscc_has_18_digits CHECK ((sscc ~ '^[0-9]{18}$'::text)),
    CONSTRAINT time_out_of_the_cold_counts_up CHECK ((stood_s >= 0))
);

COMMENT ON COLUMN fulfilment.parcels.place_id IS 'A parcel stands in a place, or rides in a run, or was delivered, or was emptied: exactly one of them.';

COMMENT ON COLUMN fulfilment.parcels.loaded_at IS 'When it left the cold room, by the clock of the phone that loaded it: how long it was out of the cold is told by that clock too.';

COMMENT ON COLUMN fulfilment.parcels.shelf IS 'Where it waits behind the desk until it is collected.';

COMMENT ON COLUMN fulfilment.parcels.carrier IS 'While a carrier of this name has it.';

COMMENT ON COLUMN fulfilment.parcels.stood_s IS 'Seconds it was out of the cold room before it was taken back there.';

CREATE VIEW checks.consignments AS
 SELECT parcel.order_id,
    parcel.id,
    parcel.sscc,
    'is with a carrier that knows nothing of it'::text AS wrong
   FROM (fulfilment.parcels parcel
     LEFT JOIN fulfilment.consignments consignment ON (((consignment.order_id = parcel.order_id) AND (consignment.parcel_id = parcel.id))))
  WHERE ((parcel.carrier IS NOT NULL) AND (consignment.carrier IS DISTINCT FROM parcel.carrier))
UNION ALL
 SELECT consignment.order_id,
    consignment.parcel_id AS id,
    parcel.sscc,
    'is not where its carrier says'::text AS wrong
   FROM (fulfilment.consignments consignment
     JOIN fulfilment.parcels parcel ON (((parcel.order_id = consignment.order_id) AND (parcel.id = consignment.parcel_id))))
  WHERE (NOT
        CASE consignment.state
            WHEN 'delivered'::text THEN (parcel.delivered_at IS NOT NULL)
            WHEN 'returned'::text THEN (parcel.emptied_at IS NOT NULL)
            WHEN 'wanted'::text THEN (parcel.place_id IS NOT NULL)
            WHEN 'announced'::text THEN (parcel.place_id IS NOT NULL)
            ELSE (parcel.carrier IS NOT NULL)
        END)
UNION ALL
 SELECT fulfilment.order_id,
    fulfilment.id,
    NULL::text AS sscc,
    'is over for its carrier and not for us, or the other way round'::text AS wrong
   FROM fulfilment.fulfilments fulfilment
  WHERE ((fulfilment.way = 'carrier'::text) AND ((fulfilment.state = ANY (ARRAY['delivered'::text, 'returned'::text])) <> (NOT (EXISTS ( SELECT
           FROM fulfilment.consignments consignment
          WHERE ((consignment.order_id = fulfilment.order_id) AND (consignment.fulfilment_id = fulfilment.id) AND (consignment.state <> ALL (ARRAY['delivered'::text, 'returned'::text]))))))));

CREATE TABLE pricing.coupons (
    code text NOT NULL,
    promotion_id uuid NOT NULL,
    batch_id uuid NOT NULL,
    most integer,
    used integer DEFAULT 0 NOT NULL,
    CONSTRAINT code_is_for_people CHECK ((code ~ '^[0-9A-Z]{4,40}$'::text)),
    CONSTRAINT may_be_used CHECK ((most > 0)),
    CONSTRAINT never_used_less_than_not CHECK ((used >= 0)),
    CONSTRAINT used_within_the_limit CHECK (((most IS NULL) OR (used <= most)))
)
WITH (fillfactor='80');

COMMENT ON TABLE pricing.coupons IS 'Without dashes and spaces; `most` is how many orders may have it.';

CREATE TABLE pricing.customer_uses (
    promotion_id uuid NOT NULL,
    customer bytea NOT NULL,
    used integer NOT NULL,
    CONSTRAINT customer_is_hashed CHECK ((octet_length(customer) = 32)),
    CONSTRAINT never_used_less_than_not CHECK ((used >= 0))
);

COMMENT ON TABLE pricing.customer_uses IS 'How many orders of one customer have a promotion that is limited per customer.';

CREATE TABLE pricing.promotions (
    id uuid NOT NULL,
    name jsonb NOT NULL,
    rule jsonb NOT NULL,
    product_ids uuid[] NOT NULL,
    runs tstzrange NOT NULL,
    made_at timestamp with time zone DEFAULT now() NOT NULL,
    conditions jsonb DEFAULT '{}'::jsonb NOT NULL,
    lane smallint DEFAULT 0 NOT NULL,
    alone boolean DEFAULT false NOT NULL,
    excludes uuid[] DEFAULT '{}'::uuid[] NOT NULL,
    most_per_order integer,
    most_per_customer integer,
    most_in_total integer,
    used integer DEFAULT 0 NOT NULL,
    currency text DEFAULT ''::text NOT NULL,
    state text DEFAULT 'published'::text NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    CONSTRAINT a_rule_is_an_object CHECK ((jsonb_typeof(rule) = 'object'::text)),
    CONSTRAINT conditions_are_an_object CHECK ((jsonb_typeof(conditions) = 'object'::text)),
    CONSTRAINT currency_is_iso_or_none CHECK ((currency ~ '^([A-Z]{3})?$'::text)),
    CONSTRAINT known_lane CHECK (((lane >= 0) AND (lane <= 9))),
    CONSTRAINT known_state CHECK ((state = ANY (ARRAY['draft'::text, 'published'::text, 'stopped'::text]))),
    CONSTRAINT named_per_language CHECK ((jsonb_typeof(name) = 'object'::text)),
    CONSTRAINT never_used_less_than_not CHECK ((used >= 0)),
    CONSTRAINT runs_some_time CHECK ((NOT isempty(runs))),
    CONSTRAINT some_in_total CHECK ((most_in_total > 0)),
    CONSTRAINT some_per_customer CHECK ((most_per_customer > 0)),
    CONSTRAINT some_per_order CHECK ((most_per_order > 0)),
    CONSTRAINT used_within_the_limit CHECK (((most_in_total IS NULL) OR (used <= most_in_total))),
    CONSTRAINT versions_start_at_one CHECK ((version >= 1))
);

COMMENT ON COLUMN pricing.promotions.rule IS 'A tagged union in JSON, e.g. {"type": "n-for-m", "take": 3, "pay": 2}; app/pricing/models.py knows the kinds.';

COMMENT ON COLUMN pricing.promotions.product_ids IS 'What it is for; empty is whatever its conditions leave.';

COMMENT ON COLUMN pricing.promotions.used IS 'Orders that have it, as long as they are on. Counted where there is a limit, so that no other promotion has a row everybody waits for.';

CREATE TABLE pricing.redemptions (
    order_id uuid NOT NULL,
    promotion_id uuid NOT NULL,
    version integer NOT NULL,
    code text,
    customer bytea,
    in_total boolean NOT NULL,
    state text DEFAULT 'held'::text NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT known_state CHECK ((state = ANY (ARRAY['held'::text, 'freed'::text])))
);

COMMENT ON TABLE pricing.redemptions IS 'What an order uses of limited promotions and coupons; freed when it is off. `customer` and `in_total` say which limits it counts for.';

CREATE VIEW checks.coupons AS
 SELECT (promotion.id)::text AS what,
    'promotion'::text AS kind,
    promotion.used,
    held.orders,
    promotion.most_in_total AS most
   FROM (pricing.promotions promotion
     CROSS JOIN LATERAL ( SELECT count(*) AS orders
           FROM pricing.redemptions redemption
          WHERE ((redemption.promotion_id = promotion.id) AND (redemption.state = 'held'::text) AND redemption.in_total)) held)
  WHERE ((promotion.used <> held.orders) OR (promotion.used > promotion.most_in_total))
UNION ALL
 SELECT coupon.code AS what,
    'coupon'::text AS kind,
    coupon.used,
    held.orders,
    coupon.most
   FROM (pricing.coupons coupon
     CROSS JOIN LATERAL ( SELECT count(*) AS orders
           FROM pricing.redemptions redemption
          WHERE ((redemption.code = coupon.code) AND (redemption.state = 'held'::text))) held)
  WHERE ((coupon.used <> held.orders) OR (coupon.used > coupon.most))
UNION ALL
 SELECT (one.promotion_id)::text AS what,
    'customer'::text AS kind,
    one.used,
    held.orders,
    promotion.most_per_customer AS most
   FROM ((pricing.customer_uses one
     JOIN pricing.promotions promotion ON ((promotion.id = one.promotion_id)))
     CROSS JOIN LATERAL ( SELECT count(*) AS orders
           FROM pricing.redemptions redemption
          WHERE ((redemption.promotion_id = one.promotion_id) AND (redemption.customer = one.customer) AND (redemption.state = 'held'::text))) held)
  WHERE (one.used <> held.orders);

CREATE TABLE fulfilment.picks (
    order_id uuid NOT NULL,
    id uuid NOT NULL,
    fulfilment_id uuid NOT NULL,
    line_no integer NOT NULL,
    product_id uuid NOT NULL,
    quantity integer NOT NULL,
    picked integer DEFAULT 0 NOT NULL,
    short integer DEFAULT 0 NOT NULL,
    short_reason text,
    delivered integer DEFAULT 0 NOT NULL,
    state text GENERATED ALWAYS AS (
CASE
    WHEN (((picked + short) + replaced) < quantity) THEN 'open'::text
    WHEN (short = 0) THEN 'picked'::text
    ELSE 'short'::text
END) STORED NOT NULL,
    storage text NOT NULL,
    weight_g integer DEFAULT 0 NOT NULL,
    aisle smallint NOT NULL,
    bay smallint NOT NULL,
    shelf smallint NOT NULL,
    picker_id uuid,
    changed_at timestamp with time zone DEFAULT now() NOT NULL,
    replaces uuid,
    offered integer DEFAULT 0 NOT NULL,
    replaced integer DEFAULT 0 NOT NULL,
    paid_back_for integer DEFAULT 0 NOT NULL,
    nominal_g integer,
    weighed_g integer DEFAULT 0 NOT NULL,
    dated boolean DEFAULT false NOT NULL,
    best_before date,
    resourced integer DEFAULT 0 NOT NULL,
    paid_back bigint DEFAULT 0 NOT NULL,
    CONSTRAINT a_short_pick_has_a_reason CHECK (((short > 0) = (short_reason IS NOT NULL))),
    CONSTRAINT at_most_a_tenth_heavier CHECK (((weighed_g * 10) <= (((COALESCE(nominal_g, 0))::bigint * picked) * 11))),
    CONSTRAINT known_reason CHECK ((short_reason = ANY (ARRAY['not-found'::text, 'damaged'::text, 'expired'::text, 'too-few'::text, 'wrong-price'::text, 'other'::text]))),
    CONSTRAINT known_storage CHECK ((storage = ANY (ARRAY['ambient'::text, 'chilled'::text, 'frozen'::text]))),
    CONSTRAINT never_delivered_what_was_not_picked CHECK ((delivered <= picked)),
    CONSTRAINT never_more_than_ordered CHECK (((((picked + short) + replaced) + offered) <= quantity)),
    CONSTRAINT offered_is_a_number CHECK ((offered >= 0)),
    CONSTRAINT only_what_was_short_is_sent_by_others CHECK (((resourced >= 0) AND (resourced <= short))),
    CONSTRAINT paid_back_for_what_was_not_there CHECK (((paid_back_for >= 0) AND (paid_back_for <= ((short - resourced) + replaced)))),
    CONSTRAINT paid_back_is_not_negative CHECK ((paid_back >= 0)),
    CONSTRAINT picks_delivered_check CHECK ((delivered >= 0)),
    CONSTRAINT picks_picked_check CHECK ((picked >= 0)),
    CONSTRAINT picks_short_check CHECK ((short >= 0)),
    CONSTRAINT picks_weight_g_check CHECK ((weight_g >= 0)),
    CONSTRAINT replaced_is_a_number CHECK ((replaced >= 0)),
    CONSTRAINT something_to_pick CHECK ((quantity > 0)),
    CONSTRAINT weighed_goods_weigh_something CHECK ((nominal_g > 0)),
    CONSTRAINT weight_is_not_negative CHECK ((weighed_g >= 0))
);

COMMENT ON COLUMN fulfilment.picks.replaces IS 'The pick of what was ordered, when this is a substitute for it.';

COMMENT ON COLUMN fulfilment.picks.offered IS 'Units for which a substitute is offered and not answered yet: neither picked nor missing.';

COMMENT ON COLUMN fulfilment.picks.paid_back_for IS 'Units, short or replaced, whose money has been settled.';

COMMENT ON COLUMN fulfilment.picks.nominal_g IS 'What one weighs as it was sold; NULL for what is not weighed.';

COMMENT ON COLUMN fulfilment.picks.weighed_g IS 'What all that are picked weigh together.';

COMMENT ON COLUMN fulfilment.picks.best_before IS 'The earliest date among what was picked.';

COMMENT ON COLUMN fulfilment.picks.resourced IS 'Of the short ones, so many are sent by another place; the others are paid back.';

COMMENT ON COLUMN fulfilment.picks.paid_back IS 'What was paid back when it was packed: for what was missing, replaced, or lighter than ordered.';

CREATE TABLE orders.lines (
    order_id uuid NOT NULL,
    line_no integer NOT NULL,
    product_id uuid NOT NULL,
    edition_id uuid NOT NULL,
    gtin text NOT NULL,
    name text NOT NULL,
    picture text,
    handover text NOT NULL,
    quantity integer NOT NULL,
    unit_price bigint NOT NULL,
    discount bigint DEFAULT 0 NOT NULL,
    paid bigint NOT NULL,
    vat text NOT NULL,
    deposit bigint DEFAULT 0 NOT NULL,
    age_limit integer,
    storage text DEFAULT 'ambient'::text NOT NULL,
    delivered_quantity integer DEFAULT 0 NOT NULL,
    substitution text,
    measured_g integer,
    CONSTRAINT delivered_is_ordered CHECK (((delivered_quantity >= 0) AND (delivered_quantity <= quantity))),
    CONSTRAINT known_vat CHECK ((vat = ANY (ARRAY['zero'::text, 'low'::text, 'high'::text]))),
    CONSTRAINT known_wish CHECK ((substitution = ANY (ARRAY['similar'::text, 'same-brand'::text, 'ask-me'::text, 'leave-out'::text]))),
    CONSTRAINT numbers_start_at_one CHECK ((line_no >= 1)),
    CONSTRAINT paid_is_not_negative CHECK ((paid >= 0)),
    CONSTRAINT price_is_not_negative CHECK ((unit_price >= 0)),
    CONSTRAINT quantity_is_positive CHECK ((quantity > 0)),
    CONSTRAINT weight_is_positive CHECK ((measured_g > 0))
);

COMMENT ON COLUMN orders.lines.unit_price IS 'For one, with VAT, before advantages, without deposit.';

COMMENT ON COLUMN orders.lines.paid IS 'The exact share of the line in what was paid, without deposit.';

COMMENT ON COLUMN orders.lines.deposit IS 'For the whole line.';

COMMENT ON COLUMN orders.lines.substitution IS 'What the shopper wants when this is not there; NULL for what they want in general.';

COMMENT ON COLUMN orders.lines.measured_g IS 'What one pack weighs by its own sticker; NULL for what is not weighed, or weighed by a picker.';

CREATE VIEW checks.deliveries AS
 SELECT pick.order_id,
    pick.line_no,
    fulfilment.state,
    pick.quantity,
    pick.picked,
    pick.short,
    pick.delivered
   FROM (fulfilment.picks pick
     JOIN fulfilment.fulfilments fulfilment ON (((fulfilment.order_id = pick.order_id) AND (fulfilment.id = pick.fulfilment_id))))
  WHERE (((fulfilment.state <> 'delivered'::text) AND (pick.delivered > 0)) OR ((fulfilment.state <> ALL (ARRAY['released'::text, 'refused'::text, 'picking'::text, 'cancelled'::text])) AND (pick.state = 'open'::text)))
UNION ALL
 SELECT line.order_id,
    line.line_no,
    NULL::text AS state,
    line.quantity,
    NULL::integer AS picked,
    NULL::integer AS short,
    sum(pick.delivered) AS delivered
   FROM ((orders.lines line
     JOIN fulfilment.picks pick ON (((pick.order_id = line.order_id) AND (pick.line_no = line.line_no))))
     JOIN fulfilment.fulfilments fulfilment ON (((fulfilment.order_id = pick.order_id) AND (fulfilment.id = pick.fulfilment_id))))
  GROUP BY line.order_id, line.line_no, line.quantity, line.delivered_quantity
 HAVING ((sum((pick.quantity - pick.resourced)) FILTER (WHERE ((pick.replaces IS NULL) AND ((fulfilment.state <> 'cancelled'::text) OR (((pick.picked + pick.short) + pick.replaced) > 0)))) > line.quantity) OR (sum(pick.delivered) <> line.delivered_quantity));

CREATE TABLE orders.documents (
    id uuid NOT NULL,
    order_id uuid NOT NULL,
    entity text NOT NULL,
    kind text NOT NULL,
    year integer NOT NULL,
    number integer NOT NULL,
    credits uuid,
    seller jsonb NOT NULL,
    lines jsonb NOT NULL,
    vat jsonb NOT NULL,
    total bigint NOT NULL,
    issued_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT a_credit_note_credits_an_invoice CHECK (((kind = 'credit'::text) = (credits IS NOT NULL))),
    CONSTRAINT known_kind CHECK ((kind = ANY (ARRAY['invoice'::text, 'credit'::text]))),
    CONSTRAINT numbers_start_at_one CHECK ((number >= 1)),
    CONSTRAINT total_is_not_negative CHECK ((total >= 0))
);

COMMENT ON TABLE orders.documents IS 'As they were issued; nothing in them ever changes.';

CREATE TABLE orders.series (
    entity text NOT NULL,
    kind text NOT NULL,
    year integer NOT NULL,
    last integer NOT NULL,
    CONSTRAINT known_kind CHECK ((kind = ANY (ARRAY['invoice'::text, 'credit'::text])))
);

COMMENT ON TABLE orders.series IS 'Counted up in the transaction that writes the document: whoever comes next waits, so no number is lost.';

CREATE VIEW checks.documents AS
 SELECT entity,
    kind,
    year,
    count(*) AS documents,
    max(number) AS last_number
   FROM orders.documents document
  GROUP BY entity, kind, year
 HAVING ((count(*) <> max(number)) OR (max(number) <> ( SELECT series.last
           FROM orders.series series
          WHERE ((series.entity = document.entity) AND (series.kind = document.kind) AND (series.year = document.year)))));

CREATE TABLE fulfilment.proofs (
    order_id uuid NOT NULL,
    stop_id uuid NOT NULL,
    kind text NOT NULL,
    file text,
    words text DEFAULT ''::text NOT NULL,
    happened_at timestamp with time zone NOT NULL,
    received_at timestamp with time zone DEFAULT now() NOT NULL,
    forgotten_at timestamp with time zone,
    CONSTRAINT a_picture_until_it_is_forgotten CHECK ((((kind <> 'pin'::text) AND (forgotten_at IS NULL)) = (file IS NOT NULL))),
    CONSTRAINT file_is_named_by_its_content CHECK ((file ~ '^[0-9a-f]{64}$'::text)),
    CONSTRAINT known_kind CHECK ((kind = ANY (ARRAY['photo'::text, 'signature'::text, 'pin'::text])))
);

COMMENT ON TABLE fulfilment.proofs IS 'How it is known that it was handed over: one per stop, so that no two signatures end on one. The picture and the words are forgotten after 60 days, the kind stays.';

CREATE TABLE fulfilment.refusals (
    order_id uuid NOT NULL,
    pick_id uuid NOT NULL,
    stop_id uuid NOT NULL,
    quantity integer NOT NULL,
    cause text NOT NULL,
    becomes text NOT NULL,
    put_away_at timestamp with time zone,
    CONSTRAINT known_cause CHECK ((cause = ANY (ARRAY['not-wanted'::text, 'damaged'::text, 'wrong'::text, 'missing'::text, 'age'::text, 'recalled'::text, 'warm'::text]))),
    CONSTRAINT known_end CHECK ((becomes = ANY (ARRAY['restock'::text, 'waste'::text, 'gone'::text]))),
    CONSTRAINT something_is_refused CHECK ((quantity > 0))
);

COMMENT ON TABLE fulfilment.refusals IS 'What was in the van for a door and was not handed over there. It is put away when the van is back.';

CREATE TABLE fulfilment.runs (
    id uuid NOT NULL,
    place_id uuid NOT NULL,
    starts_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    number smallint DEFAULT 1 NOT NULL,
    state text DEFAULT 'planned'::text NOT NULL,
    driver_id uuid,
    departed_at timestamp with time zone,
    completed_at timestamp with time zone,
    version bigint DEFAULT 1 NOT NULL,
    CONSTRAINT known_state CHECK ((state = ANY (ARRAY['planned'::text, 'published'::text, 'underway'::text, 'completed'::text]))),
    CONSTRAINT vans_count_from_one CHECK ((number >= 1))
);

COMMENT ON TABLE fulfilment.runs IS 'One van leaving one place for one window of time.';

CREATE TABLE fulfilment.stops (
    order_id uuid NOT NULL,
    id uuid NOT NULL,
    fulfilment_id uuid NOT NULL,
    run_id uuid NOT NULL,
    "position" smallint NOT NULL,
    state text DEFAULT 'planned'::text NOT NULL,
    latitude double precision NOT NULL,
    longitude double precision NOT NULL,
    arrives_at timestamp with time zone NOT NULL,
    handed_to text,
    age_checked boolean DEFAULT false NOT NULL,
    reason text,
    next_step text,
    happened_at timestamp with time zone,
    received_at timestamp with time zone,
    told_at timestamp with time zone,
    shown text DEFAULT ''::text NOT NULL,
    pinned boolean DEFAULT false NOT NULL,
    at_the_door_s integer DEFAULT 240 NOT NULL,
    choose_until timestamp with time zone,
    CONSTRAINT delivered_to_somebody CHECK (((state = 'delivered'::text) = (handed_to IS NOT NULL))),
    CONSTRAINT doors_take_a_while CHECK (((at_the_door_s >= 30) AND (at_the_door_s <= 3600))),
    CONSTRAINT failed_for_a_reason CHECK (((state = 'failed'::text) = (reason IS NOT NULL))),
    CONSTRAINT failed_with_a_next_step CHECK (((state = 'failed'::text) = (next_step IS NOT NULL))),
    CONSTRAINT known_next_step CHECK ((next_step = ANY (ARRAY['again'::text, 'back'::text]))),
    CONSTRAINT known_reason CHECK ((reason = ANY (ARRAY['not-home'::text, 'refused'::text, 'address'::text, 'damaged'::text, 'access'::text, 'age'::text, 'breakdown'::text]))),
    CONSTRAINT known_receiver CHECK ((handed_to = ANY (ARRAY['customer'::text, 'neighbour'::text, 'safe-place'::text]))),
    CONSTRAINT known_state CHECK ((state = ANY (ARRAY['planned'::text, 'delivered'::text, 'failed'::text, 'dropped'::text]))),
    CONSTRAINT only_what_failed_waits_for_a_choice CHECK (((choose_until IS NULL) OR (state = 'failed'::text))),
    CONSTRAINT stops_count_from_one CHECK (("position" >= 1)),
    CONSTRAINT stops_latitude_check CHECK (((latitude >= ('-90'::integer)::double precision) AND (latitude <= (90)::double precision))),
    CONSTRAINT stops_longitude_check CHECK (((longitude >= ('-180'::integer)::double precision) AND (longitude <= (180)::double precision)))
);

COMMENT ON COLUMN fulfilment.stops.happened_at IS 'By the clock of the phone at the door; received_at is ours. Both are kept.';

COMMENT ON COLUMN fulfilment.stops.told_at IS 'The time of arrival its shopper was told last; they hear again when it moves by more than ten minutes.';

COMMENT ON COLUMN fulfilment.stops.shown IS 'What the page of the order says of it, in short: the page is drawn anew when this changes.';

COMMENT ON COLUMN fulfilment.stops.pinned IS 'Somebody put it there: no plan moves it.';

COMMENT ON COLUMN fulfilment.stops.at_the_door_s IS 'How long it is expected to take there.';

COMMENT ON COLUMN fulfilment.stops.choose_until IS 'Its goods stand in the shop again, and its shopper has until then to choose what becomes of them.';

CREATE VIEW checks.doors AS
 SELECT stop.order_id,
    stop.id,
    'what is for adults was left without one'::text AS wrong
   FROM ((fulfilment.stops stop
     JOIN fulfilment.picks pick ON (((pick.order_id = stop.order_id) AND (pick.fulfilment_id = stop.fulfilment_id))))
     JOIN orders.lines line ON (((line.order_id = pick.order_id) AND (line.line_no = pick.line_no))))
  WHERE ((stop.state = 'delivered'::text) AND (line.age_limit IS NOT NULL) AND (pick.delivered > 0) AND ((stop.handed_to <> 'customer'::text) OR (NOT stop.age_checked)))
UNION ALL
 SELECT stop.order_id,
    stop.id,
    'was left somewhere without a photo'::text AS wrong
   FROM fulfilment.stops stop
  WHERE ((stop.handed_to = 'safe-place'::text) AND (NOT (EXISTS ( SELECT
           FROM fulfilment.proofs proof
          WHERE ((proof.order_id = stop.order_id) AND (proof.stop_id = stop.id) AND (proof.kind = 'photo'::text))))))
UNION ALL
 SELECT pick.order_id,
    pick.id,
    'was handed over and refused, or refused twice'::text AS wrong
   FROM (fulfilment.picks pick
     JOIN fulfilment.refusals refusal ON (((refusal.order_id = pick.order_id) AND (refusal.pick_id = pick.id))))
  GROUP BY pick.order_id, pick.id, pick.picked, pick.delivered
 HAVING ((pick.delivered + sum(refusal.quantity)) > pick.picked)
UNION ALL
 SELECT refusal.order_id,
    refusal.stop_id AS id,
    'was cold and is sold again'::text AS wrong
   FROM (fulfilment.refusals refusal
     JOIN fulfilment.picks pick ON (((pick.order_id = refusal.order_id) AND (pick.id = refusal.pick_id))))
  WHERE ((refusal.becomes = 'restock'::text) AND (pick.storage <> 'ambient'::text))
UNION ALL
 SELECT refusal.order_id,
    refusal.stop_id AS id,
    'is still to be put away, but its van is back'::text AS wrong
   FROM ((fulfilment.refusals refusal
     JOIN fulfilment.stops stop ON (((stop.order_id = refusal.order_id) AND (stop.id = refusal.stop_id))))
     JOIN fulfilment.runs run ON ((run.id = stop.run_id)))
  WHERE ((run.state = 'completed'::text) AND (refusal.put_away_at IS NULL) AND (stop.received_at < run.completed_at));

CREATE TABLE orders.desk_holds (
    hold_id uuid NOT NULL,
    order_id uuid NOT NULL
);

COMMENT ON TABLE orders.desk_holds IS 'Which holds on the stock are for the collected lines of an order with a pick-up; its other holds are for what is brought.';

CREATE TABLE orders.elsewhere (
    order_id uuid NOT NULL,
    line_no integer NOT NULL,
    place_id uuid NOT NULL,
    quantity integer NOT NULL,
    CONSTRAINT something_is_sent CHECK ((quantity > 0))
);

COMMENT ON TABLE orders.elsewhere IS 'So many pieces of a line are sent by another place than the order''s own; the rest is its own.';

CREATE TABLE sourcing.unfilled (
    order_id uuid NOT NULL,
    missing jsonb NOT NULL,
    opened_at timestamp with time zone DEFAULT now() NOT NULL,
    settled_at timestamp with time zone,
    settled_by uuid,
    waits_until timestamp with time zone
);

COMMENT ON TABLE sourcing.unfilled IS 'Work for a person: goods of an order that no place can send. Nothing tries again by itself.';

CREATE VIEW checks.elsewhere AS
 SELECT part.order_id,
    part.line_no,
    line.quantity,
    sum(part.quantity) AS elsewhere,
    NULL::uuid AS place_id,
    NULL::uuid AS product_id
   FROM (orders.elsewhere part
     LEFT JOIN orders.lines line ON (((line.order_id = part.order_id) AND (line.line_no = part.line_no))))
  GROUP BY part.order_id, part.line_no, line.quantity
 HAVING ((sum(part.quantity) > line.quantity) OR (line.quantity IS NULL))
UNION ALL
 SELECT sold.id AS order_id,
    NULL::integer AS line_no,
    sent.quantity,
    held.quantity AS elsewhere,
    sent.place_id,
    sent.product_id
   FROM ((orders.orders sold
     CROSS JOIN LATERAL ( SELECT part.place_id,
            line.product_id,
            sum(part.quantity) AS quantity
           FROM (orders.elsewhere part
             JOIN orders.lines line ON (((line.order_id = part.order_id) AND (line.line_no = part.line_no))))
          WHERE (part.order_id = sold.id)
          GROUP BY part.place_id, line.product_id) sent)
     LEFT JOIN LATERAL ( SELECT line.place_id,
            line.product_id,
            sum(line.quantity) AS quantity
           FROM (stock.holds hold
             JOIN stock.hold_lines line ON ((line.hold_id = hold.id)))
          WHERE ((hold.holder = sold.id) AND (hold.state = 'confirmed'::text) AND (NOT (EXISTS ( SELECT
                   FROM orders.desk_holds desk
                  WHERE (desk.hold_id = hold.id)))))
          GROUP BY line.place_id, line.product_id) held ON (((held.place_id = sent.place_id) AND (held.product_id = sent.product_id))))
  WHERE ((sold.state = 'confirmed'::text) AND (held.quantity IS DISTINCT FROM sent.quantity) AND (NOT (EXISTS ( SELECT
           FROM sourcing.unfilled work
          WHERE ((work.order_id = sold.id) AND (work.settled_at IS NULL))))));

COMMENT ON VIEW checks.elsewhere IS 'What other places send is no more than was sold, and is promised to the order there.';

CREATE TABLE payments.gift_ledger (
    id uuid NOT NULL,
    card_id uuid NOT NULL,
    kind text NOT NULL,
    balance_change bigint NOT NULL,
    held_change bigint NOT NULL,
    intent_id uuid,
    refund_id uuid,
    person_id uuid,
    at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT money_goes_the_way_it_says CHECK (
CASE kind
    WHEN 'issue'::text THEN ((balance_change > 0) AND (held_change = 0))
    WHEN 'hold'::text THEN ((balance_change < 0) AND (held_change = (- balance_change)))
    WHEN 'release'::text THEN ((balance_change > 0) AND (held_change = (- balance_change)))
    WHEN 'capture'::text THEN ((balance_change = 0) AND (held_change < 0))
    WHEN 'refund'::text THEN ((balance_change > 0) AND (held_change = 0) AND (refund_id IS NOT NULL))
    WHEN 'expire'::text THEN ((balance_change < 0) AND (held_change = 0))
    WHEN 'back'::text THEN ((balance_change < 0) AND (held_change = 0))
    ELSE false
END),
    CONSTRAINT of_a_payment CHECK (((kind = ANY (ARRAY['hold'::text, 'release'::text, 'capture'::text])) = (intent_id IS NOT NULL)))
);

COMMENT ON TABLE payments.gift_ledger IS 'Every movement on every card; it only grows.';

CREATE TABLE returns.empties (
    id uuid NOT NULL,
    place_id uuid NOT NULL,
    shift_id uuid,
    by uuid NOT NULL,
    amount bigint NOT NULL,
    currency text NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    card_id uuid,
    order_id uuid,
    CONSTRAINT currency_is_iso CHECK ((currency ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT paid_out_or_credited CHECK (((shift_id IS NULL) <> (card_id IS NULL))),
    CONSTRAINT something_is_paid_out CHECK ((amount > 0))
);

COMMENT ON COLUMN returns.empties.shift_id IS 'Of the till out of whose drawer it was paid.';

COMMENT ON COLUMN returns.empties.card_id IS 'The gift card that was made for them, where nothing was paid out.';

COMMENT ON COLUMN returns.empties.order_id IS 'Handed to the driver who was at the door of this order.';

CREATE TABLE returns.empties_counted (
    empties_id uuid NOT NULL,
    deposit bigint NOT NULL,
    quantity integer NOT NULL,
    CONSTRAINT deposit_is_positive CHECK ((deposit > 0)),
    CONSTRAINT quantity_is_positive CHECK ((quantity > 0))
);

CREATE TABLE tills.drawer (
    id uuid NOT NULL,
    shift_id uuid NOT NULL,
    kind text NOT NULL,
    amount bigint NOT NULL,
    rounding bigint DEFAULT 0 NOT NULL,
    receipt_id uuid,
    person_id uuid NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT known_kind CHECK ((kind = ANY (ARRAY['float'::text, 'sale'::text, 'refund'::text, 'paid-in'::text, 'paid-out'::text]))),
    CONSTRAINT money_goes_the_way_it_says CHECK (
CASE
    WHEN (kind = ANY (ARRAY['refund'::text, 'paid-out'::text])) THEN (amount <= 0)
    ELSE (amount >= 0)
END)
);

COMMENT ON TABLE tills.drawer IS 'Every coin in and out. amount is what moved; amount − rounding is what the books say of it.';

CREATE VIEW checks.empties AS
 SELECT paid.id,
    paid.amount,
    COALESCE(sum((counted.deposit * counted.quantity)), (0)::numeric) AS counted,
    COALESCE(( SELECT (moved.rounding - moved.amount)
           FROM tills.drawer moved
          WHERE (moved.id = paid.id)), ( SELECT entry.balance_change
           FROM payments.gift_ledger entry
          WHERE ((entry.card_id = paid.card_id) AND (entry.kind = 'issue'::text)))) AS paid_out
   FROM (returns.empties paid
     LEFT JOIN returns.empties_counted counted ON ((counted.empties_id = paid.id)))
  GROUP BY paid.id, paid.amount, paid.card_id
 HAVING (((paid.amount)::numeric <> COALESCE(sum((counted.deposit * counted.quantity)), (0)::numeric)) OR (paid.amount IS DISTINCT FROM COALESCE(( SELECT (moved.rounding - moved.amount)
           FROM tills.drawer moved
          WHERE (moved.id = paid.id)), ( SELECT entry.balance_change
           FROM payments.gift_ledger entry
          WHERE ((entry.card_id = paid.card_id) AND (entry.kind = 'issue'::text))))));

CREATE TABLE payments.intents (
    id uuid NOT NULL,
    order_id uuid NOT NULL,
    provider text NOT NULL,
    reference text,
    address text,
    amount bigint NOT NULL,
    currency text NOT NULL,
    state text DEFAULT 'open'::text NOT NULL,
    version bigint DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    ask_at timestamp with time zone,
    asked integer DEFAULT 0 NOT NULL,
    settled_at timestamp with time zone,
    takes text DEFAULT 'now'::text NOT NULL,
    held_until timestamp with time zone,
    place smallint DEFAULT 0 NOT NULL,
    moved_from uuid,
    CONSTRAINT amount_is_positive CHECK ((amount > 0)),
    CONSTRAINT currency_is_iso CHECK ((currency ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT held_money_has_an_end CHECK (((state <> 'authorised'::text) OR (held_until IS NOT NULL))),
    CONSTRAINT known_moment CHECK ((takes = ANY (ARRAY['now'::text, 'later'::text]))),
    CONSTRAINT known_state CHECK ((state = ANY (ARRAY['open'::text, 'authorised'::text, 'captured'::text, 'failed'::text]))),
    CONSTRAINT open_is_watched CHECK (((state <> 'open'::text) OR (ask_at IS NOT NULL)))
);

COMMENT ON TABLE payments.intents IS 'What an order wants paid. Its id is our reference at the provider, so asking twice starts once.';

COMMENT ON COLUMN payments.intents.takes IS 'later: the means may hold the money until the order is packed; a means that cannot takes it now.';

COMMENT ON COLUMN payments.intents.held_until IS 'Then the bank lets go of it; it is taken long before.';

COMMENT ON COLUMN payments.intents.place IS 'Which tender of its order it is, counted from 0; what was paid last goes back first.';

COMMENT ON COLUMN payments.intents.moved_from IS 'The tender of another order, whose money pays for this one: what goes back goes back by that one.';

CREATE TABLE payments.refunds (
    id uuid NOT NULL,
    intent_id uuid NOT NULL,
    amount bigint NOT NULL,
    reason text NOT NULL,
    state text DEFAULT 'wanted'::text NOT NULL,
    reference text,
    due_at timestamp with time zone DEFAULT now() NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    wanted_at timestamp with time zone DEFAULT now() NOT NULL,
    made_at timestamp with time zone,
    moved_to uuid,
    CONSTRAINT amount_is_positive CHECK ((amount > 0)),
    CONSTRAINT known_state CHECK ((state = ANY (ARRAY['wanted'::text, 'made'::text, 'waived'::text])))
);

COMMENT ON TABLE payments.refunds IS 'Wanted in the transaction that decides it, made afterwards; its id is the provider''s key.';

COMMENT ON COLUMN payments.refunds.state IS 'waived: of money that was only held; so much less is taken, and nothing has to go back.';

COMMENT ON COLUMN payments.refunds.moved_to IS 'The tender of the order it pays for instead of going back.';

CREATE VIEW checks.exchanges AS
 SELECT refund.id,
    refund.amount,
    intent.amount AS pays,
    intent.moved_from
   FROM ((payments.refunds refund
     JOIN payments.intents source ON ((source.id = refund.intent_id)))
     LEFT JOIN payments.intents intent ON ((intent.id = refund.moved_to)))
  WHERE ((refund.reason = 'exchanged'::text) AND ((intent.amount IS DISTINCT FROM refund.amount) OR (intent.provider <> source.provider) OR (intent.moved_from <> COALESCE(source.moved_from, source.id))))
UNION ALL
 SELECT intent.id,
    NULL::bigint AS amount,
    intent.amount AS pays,
    intent.moved_from
   FROM payments.intents intent
  WHERE ((intent.moved_from IS NOT NULL) AND (NOT (EXISTS ( SELECT
           FROM payments.refunds refund
          WHERE (refund.moved_to = intent.id)))));

CREATE VIEW checks.gift_cards AS
SELECT
    NULL::uuid AS id,
    NULL::text AS wrong;

CREATE TABLE returns.lines (
    return_id uuid NOT NULL,
    line_no integer NOT NULL,
    product_id uuid NOT NULL,
    quantity integer NOT NULL,
    disposition text NOT NULL,
    instead_gtin text,
    booked_as uuid,
    CONSTRAINT known_disposition CHECK ((disposition = ANY (ARRAY['kept'::text, 'restock'::text, 'mark-down'::text, 'quarantine'::text, 'waste'::text]))),
    CONSTRAINT something_comes_back CHECK ((quantity > 0))
);

COMMENT ON COLUMN returns.lines.product_id IS 'What came back.';

COMMENT ON COLUMN returns.lines.instead_gtin IS 'Its number, where it was brought instead of what was ordered.';

COMMENT ON COLUMN returns.lines.booked_as IS 'The product stock has counted it as, where that was another one: so it was before a return knew what came back.';

CREATE TABLE returns.returns (
    id uuid NOT NULL,
    order_id uuid NOT NULL,
    request_id uuid,
    cause text NOT NULL,
    channel text NOT NULL,
    amount bigint NOT NULL,
    currency text NOT NULL,
    place_id uuid,
    by uuid,
    note text DEFAULT ''::text NOT NULL,
    photo text,
    at timestamp with time zone DEFAULT now() NOT NULL,
    exchanged_for uuid,
    transfer_id uuid,
    CONSTRAINT amount_is_not_negative CHECK ((amount >= 0)),
    CONSTRAINT currency_is_iso CHECK ((currency ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT known_cause CHECK ((cause = ANY (ARRAY['changed-mind'::text, 'withdrawal'::text, 'missing'::text, 'damaged'::text, 'warm'::text, 'wrong'::text]))),
    CONSTRAINT known_channel CHECK ((channel = ANY (ARRAY['web'::text, 'till'::text, 'phone'::text, 'door'::text, 'parcel'::text])))
);

COMMENT ON COLUMN returns.returns.place_id IS 'Where the goods are now; none when they stay with the shopper.';

COMMENT ON COLUMN returns.returns.exchanged_for IS 'The order that was taken instead.';

COMMENT ON COLUMN returns.returns.transfer_id IS 'With which what was restocked here went on to where it belongs.';

CREATE TABLE stock.aside_ledger (
    id uuid DEFAULT uuidv7() NOT NULL,
    product_id uuid NOT NULL,
    place_id uuid NOT NULL,
    state text NOT NULL,
    kind text NOT NULL,
    change integer NOT NULL,
    reference uuid,
    person_id uuid,
    reason text DEFAULT ''::text NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT an_entry_changes_something CHECK ((change <> 0)),
    CONSTRAINT known_kind CHECK ((kind = ANY (ARRAY['returned'::text, 'moved'::text, 'restocked'::text]))),
    CONSTRAINT known_state CHECK ((state = ANY (ARRAY['quarantine'::text, 'mark-down'::text, 'waste'::text])))
);

COMMENT ON TABLE stock.aside_ledger IS 'Every change of what is set aside, written with it. Only ever added to.';

COMMENT ON COLUMN stock.aside_ledger.reference IS 'The order it came back from, or the command that moved it.';

CREATE VIEW checks.goods_of_returns AS
 SELECT came.id,
    line.line_no,
    line.disposition,
    line.quantity
   FROM (returns.returns came
     JOIN returns.lines line ON ((line.return_id = came.id)))
  WHERE ((came.place_id IS NOT NULL) AND (line.disposition = ANY (ARRAY['quarantine'::text, 'mark-down'::text, 'waste'::text])) AND (came.at >= ( SELECT min(aside_ledger.at) AS min
           FROM stock.aside_ledger)) AND (NOT (EXISTS ( SELECT
           FROM stock.aside_ledger entry
          WHERE ((entry.reference = came.order_id) AND (entry.product_id = COALESCE(line.booked_as, line.product_id)) AND (entry.place_id = came.place_id) AND (entry.state = line.disposition))))));

CREATE VIEW checks.holds AS
 SELECT 'stock'::text AS of,
    hold.id,
    hold.holder,
    hold.expires_at
   FROM stock.holds hold
  WHERE ((hold.state = 'held'::text) AND (hold.expires_at < (now() - '00:01:00'::interval)))
UNION ALL
 SELECT 'slot'::text AS of,
    hold.id,
    hold.holder,
    hold.expires_at
   FROM slots.holds hold
  WHERE ((hold.state = 'held'::text) AND (hold.expires_at < (now() - '00:01:00'::interval)));

CREATE VIEW checks.lines_of_holds AS
 SELECT hold_id,
    product_id,
    place_id,
    quantity
   FROM stock.hold_lines line
  WHERE (NOT (EXISTS ( SELECT
           FROM stock.holds hold
          WHERE (hold.id = line.hold_id))));

CREATE VIEW checks.order_totals AS
 SELECT sold.id,
    sold.number,
    sold.total,
    line.paid,
    line.deposit,
    sold.delivery
   FROM (orders.orders sold
     LEFT JOIN LATERAL ( SELECT COALESCE(sum(lines.paid), (0)::numeric) AS paid,
            COALESCE(sum(lines.deposit), (0)::numeric) AS deposit,
            COALESCE(sum((lines.unit_price * lines.quantity)), (0)::numeric) AS full_price,
            COALESCE(sum(lines.discount), (0)::numeric) AS discount,
            COALESCE(bool_and((lines.paid = ((lines.unit_price * lines.quantity) - lines.discount))), false) AS exact
           FROM orders.lines
          WHERE (lines.order_id = sold.id)) line ON (true))
  WHERE (((sold.total)::numeric <> ((line.paid + line.deposit) + (sold.delivery)::numeric)) OR (sold.total <> (((sold.subtotal - sold.discount) + sold.deposits) + sold.delivery)) OR ((sold.subtotal)::numeric <> line.full_price) OR ((sold.discount)::numeric <> line.discount) OR ((sold.deposits)::numeric <> line.deposit) OR (sold.total < 0) OR (NOT line.exact));

CREATE TABLE jobs.events (
    aggregate uuid NOT NULL,
    number bigint NOT NULL,
    aggregate_kind text NOT NULL,
    kind text NOT NULL,
    body jsonb NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT numbers_start_at_one CHECK ((number >= 1))
);

COMMENT ON TABLE jobs.events IS 'What happened, told in the transaction in which it did; ids only, never personal data.';

CREATE VIEW checks.outbox AS
 SELECT aggregate_kind,
    aggregate,
    max(number) AS last_number,
    count(*) AS told
   FROM jobs.events event
  GROUP BY aggregate_kind, aggregate
 HAVING ((count(*) <> ((max(number) - min(number)) + 1)) OR (min(number) <> 1));

CREATE TABLE fulfilment.contents (
    order_id uuid NOT NULL,
    parcel_id uuid NOT NULL,
    pick_id uuid NOT NULL,
    quantity integer NOT NULL,
    CONSTRAINT something_in_it CHECK ((quantity > 0))
);

CREATE VIEW checks.parcels AS
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

CREATE TABLE orders.pick_ups (
    order_id uuid NOT NULL,
    place_id uuid NOT NULL,
    ready_by timestamp with time zone NOT NULL,
    keep_until timestamp with time zone NOT NULL,
    CONSTRAINT kept_after_it_is_ready CHECK ((ready_by < keep_until))
);

COMMENT ON TABLE orders.pick_ups IS 'Where and when the collected lines of an order are collected whose other lines are brought home. Place and time of an order that is collected whole are its own.';

CREATE VIEW checks.parts AS
 WITH part AS (
         SELECT sold.id AS order_id,
            line.product_id,
            (line.handover = 'collect'::text) AS collected,
            sum(line.quantity) AS quantity
           FROM ((orders.orders sold
             JOIN orders.pick_ups pick_up ON ((pick_up.order_id = sold.id)))
             JOIN orders.lines line ON ((line.order_id = sold.id)))
          WHERE ((sold.state = 'confirmed'::text) AND (line.handover <> 'carry-out'::text))
          GROUP BY sold.id, line.product_id, (line.handover = 'collect'::text)
        ), promised AS (
         SELECT sold.id AS order_id,
            line.product_id,
            (desk.hold_id IS NOT NULL) AS collected,
            sum(line.quantity) AS quantity,
            bool_or(((desk.hold_id IS NOT NULL) AND (line.place_id <> pick_up.place_id))) AS astray
           FROM ((((orders.orders sold
             JOIN orders.pick_ups pick_up ON ((pick_up.order_id = sold.id)))
             JOIN stock.holds hold ON (((hold.holder = sold.id) AND (hold.state = ANY (ARRAY['confirmed'::text, 'taken'::text])))))
             JOIN stock.hold_lines line ON ((line.hold_id = hold.id)))
             LEFT JOIN orders.desk_holds desk ON ((desk.hold_id = hold.id)))
          WHERE (sold.state = 'confirmed'::text)
          GROUP BY sold.id, line.product_id, (desk.hold_id IS NOT NULL)
        )
 SELECT order_id,
    product_id,
    collected,
    part.quantity AS sold,
    promised.quantity AS promised
   FROM (part
     FULL JOIN promised USING (order_id, product_id, collected))
  WHERE (((part.quantity IS DISTINCT FROM promised.quantity) OR promised.astray) AND (NOT (EXISTS ( SELECT
           FROM sourcing.unfilled work
          WHERE ((work.order_id = COALESCE(part.order_id, promised.order_id)) AND (work.settled_at IS NULL))))));

COMMENT ON VIEW checks.parts IS 'What is brought and what is collected of one order is promised to it, each for itself.';

CREATE TABLE payments.captures (
    intent_id uuid NOT NULL,
    reference text NOT NULL,
    amount bigint NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT amount_is_positive CHECK ((amount > 0))
);

COMMENT ON TABLE payments.captures IS 'Money that really came in, once per charge.';

CREATE TABLE payments.takings (
    intent_id uuid NOT NULL,
    amount bigint NOT NULL,
    state text DEFAULT 'wanted'::text NOT NULL,
    due_at timestamp with time zone DEFAULT now() NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    wanted_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT amount_is_positive CHECK ((amount > 0)),
    CONSTRAINT known_state CHECK ((state = ANY (ARRAY['wanted'::text, 'made'::text, 'void'::text])))
);

COMMENT ON TABLE payments.takings IS 'Held money that shall be taken: decided in the transaction that packs, taken afterwards.';

CREATE VIEW checks.payments AS
 SELECT sold.id,
    sold.number,
    sold.state,
    sold.total,
    money.captured,
    money.refunded
   FROM (orders.orders sold
     CROSS JOIN LATERAL ( SELECT COALESCE(sum(tender.captured), (0)::numeric) AS captured,
            COALESCE(sum(tender.refunded), (0)::numeric) AS refunded,
            COALESCE(sum(tender.waived), (0)::numeric) AS waived,
            COALESCE(sum(tender.held), (0)::numeric) AS held,
            COALESCE(sum(tender.taking), (0)::numeric) AS taking,
            COALESCE(bool_or((tender.refunded > (tender.captured + tender.taking))), false) AS too_much_back
           FROM ( SELECT ( SELECT COALESCE(sum(captures.amount), (0)::numeric) AS "coalesce"
                           FROM payments.captures
                          WHERE (captures.intent_id = intent.id)) AS captured,
                    ( SELECT COALESCE(sum(refunds.amount), (0)::numeric) AS "coalesce"
                           FROM payments.refunds
                          WHERE ((refunds.intent_id = intent.id) AND (refunds.state <> 'waived'::text))) AS refunded,
                    ( SELECT COALESCE(sum(refunds.amount), (0)::numeric) AS "coalesce"
                           FROM payments.refunds
                          WHERE ((refunds.intent_id = intent.id) AND (refunds.state = 'waived'::text))) AS waived,
                    ( SELECT COALESCE(sum(takings.amount), (0)::numeric) AS "coalesce"
                           FROM payments.takings
                          WHERE ((takings.intent_id = intent.id) AND (takings.state = 'wanted'::text))) AS taking,
                        CASE
                            WHEN ((intent.state = 'authorised'::text) AND (NOT (EXISTS ( SELECT
                               FROM payments.takings
                              WHERE (takings.intent_id = intent.id))))) THEN ((intent.amount)::numeric - ( SELECT COALESCE(sum(refunds.amount), (0)::numeric) AS "coalesce"
                               FROM payments.refunds
                              WHERE ((refunds.intent_id = intent.id) AND (refunds.state = 'waived'::text))))
                            ELSE (0)::numeric
                        END AS held
                   FROM payments.intents intent
                  WHERE (intent.order_id = sold.id)) tender) money)
  WHERE (money.too_much_back OR ((money.captured - money.refunded) > (sold.total)::numeric) OR ((sold.state = 'cancelled'::text) AND (((money.captured + money.taking) <> money.refunded) OR (money.held > (0)::numeric))) OR ((sold.state = 'placed'::text) AND (money.captured > money.refunded) AND (NOT (EXISTS ( SELECT
           FROM payments.intents intent
          WHERE ((intent.order_id = sold.id) AND (intent.state = 'open'::text)))))) OR ((sold.state = ANY (ARRAY['confirmed'::text, 'in_fulfilment'::text, 'packed'::text, 'on_the_way'::text, 'not_home'::text])) AND ((((money.captured + money.taking) + money.held) + money.waived) < (sold.total)::numeric)));

CREATE TABLE fulfilment.collections (
    order_id uuid NOT NULL,
    fulfilment_id uuid NOT NULL,
    code_hash bytea,
    ready_by timestamp with time zone NOT NULL,
    keep_until timestamp with time zone NOT NULL,
    ready_at timestamp with time zone,
    ended_at timestamp with time zone,
    ended_by uuid,
    age_checked boolean DEFAULT false NOT NULL,
    cleared_at timestamp with time zone,
    CONSTRAINT a_code_once_it_is_ready CHECK (((ready_at IS NULL) = (code_hash IS NULL))),
    CONSTRAINT code_is_hashed CHECK ((octet_length(code_hash) = 32)),
    CONSTRAINT kept_after_it_is_ready CHECK ((ready_by < keep_until)),
    CONSTRAINT only_what_is_over_is_cleared CHECK (((cleared_at IS NULL) OR (ended_at IS NOT NULL)))
);

COMMENT ON COLUMN fulfilment.collections.code_hash IS 'SHA-256 of the code the shopper shows; the code itself is made from the shop''s secret.';

COMMENT ON COLUMN fulfilment.collections.age_checked IS 'Somebody looked at a proof of age. Nothing of the proof is kept.';

COMMENT ON COLUMN fulfilment.collections.cleared_at IS 'What nobody came for lies on the shelves of the shop again.';

CREATE TABLE fulfilment.desk_refusals (
    order_id uuid NOT NULL,
    pick_id uuid NOT NULL,
    quantity integer NOT NULL,
    reason text NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT known_reason CHECK ((reason = ANY (ARRAY['damaged'::text, 'wrong'::text, 'not-wanted'::text, 'age'::text, 'recalled'::text]))),
    CONSTRAINT something_is_refused CHECK ((quantity > 0))
);

COMMENT ON TABLE fulfilment.desk_refusals IS 'What of an order its shopper left at the desk, and why. It is paid back.';

CREATE TABLE fulfilment.second_tries (
    order_id uuid NOT NULL,
    fulfilment_id uuid NOT NULL,
    slot_id uuid,
    starts_at timestamp with time zone,
    ends_at timestamp with time zone,
    chosen_at timestamp with time zone DEFAULT now() NOT NULL,
    collect boolean DEFAULT false NOT NULL,
    CONSTRAINT another_time_or_none CHECK ((num_nonnulls(slot_id, starts_at, ends_at) = ANY (ARRAY[0, 3]))),
    CONSTRAINT brought_or_collected CHECK (((NOT collect) OR (slot_id IS NULL)))
);

COMMENT ON TABLE fulfilment.second_tries IS 'What the shopper chose after nobody was home: another time, to come for it, or (without either) the money back.';

CREATE VIEW checks.pick_ups AS
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
  WHERE ((fulfilment.way = 'collect'::text) AND (fulfilment.state = 'delivered'::text) AND (((pick.delivered + COALESCE(refused.quantity, 0)) + COALESCE(( SELECT sum(warm.quantity) AS sum
           FROM fulfilment.refusals warm
          WHERE ((warm.order_id = pick.order_id) AND (warm.pick_id = pick.id))), (0)::bigint)) <> pick.picked));

CREATE VIEW checks.pieces_of_returns AS
 SELECT came.order_id,
    line.line_no,
    line.product_id,
    sum(line.quantity) AS returned,
    handed_over.pieces AS handed_over
   FROM (((returns.returns came
     JOIN returns.lines line ON ((line.return_id = came.id)))
     JOIN orders.lines bought ON (((bought.order_id = came.order_id) AND (bought.line_no = line.line_no))))
     CROSS JOIN LATERAL ( SELECT (COALESCE(sum(pick.delivered) FILTER (WHERE (pick.product_id = line.product_id)), (0)::bigint) +
                CASE
                    WHEN (line.product_id = bought.product_id) THEN (bought.delivered_quantity - COALESCE(sum(pick.delivered), (0)::bigint))
                    ELSE (0)::bigint
                END) AS pieces
           FROM fulfilment.picks pick
          WHERE ((pick.order_id = came.order_id) AND (pick.line_no = line.line_no))) handed_over)
  GROUP BY came.order_id, line.line_no, line.product_id, handed_over.pieces, (line.instead_gtin IS NULL), bought.product_id
 HAVING ((sum(line.quantity) > handed_over.pieces) OR ((line.instead_gtin IS NULL) <> (line.product_id = bought.product_id)));

CREATE VIEW checks.points AS
SELECT
    NULL::uuid AS id,
    NULL::text AS wrong;

CREATE VIEW checks.price_history AS
 SELECT product.id,
    product.gtin,
    product.price,
    history.amount
   FROM (catalog.products product
     LEFT JOIN catalog.prices history ON (((history.product_id = product.id) AND (history.until_at IS NULL))))
  WHERE (history.amount IS DISTINCT FROM product.price);

CREATE VIEW checks.promises AS
 SELECT promise.id,
    promise.order_id,
    sold.state,
    promise.amount,
    asked.state AS request
   FROM ((payments.intents promise
     LEFT JOIN orders.orders sold ON ((sold.id = promise.order_id)))
     LEFT JOIN returns.requests asked ON ((asked.exchange_id = promise.order_id)))
  WHERE ((promise.provider = 'exchange'::text) AND ((promise.state <> 'open'::text) OR (sold.state IS DISTINCT FROM 'placed'::text) OR (asked.state IS DISTINCT FROM 'open'::text)));

CREATE TABLE returns.refunds (
    return_id uuid NOT NULL,
    refund_id uuid NOT NULL,
    provider text NOT NULL,
    amount bigint NOT NULL,
    CONSTRAINT something_goes_back CHECK ((amount > 0))
);

COMMENT ON TABLE returns.refunds IS 'By which tenders it was promised back; payments.refunds says when it was made.';

CREATE VIEW checks.refunds_of_returns AS
 SELECT came.id,
    came.order_id,
    came.amount,
    COALESCE(sum(refund.amount), (0)::numeric) AS promised
   FROM ((returns.returns came
     LEFT JOIN returns.refunds part ON ((part.return_id = came.id)))
     LEFT JOIN payments.refunds refund ON ((refund.id = part.refund_id)))
  GROUP BY came.id, came.order_id, came.amount
 HAVING ((came.amount)::numeric <> COALESCE(sum(refund.amount), (0)::numeric));

CREATE TABLE returns.units (
    order_id uuid NOT NULL,
    line_no integer NOT NULL,
    delivered integer NOT NULL,
    returned integer NOT NULL,
    CONSTRAINT no_more_comes_back_than_was_handed_over CHECK (((returned >= 1) AND (returned <= delivered)))
);

COMMENT ON TABLE returns.units IS 'Counted up by a conditional write, so that two desks at once are one return.';

CREATE VIEW checks.returns AS
 SELECT line.order_id,
    line.line_no,
    line.quantity AS ordered,
    line.delivered_quantity AS delivered,
    COALESCE(counted.returned, 0) AS counted,
    COALESCE(written.returned, (0)::bigint) AS returned
   FROM ((orders.lines line
     LEFT JOIN returns.units counted ON (((counted.order_id = line.order_id) AND (counted.line_no = line.line_no))))
     LEFT JOIN ( SELECT came.order_id,
            part.line_no,
            sum(part.quantity) AS returned
           FROM (returns.returns came
             JOIN returns.lines part ON ((part.return_id = came.id)))
          GROUP BY came.order_id, part.line_no) written ON (((written.order_id = line.order_id) AND (written.line_no = line.line_no))))
  WHERE ((COALESCE(counted.returned, 0) <> COALESCE(written.returned, (0)::bigint)) OR (COALESCE(written.returned, (0)::bigint) > line.delivered_quantity) OR (line.delivered_quantity > line.quantity));

CREATE TABLE stock.ledger (
    id uuid DEFAULT uuidv7() NOT NULL,
    product_id uuid NOT NULL,
    place_id uuid NOT NULL,
    kind text NOT NULL,
    on_hand_change integer DEFAULT 0 NOT NULL,
    reserved_change integer DEFAULT 0 NOT NULL,
    hold_id uuid,
    reference uuid,
    at timestamp with time zone DEFAULT now() NOT NULL,
    reason text,
    CONSTRAINT an_adjustment_has_a_reason CHECK (((kind <> 'adjusted'::text) OR (reason IS NOT NULL))),
    CONSTRAINT an_entry_changes_something CHECK (((on_hand_change <> 0) OR (reserved_change <> 0))),
    CONSTRAINT known_kind_of_entry CHECK ((kind = ANY (ARRAY['received'::text, 'returned'::text, 'counted'::text, 'written_off'::text, 'adjusted'::text, 'sent'::text, 'short'::text, 'held'::text, 'released'::text, 'expired'::text, 'taken'::text])))
);

COMMENT ON TABLE stock.ledger IS 'Every change of a level, written with it. Only ever added to.';

CREATE VIEW checks.shelves_of_returns AS
 WITH back AS (
         SELECT came.order_id,
            COALESCE(line.booked_as, line.product_id) AS product_id,
            came.place_id,
            sum(line.quantity) AS restocked
           FROM (returns.returns came
             JOIN returns.lines line ON ((line.return_id = came.id)))
          WHERE (line.disposition = 'restock'::text)
          GROUP BY came.order_id, COALESCE(line.booked_as, line.product_id), came.place_id
        ), booked AS (
         SELECT entry.reference AS order_id,
            entry.product_id,
            entry.place_id,
            sum(entry.on_hand_change) AS pieces
           FROM stock.ledger entry
          WHERE ((entry.kind = 'returned'::text) AND (entry.reference IN ( SELECT back.order_id
                   FROM back)))
          GROUP BY entry.reference, entry.product_id, entry.place_id
        ), gone AS (
         SELECT hold.holder AS order_id,
            entry.product_id,
            (- sum(entry.on_hand_change)) AS pieces
           FROM (stock.holds hold
             JOIN stock.ledger entry ON (((entry.hold_id = hold.id) AND (entry.kind = 'taken'::text))))
          WHERE (hold.holder IN ( SELECT back.order_id
                   FROM back))
          GROUP BY hold.holder, entry.product_id
        ), handed_over AS (
         SELECT line.order_id,
            line.product_id,
            (line.delivered_quantity - COALESCE(( SELECT sum(pick.delivered) AS sum
                   FROM fulfilment.picks pick
                  WHERE ((pick.order_id = line.order_id) AND (pick.line_no = line.line_no) AND (pick.product_id <> line.product_id))), (0)::bigint)) AS pieces
           FROM orders.lines line
          WHERE (line.order_id IN ( SELECT back.order_id
                   FROM back))
        UNION ALL
         SELECT pick.order_id,
            pick.product_id,
            pick.delivered
           FROM fulfilment.picks pick
          WHERE ((pick.order_id IN ( SELECT back.order_id
                   FROM back)) AND (pick.replaces IS NOT NULL))
        )
 SELECT back.order_id,
    back.product_id,
    back.place_id,
    back.restocked AS should,
    COALESCE(booked.pieces, (0)::bigint) AS "is",
    'is not on the shelf'::text AS wrong
   FROM (back
     LEFT JOIN booked ON (((booked.order_id = back.order_id) AND (booked.product_id = back.product_id) AND (booked.place_id = back.place_id))))
  WHERE (COALESCE(booked.pieces, (0)::bigint) < back.restocked)
UNION ALL
 SELECT kept.order_id,
    kept.product_id,
    NULL::uuid AS place_id,
    kept.pieces AS should,
    ((COALESCE(gone.pieces, (0)::bigint))::numeric - kept.booked) AS "is",
    'came back as another product'::text AS wrong
   FROM (( SELECT back.order_id,
            back.product_id,
            (COALESCE(( SELECT sum(handed_over.pieces) AS sum
                   FROM handed_over
                  WHERE ((handed_over.order_id = back.order_id) AND (handed_over.product_id = back.product_id))), (0)::numeric) - sum(back.restocked)) AS pieces,
            COALESCE(( SELECT sum(booked.pieces) AS sum
                   FROM booked
                  WHERE ((booked.order_id = back.order_id) AND (booked.product_id = back.product_id))), (0)::numeric) AS booked
           FROM back
          GROUP BY back.order_id, back.product_id) kept
     LEFT JOIN gone ON (((gone.order_id = kept.order_id) AND (gone.product_id = kept.product_id))))
  WHERE (((COALESCE(gone.pieces, (0)::bigint))::numeric - kept.booked) < kept.pieces);

CREATE TABLE slots.plans (
    place_id uuid NOT NULL,
    day date NOT NULL,
    version bigint DEFAULT 1 NOT NULL,
    draft jsonb NOT NULL,
    stops integer DEFAULT 0 NOT NULL,
    length_m bigint DEFAULT 0 NOT NULL,
    improved_version bigint DEFAULT 0 NOT NULL,
    changed_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT improved_as_it_was CHECK ((improved_version <= version))
);

COMMENT ON TABLE slots.plans IS 'Who drives where on a day, if no more order came. A hold writes its slot and this row together, so that two never count on the same gap.';

COMMENT ON COLUMN slots.plans.improved_version IS 'The version a better plan was last looked for.';

CREATE TABLE slots.slots (
    id uuid NOT NULL,
    place_id uuid NOT NULL,
    starts_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    cutoff_at timestamp with time zone NOT NULL,
    capacity integer NOT NULL,
    used integer DEFAULT 0 NOT NULL,
    fee bigint DEFAULT 0 NOT NULL,
    ambient_crates integer,
    chilled_crates integer,
    frozen_crates integer,
    picker_minutes integer,
    free_from bigint,
    ambient_used integer DEFAULT 0 NOT NULL,
    chilled_used integer DEFAULT 0 NOT NULL,
    frozen_used integer DEFAULT 0 NOT NULL,
    minutes_used integer DEFAULT 0 NOT NULL,
    CONSTRAINT a_slot_starts_before_it_ends CHECK ((starts_at < ends_at)),
    CONSTRAINT cutoff_is_before_the_slot CHECK ((cutoff_at <= starts_at)),
    CONSTRAINT fee_is_not_negative CHECK ((fee >= 0)),
    CONSTRAINT free_from_some_value CHECK ((free_from >= 0)),
    CONSTRAINT no_crate_is_promised_twice CHECK (((0 <= ambient_used) AND (ambient_used <= COALESCE(ambient_crates, ambient_used)) AND (0 <= chilled_used) AND (chilled_used <= COALESCE(chilled_crates, chilled_used)) AND (0 <= frozen_used) AND (frozen_used <= COALESCE(frozen_crates, frozen_used)))),
    CONSTRAINT no_minute_is_promised_twice CHECK (((0 <= minutes_used) AND (minutes_used <= COALESCE(picker_minutes, minutes_used)))),
    CONSTRAINT no_slot_is_overbooked CHECK (((0 <= used) AND (used <= capacity)))
)
WITH (fillfactor='50');

COMMENT ON COLUMN slots.slots.ambient_crates IS 'Without a number there is no limit but that of orders and vans.';

CREATE TABLE stock.places (
    id uuid NOT NULL,
    code text NOT NULL,
    name text NOT NULL,
    kind text NOT NULL,
    street text NOT NULL,
    postcode text NOT NULL,
    city text NOT NULL,
    country text NOT NULL,
    time_zone text NOT NULL,
    latitude double precision NOT NULL,
    longitude double precision NOT NULL,
    open boolean DEFAULT true NOT NULL,
    CONSTRAINT country_is_iso_3166 CHECK ((country ~ '^[A-Z]{2}$'::text)),
    CONSTRAINT known_kind_of_place CHECK ((kind = ANY (ARRAY['store'::text, 'dark-store'::text]))),
    CONSTRAINT latitude_on_earth CHECK (((latitude >= ('-90'::integer)::double precision) AND (latitude <= (90)::double precision))),
    CONSTRAINT longitude_on_earth CHECK (((longitude >= ('-180'::integer)::double precision) AND (longitude <= (180)::double precision)))
);

COMMENT ON TABLE stock.places IS 'Stores and dark stores. A closed one sells nothing; what it holds still counts.';

CREATE VIEW checks.slot_plans AS
 WITH planned AS (
         SELECT plan.place_id,
            plan.day,
            ((stop.value ->> 0))::uuid AS holder,
            count(*) AS times
           FROM ((slots.plans plan
             CROSS JOIN LATERAL jsonb_array_elements((plan.draft -> 'tours'::text)) tour(value))
             CROSS JOIN LATERAL jsonb_array_elements(tour.value) stop(value))
          GROUP BY plan.place_id, plan.day, ((stop.value ->> 0))::uuid
        ), promised AS (
         SELECT slot.place_id,
            ((slot.starts_at AT TIME ZONE place.time_zone))::date AS day,
            COALESCE(hold.beside, hold.holder) AS holder
           FROM ((slots.holds hold
             JOIN slots.slots slot ON ((slot.id = hold.slot_id)))
             JOIN stock.places place ON ((place.id = slot.place_id)))
          WHERE ((hold.state = ANY (ARRAY['held'::text, 'confirmed'::text])) AND hold.planned)
        )
 SELECT place_id,
    day,
    holder,
    COALESCE(planned.times, (0)::bigint) AS times_planned
   FROM (planned
     FULL JOIN promised USING (place_id, day, holder))
  WHERE ((planned.times IS DISTINCT FROM 1) OR (promised.holder IS NULL));

CREATE VIEW checks.slots AS
SELECT
    NULL::uuid AS id,
    NULL::uuid AS place_id,
    NULL::timestamp with time zone AS starts_at,
    NULL::integer AS capacity,
    NULL::integer AS used,
    NULL::bigint AS live_holds;

CREATE TABLE jobs.tasks (
    id uuid NOT NULL,
    kind text NOT NULL,
    body jsonb NOT NULL,
    state text DEFAULT 'waiting'::text NOT NULL,
    due_at timestamp with time zone DEFAULT now() NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    progress integer DEFAULT 0 NOT NULL,
    note text,
    outcome jsonb,
    lease uuid,
    leased_until timestamp with time zone DEFAULT '-infinity'::timestamp with time zone NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    finished_at timestamp with time zone,
    CONSTRAINT known_state CHECK ((state = ANY (ARRAY['waiting'::text, 'done'::text, 'failed'::text]))),
    CONSTRAINT progress_is_percent CHECK (((progress >= 0) AND (progress <= 100)))
);

CREATE VIEW checks.steps AS
 SELECT task.id,
    task.kind,
    task.due_at,
    task.attempts
   FROM jobs.tasks task
  WHERE ((task.state = 'waiting'::text) AND (task.due_at < (now() - '00:01:00'::interval)) AND (task.leased_until < now()))
UNION ALL
 SELECT attempt.id,
    'checkout'::text AS kind,
    attempt.due_at,
    attempt.tries AS attempts
   FROM checkout.attempts attempt
  WHERE ((attempt.state = ANY (ARRAY['frozen'::text, 'placed'::text])) AND (attempt.due_at < (now() - '00:01:00'::interval)))
UNION ALL
 SELECT refund.id,
    'refund'::text AS kind,
    refund.due_at,
    refund.attempts
   FROM (payments.refunds refund
     JOIN payments.intents intent ON ((intent.id = refund.intent_id)))
  WHERE ((refund.state = 'wanted'::text) AND (intent.state <> 'authorised'::text) AND (refund.due_at < (now() - '00:01:00'::interval)))
UNION ALL
 SELECT taking.intent_id AS id,
    'taking'::text AS kind,
    taking.due_at,
    taking.attempts
   FROM payments.takings taking
  WHERE ((taking.state = 'wanted'::text) AND (taking.due_at < (now() - '00:01:00'::interval)))
UNION ALL
 SELECT intent.id,
    'payment'::text AS kind,
    intent.ask_at AS due_at,
    intent.asked AS attempts
   FROM payments.intents intent
  WHERE (intent.ask_at < (now() - '00:01:00'::interval));

CREATE TABLE stock.aside (
    product_id uuid NOT NULL,
    place_id uuid NOT NULL,
    state text NOT NULL,
    quantity integer NOT NULL,
    CONSTRAINT known_state CHECK ((state = ANY (ARRAY['quarantine'::text, 'mark-down'::text, 'waste'::text]))),
    CONSTRAINT no_less_than_nothing CHECK ((quantity >= 0))
);

COMMENT ON TABLE stock.aside IS 'Beside the shelf, not on it. waste: what was thrown away in all; it never comes back.';

CREATE VIEW checks.stock_aside AS
 SELECT COALESCE(lying.product_id, written.product_id) AS product_id,
    COALESCE(lying.place_id, written.place_id) AS place_id,
    COALESCE(lying.state, written.state) AS state,
    lying.quantity,
    written.quantity AS written
   FROM (stock.aside lying
     FULL JOIN ( SELECT aside_ledger.product_id,
            aside_ledger.place_id,
            aside_ledger.state,
            (sum(aside_ledger.change))::integer AS quantity
           FROM stock.aside_ledger
          GROUP BY aside_ledger.product_id, aside_ledger.place_id, aside_ledger.state) written ON (((written.product_id = lying.product_id) AND (written.place_id = lying.place_id) AND (written.state = lying.state))))
  WHERE (lying.quantity IS DISTINCT FROM written.quantity);

CREATE TABLE stock.levels (
    product_id uuid NOT NULL,
    place_id uuid NOT NULL,
    on_hand integer DEFAULT 0 NOT NULL,
    reserved integer DEFAULT 0 NOT NULL,
    changed_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT nothing_is_promised_twice CHECK (((0 <= reserved) AND (reserved <= on_hand)))
)
WITH (fillfactor='50');

COMMENT ON TABLE stock.levels IS 'Half-empty pages: a hot product is updated in place. Locked in the order (product, place), always.';

COMMENT ON COLUMN stock.levels.changed_at IS 'By the clock, not by the transaction: whoever waited for the row comes later. Watchers go by it.';

CREATE VIEW checks.stock_bounds AS
 SELECT product_id,
    place_id,
    on_hand,
    reserved
   FROM stock.levels level
  WHERE (NOT ((0 <= reserved) AND (reserved <= on_hand)));

CREATE VIEW checks.stock_ledger AS
 WITH written AS (
         SELECT entry.product_id,
            entry.place_id,
            sum(entry.on_hand_change) AS on_hand,
            sum(entry.reserved_change) AS reserved
           FROM stock.ledger entry
          GROUP BY entry.product_id, entry.place_id
        ), promised AS (
         SELECT line.product_id,
            line.place_id,
            sum((line.quantity - line.short)) AS reserved
           FROM (stock.hold_lines line
             JOIN stock.holds hold ON ((hold.id = line.hold_id)))
          WHERE ((hold.state = ANY (ARRAY['held'::text, 'confirmed'::text])) AND (line.picked IS NULL))
          GROUP BY line.product_id, line.place_id
        )
 SELECT product_id,
    place_id,
    COALESCE(level.on_hand, 0) AS on_hand,
    COALESCE(written.on_hand, (0)::bigint) AS on_hand_written,
    COALESCE(level.reserved, 0) AS reserved,
    COALESCE(written.reserved, (0)::bigint) AS reserved_written,
    COALESCE(promised.reserved, (0)::bigint) AS reserved_promised
   FROM ((stock.levels level
     FULL JOIN written USING (product_id, place_id))
     FULL JOIN promised USING (product_id, place_id))
  WHERE ((COALESCE(level.on_hand, 0) <> COALESCE(written.on_hand, (0)::bigint)) OR (COALESCE(level.reserved, 0) <> COALESCE(written.reserved, (0)::bigint)) OR (COALESCE(level.reserved, 0) <> COALESCE(promised.reserved, (0)::bigint)));

CREATE VIEW checks.stops AS
SELECT
    NULL::uuid AS order_id,
    NULL::uuid AS id,
    NULL::text AS state,
    NULL::bigint AS planned;

CREATE VIEW checks.substitutes AS
SELECT
    NULL::uuid AS order_id,
    NULL::uuid AS id,
    NULL::text AS state,
    NULL::text AS wrong;

CREATE VIEW checks.tills AS
SELECT
    NULL::uuid AS id,
    NULL::text AS wrong;

CREATE TABLE walls.editions (
    id uuid NOT NULL,
    wall_id uuid NOT NULL,
    number integer NOT NULL,
    state text DEFAULT 'draft'::text NOT NULL,
    plan jsonb NOT NULL,
    codes integer NOT NULL,
    base_url text NOT NULL,
    currency text NOT NULL,
    valid_from timestamp with time zone NOT NULL,
    valid_until timestamp with time zone NOT NULL,
    pdf bytea,
    png bytea,
    proof jsonb,
    refusal jsonb,
    ordered_by uuid,
    printed_at timestamp with time zone,
    published_at timestamp with time zone,
    retired_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    site_id uuid,
    kind text DEFAULT 'wall'::text NOT NULL,
    phone text DEFAULT ''::text NOT NULL,
    list_url text DEFAULT ''::text NOT NULL,
    reading_distance_mm integer,
    lights jsonb DEFAULT '[]'::jsonb NOT NULL,
    CONSTRAINT a_promise_has_an_end CHECK ((valid_until > valid_from)),
    CONSTRAINT an_edition_sells_something CHECK ((codes >= 1)),
    CONSTRAINT currency_is_iso CHECK ((currency ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT editions_start_at_one CHECK ((number >= 1)),
    CONSTRAINT known_kind CHECK ((kind = ANY (ARRAY['wall'::text, 'patch'::text]))),
    CONSTRAINT known_state CHECK ((state = ANY (ARRAY['draft'::text, 'published'::text, 'retired'::text]))),
    CONSTRAINT list_url_is_a_line CHECK (((list_url ~ '^[^[:cntrl:]]*$'::text) AND (length(list_url) <= 400))),
    CONSTRAINT only_what_is_proven_is_published CHECK (((state = 'draft'::text) OR ((printed_at IS NOT NULL) AND ((proof -> 'failures'::text) = '[]'::jsonb)))),
    CONSTRAINT people_stand_before_it CHECK (((reading_distance_mm >= 100) AND (reading_distance_mm <= 10000))),
    CONSTRAINT phone_is_a_line CHECK ((phone ~ '^[^[:cntrl:]]{0,30}$'::text)),
    CONSTRAINT printed_whole CHECK (((printed_at IS NULL) = ((pdf IS NULL) OR (png IS NULL) OR (proof IS NULL)))),
    CONSTRAINT published_at_some_time CHECK (((state = 'draft'::text) = (published_at IS NULL)))
);

COMMENT ON TABLE walls.editions IS 'One printing of a wall. Its plan, prices and file never change: the poster cannot either.';

COMMENT ON COLUMN walls.editions.plan IS 'What was to be printed when it was ordered: places, products, prices and the token of every code.';

COMMENT ON COLUMN walls.editions.refusal IS 'Why it could not be drawn, as a sentence and its values.';

COMMENT ON COLUMN walls.editions.kind IS 'A whole wall, or a sheet of stickers that go over the labels which changed.';

COMMENT ON COLUMN walls.editions.phone IS 'As it is printed: orders are taken there by product number. Empty where the shop has none.';

COMMENT ON COLUMN walls.editions.list_url IS 'What the sign opens that shows the wall as a list. Empty: drawn without one.';

COMMENT ON COLUMN walls.editions.reading_distance_mm IS 'NULL before it was kept: the one its wall has now.';

COMMENT ON COLUMN walls.editions.lights IS 'What the proof found of every code, in walking order; beside it, for lists do without.';

CREATE TABLE walls.labels (
    token text NOT NULL,
    position_id uuid NOT NULL,
    edition_id uuid NOT NULL,
    product_id uuid NOT NULL,
    gtin text NOT NULL,
    printed_price bigint NOT NULL,
    currency text NOT NULL,
    panel smallint NOT NULL,
    shelf smallint NOT NULL,
    place smallint NOT NULL,
    state text DEFAULT 'live'::text NOT NULL,
    replaces text,
    hung_at timestamp with time zone,
    covered_at timestamp with time zone,
    CONSTRAINT currency_is_iso CHECK ((currency ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT gtin_has_14_digits CHECK ((gtin ~ '^[0-9]{14}$'::text)),
    CONSTRAINT known_state CHECK ((state = ANY (ARRAY['waiting'::text, 'live'::text, 'retired'::text]))),
    CONSTRAINT printed_price_is_not_negative CHECK ((printed_price >= 0)),
    CONSTRAINT token_is_crockford CHECK ((token ~ '^[0-9A-HJKMNP-TV-Z]{7}$'::text))
);

COMMENT ON TABLE walls.labels IS 'One printed code of a published edition. It outlives its position: a poster hangs for years.';

COMMENT ON COLUMN walls.labels.product_id IS 'What it sells today. The gtin is what was printed; a label can be pointed elsewhere without reprinting.';

COMMENT ON COLUMN walls.labels.state IS 'A waiting one is printed, and sells as soon as its site opens.';

COMMENT ON COLUMN walls.labels.replaces IS 'The label a sticker goes over.';

COMMENT ON COLUMN walls.labels.hung_at IS 'When the crew said that it hangs.';

COMMENT ON COLUMN walls.labels.covered_at IS 'When another print came over it. It still opens for who has a photograph of it.';

CREATE TABLE walls.sites (
    id uuid NOT NULL,
    wall_id uuid NOT NULL,
    code text NOT NULL,
    name text NOT NULL,
    place_hint text DEFAULT ''::text NOT NULL,
    city text DEFAULT ''::text NOT NULL,
    crew_hint text DEFAULT ''::text NOT NULL,
    time_zone text NOT NULL,
    state text DEFAULT 'planned'::text NOT NULL,
    opens_at timestamp with time zone,
    version bigint DEFAULT 1 NOT NULL,
    opened_at timestamp with time zone,
    down_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT city_is_a_line CHECK ((city ~ '^[^[:cntrl:]]{0,80}$'::text)),
    CONSTRAINT code_is_short CHECK ((code ~ '^[a-z0-9][a-z0-9-]{0,39}$'::text)),
    CONSTRAINT crew_hint_is_a_line CHECK ((crew_hint ~ '^[^[:cntrl:]]{0,200}$'::text)),
    CONSTRAINT down_since_some_time CHECK (((state = 'down'::text) = (down_at IS NOT NULL))),
    CONSTRAINT known_state CHECK ((state = ANY (ARRAY['planned'::text, 'printed'::text, 'hung'::text, 'open'::text, 'down'::text]))),
    CONSTRAINT name_is_a_line CHECK ((name ~ '^[^[:cntrl:]]{1,80}$'::text)),
    CONSTRAINT open_since_some_time CHECK (((state <> 'open'::text) OR (opened_at IS NOT NULL))),
    CONSTRAINT place_hint_is_a_line CHECK ((place_hint ~ '^[^[:cntrl:]]{0,120}$'::text))
);

COMMENT ON TABLE walls.sites IS 'Where a design hangs, or will.';

COMMENT ON COLUMN walls.sites.place_hint IS 'For shoppers: platform 5, beside the stairs.';

COMMENT ON COLUMN walls.sites.crew_hint IS 'For those who hang it: which door, whom to ask.';

COMMENT ON COLUMN walls.sites.opens_at IS 'From then on its codes sell, if it hangs by then.';

COMMENT ON COLUMN walls.sites.version IS 'Goes up with every change; 0 for a site that was made of a wall from before there were sites.';

CREATE VIEW checks.walls AS
 SELECT edition.id AS edition_id,
    edition.state,
    wrong.words AS wrong
   FROM (((walls.editions edition
     LEFT JOIN walls.sites site ON ((site.id = edition.site_id)))
     LEFT JOIN LATERAL ( SELECT count(*) AS printed,
            count(*) FILTER (WHERE (label.state = 'live'::text)) AS live,
            count(*) FILTER (WHERE (label.state = 'waiting'::text)) AS waiting,
            count(*) FILTER (WHERE (label.hung_at IS NOT NULL)) AS hung
           FROM walls.labels label
          WHERE (label.edition_id = edition.id)) labels ON (true))
     CROSS JOIN LATERAL ( VALUES ((labels.printed <>
                CASE
                    WHEN (edition.state = 'draft'::text) THEN 0
                    ELSE edition.codes
                END),'a published edition has a label for each of its codes, a draft none'::text), (((edition.state = 'retired'::text) AND ((labels.live + labels.waiting) > 0)),'a retired edition has no label that sells'::text), (((site.state <> 'open'::text) AND (labels.live > 0)),'nothing sells at a site that is not open'::text), (((site.state = ANY (ARRAY['open'::text, 'down'::text])) AND (labels.waiting > 0)),'no label waits at a site that is open or down'::text), (((site.state = 'planned'::text) AND (edition.state <> 'draft'::text) AND ((labels.live + labels.waiting) > 0)),'a site with a published edition is not merely planned'::text), (((edition.kind = 'patch'::text) AND (EXISTS ( SELECT
                   FROM (walls.labels sticker
                     JOIN walls.labels under ON ((under.token = sticker.replaces)))
                  WHERE ((sticker.edition_id = edition.id) AND (sticker.hung_at IS NOT NULL) AND (under.covered_at IS NULL))))),'what a sticker was pasted over is covered'::text)) wrong(so, words))
  WHERE wrong.so;

CREATE TABLE collecting.desks (
    place_id uuid NOT NULL,
    ready_minutes integer DEFAULT 120 NOT NULL,
    keep_days integer DEFAULT 3 NOT NULL,
    on_holidays boolean DEFAULT false NOT NULL,
    hint text DEFAULT ''::text NOT NULL,
    open boolean DEFAULT true NOT NULL,
    version bigint DEFAULT 1 NOT NULL,
    CONSTRAINT kept_for_some_days CHECK (((keep_days >= 1) AND (keep_days <= 14))),
    CONSTRAINT made_ready_within_two_days CHECK (((ready_minutes >= 0) AND (ready_minutes <= 2880)))
);

COMMENT ON TABLE collecting.desks IS 'Places where orders can be collected. ready_minutes are counted while the desk is open; an order is kept until the desk closes keep_days days after it was to be ready.';

CREATE TABLE collecting.hours (
    place_id uuid NOT NULL,
    weekday smallint NOT NULL,
    opens time without time zone NOT NULL,
    closes time without time zone NOT NULL,
    CONSTRAINT a_desk_opens_before_it_closes CHECK ((opens < closes)),
    CONSTRAINT weekdays_are_iso CHECK (((weekday >= 1) AND (weekday <= 7)))
);

COMMENT ON TABLE collecting.hours IS 'By the clock of the place; a weekday without a row is closed.';

CREATE TABLE commands.done (
    scope uuid NOT NULL,
    id uuid NOT NULL,
    fingerprint bytea NOT NULL,
    outcome jsonb,
    at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT fingerprint_is_sha256 CHECK ((octet_length(fingerprint) = 32))
);

COMMENT ON TABLE commands.done IS 'Every change is a command that can arrive twice; what it did is written with its effect.';

CREATE TABLE contact.calls (
    id uuid NOT NULL,
    agent_id uuid NOT NULL,
    order_id uuid,
    cart_id uuid,
    view_id uuid,
    reason text NOT NULL,
    found_by text DEFAULT ''::text NOT NULL,
    verified_at timestamp with time zone,
    tries smallint DEFAULT 0 NOT NULL,
    opened_at timestamp with time zone DEFAULT now() NOT NULL,
    ended_at timestamp with time zone,
    CONSTRAINT a_few_tries CHECK (((tries >= 0) AND (tries <= 5))),
    CONSTRAINT about_one_thing CHECK ((num_nonnulls(order_id, cart_id) = 1)),
    CONSTRAINT for_a_reason CHECK ((reason <> ''::text))
);

COMMENT ON COLUMN contact.calls.view_id IS 'The look the caller gave into a basket of their own; they can end it.';

COMMENT ON COLUMN contact.calls.found_by IS 'What the caller said to be found proves nothing any more.';

COMMENT ON COLUMN contact.calls.verified_at IS 'The caller knew what only the customer knows; until then nothing personal is shown.';

CREATE TABLE contact.notes (
    id uuid NOT NULL,
    call_id uuid NOT NULL,
    text text NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT something_is_noted CHECK ((text <> ''::text))
);

CREATE TABLE customers.links (
    email text NOT NULL,
    sha256 bytea NOT NULL,
    until_at timestamp with time zone NOT NULL,
    used_by uuid,
    asked integer DEFAULT 1 NOT NULL,
    asked_since timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT token_is_hashed CHECK ((octet_length(sha256) = 32))
);

COMMENT ON TABLE customers.links IS 'One mailed link per address, the newest. It is used by one command, which may arrive twice.';

CREATE TABLE customers.memberships (
    customer_id uuid NOT NULL,
    name text NOT NULL,
    person_id uuid,
    since timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT a_group_has_a_short_name CHECK ((name ~ '^[^[:cntrl:]]{1,40}$'::text)),
    CONSTRAINT everybody_is_a_member CHECK ((name <> 'members'::text))
);

CREATE TABLE customers.people (
    id uuid NOT NULL,
    email text NOT NULL,
    joined_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT address_is_tidy CHECK (((email = lower(email)) AND (email ~ '^[^[:space:]@]+@[^[:space:]@]+$'::text)))
);

CREATE TABLE customers.sessions (
    token_sha256 bytea NOT NULL,
    customer_id uuid NOT NULL,
    started_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT token_is_hashed CHECK ((octet_length(token_sha256) = 32))
);

CREATE TABLE files.files (
    sha256 bytea NOT NULL,
    media_type text NOT NULL,
    body bytea NOT NULL,
    public boolean DEFAULT false NOT NULL,
    kept_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT name_is_sha256 CHECK ((octet_length(sha256) = 32))
);
ALTER TABLE ONLY files.files ALTER COLUMN body SET STORAGE EXTERNAL;

COMMENT ON TABLE files.files IS 'Named by their content, so the same picture is kept once.';

CREATE TABLE fulfilment.acts (
    order_id uuid NOT NULL,
    id uuid NOT NULL,
    fulfilment_id uuid NOT NULL,
    action text NOT NULL,
    person_id uuid,
    happened_at timestamp with time zone NOT NULL,
    received_at timestamp with time zone DEFAULT now() NOT NULL,
    details jsonb DEFAULT '{}'::jsonb NOT NULL
);

COMMENT ON TABLE fulfilment.acts IS 'Who did what with an order, on which clock; ids and numbers only.';

CREATE TABLE fulfilment.batches (
    id uuid NOT NULL,
    place_id uuid NOT NULL,
    picker_id uuid NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

COMMENT ON TABLE fulfilment.batches IS 'Up to six orders walked at once, a tote of its own colour for each.';

CREATE TABLE fulfilment.breakdowns (
    id uuid NOT NULL,
    run_id uuid NOT NULL,
    was jsonb NOT NULL,
    stranded boolean NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    undone_at timestamp with time zone
);

CREATE TABLE fulfilment.carrier_facts (
    carrier text NOT NULL,
    id text NOT NULL,
    order_id uuid NOT NULL,
    parcel_id uuid NOT NULL,
    kind text NOT NULL,
    happened_at timestamp with time zone NOT NULL,
    received_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT known_kind CHECK ((kind = ANY (ARRAY['accepted'::text, 'in_transit'::text, 'failed'::text, 'delivered'::text, 'returned'::text])))
);

COMMENT ON TABLE fulfilment.carrier_facts IS 'What a carrier told of a parcel; where it stands follows from all of them, not from their order.';

CREATE TABLE fulfilment.door_notes (
    door bytea NOT NULL,
    words text NOT NULL,
    by uuid NOT NULL,
    written_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT door_is_a_hash CHECK ((length(door) = 32)),
    CONSTRAINT something_is_said CHECK ((words <> ''::text))
);

COMMENT ON TABLE fulfilment.door_notes IS 'What a driver learned of a door, for the next one. The door is a hash of its address; a note nobody renewed goes after a year.';

CREATE TABLE fulfilment.locations (
    product_id uuid NOT NULL,
    place_id uuid NOT NULL,
    aisle smallint NOT NULL,
    bay smallint NOT NULL,
    shelf smallint NOT NULL,
    CONSTRAINT aisles_count_from_one CHECK (((aisle >= 1) AND (aisle <= 999))),
    CONSTRAINT bays_count_from_one CHECK (((bay >= 1) AND (bay <= 999))),
    CONSTRAINT shelves_count_from_one CHECK (((shelf >= 1) AND (shelf <= 99)))
);

COMMENT ON TABLE fulfilment.locations IS 'Where a product stands in a place; a product without a row has a default by its storage class and category.';

CREATE TABLE fulfilment.plans_followed (
    place_id uuid NOT NULL,
    day date NOT NULL,
    version bigint NOT NULL
);

COMMENT ON TABLE fulfilment.plans_followed IS 'The version of a day''s plan (slots.plans) its runs were last arranged by.';

CREATE SEQUENCE fulfilment.sscc_serials
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

CREATE TABLE fulfilment.substitutes (
    order_id uuid NOT NULL,
    id uuid NOT NULL,
    fulfilment_id uuid NOT NULL,
    pick_id uuid NOT NULL,
    product_id uuid NOT NULL,
    gtin text NOT NULL,
    name text NOT NULL,
    picture text,
    storage text NOT NULL,
    weight_g integer DEFAULT 0 NOT NULL,
    quantity integer NOT NULL,
    price bigint NOT NULL,
    charged bigint NOT NULL,
    wish text NOT NULL,
    reason text NOT NULL,
    state text DEFAULT 'offered'::text NOT NULL,
    ended_by text,
    offered_by uuid NOT NULL,
    offered_at timestamp with time zone DEFAULT now() NOT NULL,
    answer_by timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    hold_id uuid NOT NULL,
    elsewhere integer DEFAULT 0 NOT NULL,
    CONSTRAINT charged_is_not_negative CHECK ((charged >= 0)),
    CONSTRAINT ended_by_somebody CHECK (((state = 'offered'::text) = (ended_by IS NULL))),
    CONSTRAINT ended_once CHECK (((state = 'offered'::text) = (ended_at IS NULL))),
    CONSTRAINT known_state CHECK ((state = ANY (ARRAY['offered'::text, 'accepted'::text, 'refused'::text, 'withdrawn'::text]))),
    CONSTRAINT known_storage CHECK ((storage = ANY (ARRAY['ambient'::text, 'chilled'::text, 'frozen'::text]))),
    CONSTRAINT known_voice CHECK ((ended_by = ANY (ARRAY['shopper'::text, 'silence'::text, 'picker'::text, 'gone'::text]))),
    CONSTRAINT known_wish CHECK ((wish = ANY (ARRAY['similar'::text, 'same-brand'::text, 'ask-me'::text]))),
    CONSTRAINT never_dearer_than_its_own_price CHECK ((charged <= (price * quantity))),
    CONSTRAINT only_what_was_refused_comes_from_elsewhere CHECK ((((elsewhere >= 0) AND (elsewhere <= quantity)) AND ((elsewhere = 0) OR (state = 'refused'::text)))),
    CONSTRAINT price_is_not_negative CHECK ((price >= 0)),
    CONSTRAINT something_is_offered CHECK ((quantity > 0))
);

COMMENT ON COLUMN fulfilment.substitutes.price IS 'For one, with its deposit, as the shop sells it.';

COMMENT ON COLUMN fulfilment.substitutes.charged IS 'For all: never more than was paid for what it replaces; what it costs more is the shop''s.';

COMMENT ON COLUMN fulfilment.substitutes.answer_by IS 'Until then the shopper decides; after that silence does, as their wish says.';

COMMENT ON COLUMN fulfilment.substitutes.elsewhere IS 'Of what was to be replaced and was not, another place sends so many.';

CREATE TABLE jobs.backlogs (
    consumer text NOT NULL,
    aggregate uuid NOT NULL,
    due_at timestamp with time zone DEFAULT now() NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    first_failed_at timestamp with time zone,
    last_error text,
    lease uuid,
    leased_until timestamp with time zone DEFAULT '-infinity'::timestamp with time zone NOT NULL
);

COMMENT ON TABLE jobs.backlogs IS 'Workers lease an aggregate, not an event, so that one consumer hears its events in order.';

CREATE TABLE jobs.deliveries (
    consumer text NOT NULL,
    aggregate uuid NOT NULL,
    number bigint NOT NULL,
    delivered_at timestamp with time zone,
    parked_at timestamp with time zone
);

CREATE TABLE jobs.timers (
    name text NOT NULL,
    due_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE loyalty.accounts (
    customer_id uuid NOT NULL,
    balance bigint DEFAULT 0 NOT NULL,
    entries bigint DEFAULT 0 NOT NULL,
    moved_at timestamp with time zone DEFAULT now() NOT NULL
);

COMMENT ON COLUMN loyalty.accounts.balance IS 'Below zero when points were spent that were earned with goods that came back.';

COMMENT ON COLUMN loyalty.accounts.moved_at IS 'When the customer last earned, spent or was given some; long after it the rest expires.';

CREATE TABLE loyalty.ledger (
    id uuid NOT NULL,
    customer_id uuid NOT NULL,
    number bigint NOT NULL,
    kind text NOT NULL,
    points bigint NOT NULL,
    balance bigint NOT NULL,
    order_id uuid,
    rate integer,
    card_id uuid,
    person_id uuid,
    reason text DEFAULT ''::text NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT below_zero_only_by_a_clawback CHECK (((balance >= 0) OR (kind = 'clawback'::text) OR (points > 0))),
    CONSTRAINT every_movement_has_its_cause CHECK (
CASE kind
    WHEN 'spend'::text THEN (card_id IS NOT NULL)
    WHEN 'goodwill'::text THEN ((person_id IS NOT NULL) AND (reason <> ''::text))
    WHEN 'expire'::text THEN true
    ELSE ((order_id IS NOT NULL) AND (rate IS NOT NULL))
END),
    CONSTRAINT numbers_start_at_one CHECK ((number >= 1)),
    CONSTRAINT points_go_the_way_it_says CHECK (
CASE kind
    WHEN 'earn'::text THEN (points > 0)
    WHEN 'clawback'::text THEN (points < 0)
    WHEN 'goodwill'::text THEN (points > 0)
    WHEN 'spend'::text THEN (points < 0)
    WHEN 'expire'::text THEN (points < 0)
    ELSE false
END)
);

COMMENT ON TABLE loyalty.ledger IS 'Every movement of points; it only grows, until its owner is forgotten.';

COMMENT ON COLUMN loyalty.ledger.balance IS 'What there was after it.';

COMMENT ON COLUMN loyalty.ledger.rate IS 'Points for each whole unit of the currency, as it was when the order came.';

CREATE TABLE messaging.messages (
    id uuid NOT NULL,
    about uuid NOT NULL,
    kind text NOT NULL,
    language text NOT NULL,
    recipient text NOT NULL,
    subject text NOT NULL,
    body_text text NOT NULL,
    body_html text NOT NULL,
    state text DEFAULT 'waiting'::text NOT NULL,
    written_at timestamp with time zone DEFAULT now() NOT NULL,
    sent_at timestamp with time zone,
    channel text DEFAULT 'mail'::text NOT NULL,
    kept boolean DEFAULT true NOT NULL,
    CONSTRAINT known_channel CHECK ((channel = ANY (ARRAY['mail'::text, 'sms'::text]))),
    CONSTRAINT known_state CHECK ((state = ANY (ARRAY['waiting'::text, 'sent'::text])))
);

COMMENT ON COLUMN messaging.messages.about IS 'The order it is about.';

COMMENT ON COLUMN messaging.messages.kept IS 'False for an address that was given for this mail alone: it is forgotten when the mail is sent, or after a week.';

CREATE TABLE orders.entities (
    code text NOT NULL,
    name text NOT NULL,
    address text DEFAULT ''::text NOT NULL,
    vat_number text DEFAULT ''::text NOT NULL,
    CONSTRAINT code_is_short CHECK ((code ~ '^[A-Z0-9]{1,8}$'::text))
);

COMMENT ON TABLE orders.entities IS 'Who sells, in the eyes of the tax office; each has numbers of its own.';

CREATE TABLE orders.entity_places (
    place_id uuid NOT NULL,
    entity text NOT NULL
);

COMMENT ON TABLE orders.entity_places IS 'Whose place it is; places that are not here belong to the entity P.';

CREATE TABLE orders.line_notes (
    order_id uuid NOT NULL,
    product_id uuid NOT NULL,
    text text NOT NULL,
    CONSTRAINT a_note_is_some_words CHECK (((char_length(text) >= 1) AND (char_length(text) <= 200)))
);

COMMENT ON TABLE orders.line_notes IS 'What the shopper said about a product when ordering it; it stays when the order is changed.';

CREATE TABLE orders.notes (
    id uuid NOT NULL,
    order_id uuid NOT NULL,
    by uuid,
    text text NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT note_says_something CHECK ((text <> ''::text))
);

CREATE TABLE payments.events (
    provider text NOT NULL,
    event_id text NOT NULL,
    intent_id uuid NOT NULL,
    kind text NOT NULL,
    capture text,
    amount bigint NOT NULL,
    currency text NOT NULL,
    told_by text NOT NULL,
    heard_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT amount_is_not_negative CHECK ((amount >= 0)),
    CONSTRAINT known_kind CHECK ((kind = ANY (ARRAY['pending'::text, 'authorised'::text, 'captured'::text, 'failed'::text]))),
    CONSTRAINT known_teller CHECK ((told_by = ANY (ARRAY['notification'::text, 'answer'::text])))
);

COMMENT ON TABLE payments.events IS 'Facts as providers told them: they come late, twice, out of order, or never; each acts once.';

CREATE TABLE payments.gift_cards (
    id uuid NOT NULL,
    code_sha256 bytea NOT NULL,
    ends_with text NOT NULL,
    currency text NOT NULL,
    balance bigint NOT NULL,
    held bigint DEFAULT 0 NOT NULL,
    why text NOT NULL,
    note text DEFAULT ''::text NOT NULL,
    order_id uuid,
    person_id uuid,
    made_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    shown_by uuid,
    shown_at timestamp with time zone,
    blocked_at timestamp with time zone,
    CONSTRAINT code_is_hashed CHECK ((octet_length(code_sha256) = 32)),
    CONSTRAINT currency_is_iso CHECK ((currency ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT known_reason CHECK ((why = ANY (ARRAY['sold'::text, 'goodwill'::text, 'empties'::text, 'points'::text]))),
    CONSTRAINT never_below_zero CHECK ((balance >= 0)),
    CONSTRAINT never_holds_less_than_nothing CHECK ((held >= 0)),
    CONSTRAINT shown_by_a_command CHECK (((shown_by IS NULL) = (shown_at IS NULL))),
    CONSTRAINT sold_with_an_order CHECK (((why = 'sold'::text) = (order_id IS NOT NULL))),
    CONSTRAINT the_last_four CHECK ((ends_with ~ '^[0-9A-Z]{4}$'::text))
);

COMMENT ON COLUMN payments.gift_cards.balance IS 'What can be spent; what an unpaid order holds is not in it.';

COMMENT ON COLUMN payments.gift_cards.shown_by IS 'The one command that was told the code.';

CREATE TABLE payments.oddities (
    id uuid NOT NULL,
    intent_id uuid NOT NULL,
    what text NOT NULL,
    told jsonb NOT NULL,
    found_at timestamp with time zone DEFAULT now() NOT NULL,
    settled_at timestamp with time zone
);

COMMENT ON TABLE payments.oddities IS 'What a person must look at: a wrong amount, another currency.';

CREATE TABLE payments.test_events (
    id uuid NOT NULL,
    payment_id text NOT NULL,
    number integer NOT NULL,
    kind text NOT NULL,
    amount bigint NOT NULL,
    currency text NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE payments.test_payments (
    id text NOT NULL,
    reference uuid NOT NULL,
    amount bigint NOT NULL,
    currency text NOT NULL,
    title text NOT NULL,
    language text NOT NULL,
    state text DEFAULT 'open'::text NOT NULL,
    declined integer DEFAULT 0 NOT NULL,
    return_to text NOT NULL,
    notify text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    takes text DEFAULT 'now'::text NOT NULL,
    CONSTRAINT known_state CHECK ((state = ANY (ARRAY['open'::text, 'held'::text, 'charged'::text, 'cancelled'::text])))
);

COMMENT ON TABLE payments.test_payments IS 'The test provider''s own books; the shop never reads them.';

CREATE TABLE payments.test_refunds (
    key uuid NOT NULL,
    payment_id text NOT NULL,
    amount bigint NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE pricing.bars (
    id uuid NOT NULL,
    name text NOT NULL,
    categories text[] DEFAULT '{}'::text[] NOT NULL,
    age_limit smallint,
    channels text[] DEFAULT '{}'::text[] NOT NULL,
    from_time time without time zone,
    until_time time without time zone,
    person_id uuid,
    made_at timestamp with time zone DEFAULT now() NOT NULL,
    ended_at timestamp with time zone,
    CONSTRAINT a_class_has_a_name CHECK ((name ~ '^[^[:cntrl:]]{1,80}$'::text)),
    CONSTRAINT about_some_goods CHECK (((categories <> '{}'::text[]) OR (age_limit IS NOT NULL))),
    CONSTRAINT age_is_human CHECK (((age_limit >= 1) AND (age_limit <= 99))),
    CONSTRAINT known_channels CHECK ((channels <@ ARRAY['wall'::text, 'web'::text, 'till'::text, 'agent'::text])),
    CONSTRAINT some_hours_or_all CHECK (((from_time IS NULL) = (until_time IS NULL)))
);

COMMENT ON TABLE pricing.bars IS 'Not sold from these channels (none named: from any) between these hours (none: at any).';

CREATE TABLE pricing.batches (
    id uuid NOT NULL,
    promotion_id uuid NOT NULL,
    name text NOT NULL,
    codes integer NOT NULL,
    person_id uuid,
    made_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT a_batch_has_a_name CHECK ((name <> ''::text)),
    CONSTRAINT some_codes CHECK ((codes > 0))
);

CREATE VIEW pricing.present_prices AS
 SELECT product_id,
    amount,
    from_at,
    pricing.lowest_of_30_days(product_id, from_at) AS lowest_before
   FROM catalog.prices price
  WHERE (until_at IS NULL);

COMMENT ON VIEW pricing.present_prices IS 'What the catalogue asks now, and the lowest everybody was asked in the 30 days before (98/6/EC art. 6a).';

CREATE TABLE pricing.versions (
    promotion_id uuid NOT NULL,
    version integer NOT NULL,
    state text NOT NULL,
    body jsonb NOT NULL,
    person_id uuid,
    at timestamp with time zone DEFAULT now() NOT NULL
);

COMMENT ON TABLE pricing.versions IS 'Every state a promotion was in, and who brought it there.';

CREATE TABLE public.migrations (
    name text NOT NULL,
    sha256 text NOT NULL,
    applied_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE returns.goodwill (
    id uuid NOT NULL,
    order_id uuid NOT NULL,
    amount bigint NOT NULL,
    reason text NOT NULL,
    by uuid,
    at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT something_is_given CHECK ((amount > 0))
);

COMMENT ON TABLE returns.goodwill IS 'Given without anything coming back, within the limit of a role.';

CREATE TABLE returns.labels (
    request_id uuid NOT NULL,
    sscc text NOT NULL,
    place_id uuid NOT NULL,
    made_at timestamp with time zone DEFAULT now() NOT NULL,
    state text DEFAULT 'wanted'::text NOT NULL,
    track_at text,
    heard_at timestamp with time zone,
    attempts integer DEFAULT 0 NOT NULL,
    due_at timestamp with time zone DEFAULT now(),
    CONSTRAINT known_state CHECK ((state = ANY (ARRAY['wanted'::text, 'announced'::text, 'accepted'::text, 'in_transit'::text, 'failed'::text, 'delivered'::text, 'returned'::text]))),
    CONSTRAINT sscc_has_18_digits CHECK ((sscc ~ '^[0-9]{18}$'::text))
);

COMMENT ON TABLE returns.labels IS 'Of a parcel that comes back to this place; its label is drawn anew whenever it is asked for.';

COMMENT ON COLUMN returns.labels.heard_at IS 'When the carrier said last where it is, by the carrier''s clock.';

COMMENT ON COLUMN returns.labels.due_at IS 'When the carrier is told of it, again if it did not answer; never once it was.';

CREATE TABLE returns.photos (
    about uuid NOT NULL,
    file text NOT NULL,
    until timestamp with time zone NOT NULL,
    CONSTRAINT file_is_a_name CHECK ((file ~ '^[0-9a-f]{64}$'::text))
);

COMMENT ON TABLE returns.photos IS 'Of what was wrong, with the return or the request; each is deleted at its end.';

CREATE SEQUENCE returns.sscc_serials
    START WITH 9000000000
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

COMMENT ON SEQUENCE returns.sscc_serials IS 'Their extension digit is 9, so that no parcel that goes out has the same number.';

CREATE TABLE returns.windows (
    category text NOT NULL,
    days integer NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    CONSTRAINT days_are_few CHECK (((days >= 0) AND (days <= 3650))),
    CONSTRAINT known_exception CHECK ((reason = ANY (ARRAY[''::text, 'hygiene'::text, 'made-to-order'::text, 'perishable'::text])))
);

COMMENT ON TABLE returns.windows IS 'How long a class of product may come back for the shopper''s own reasons; 30 days where nothing is said.';

CREATE TABLE scan.audit_scans (
    audit_id uuid NOT NULL,
    number integer NOT NULL,
    outcome text NOT NULL,
    panel smallint NOT NULL,
    shelf smallint NOT NULL,
    place smallint NOT NULL,
    label text,
    text text,
    at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT known_outcome CHECK ((outcome = ANY (ARRAY['right'::text, 'wrong-place'::text, 'other-site'::text, 'covered'::text, 'retired'::text, 'unknown'::text, 'foreign'::text]))),
    CONSTRAINT scans_are_counted CHECK (((number >= 1) AND (number <= 5000))),
    CONSTRAINT what_was_read_is_short CHECK ((length(text) <= 200))
);

COMMENT ON COLUMN scan.audit_scans.place IS 'Where the person stood; with panel and shelf.';

COMMENT ON COLUMN scan.audit_scans.text IS 'What a foreign code says. It is shown, never opened.';

CREATE TABLE scan.audits (
    id uuid NOT NULL,
    site_id uuid NOT NULL,
    started_by uuid,
    started_at timestamp with time zone DEFAULT now() NOT NULL,
    ended_at timestamp with time zone,
    expected integer NOT NULL,
    version bigint DEFAULT 1 NOT NULL,
    report jsonb,
    CONSTRAINT an_end_has_a_report CHECK (((ended_at IS NULL) = (report IS NULL))),
    CONSTRAINT something_to_look_at CHECK ((expected >= 1))
);

COMMENT ON TABLE scan.audits IS 'One walk along a wall, code by code.';

COMMENT ON COLUMN scan.audits.report IS 'What it found, kept as it was when the walk ended.';

CREATE TABLE scan.counts (
    label text NOT NULL,
    hour timestamp with time zone NOT NULL,
    opens bigint DEFAULT 0 NOT NULL,
    adds bigint DEFAULT 0 NOT NULL,
    CONSTRAINT adds_are_counted CHECK ((adds >= 0)),
    CONSTRAINT hours_are_whole CHECK ((hour = date_trunc('hour'::text, hour, 'UTC'::text))),
    CONSTRAINT opens_are_counted CHECK ((opens >= 0))
);

COMMENT ON TABLE scan.counts IS 'Sums only, so that nobody can be followed from wall to wall.';

CREATE TABLE scan.mornings (
    site_id uuid NOT NULL,
    day date NOT NULL,
    list jsonb NOT NULL,
    made_at timestamp with time zone DEFAULT now() NOT NULL
);

COMMENT ON TABLE scan.mornings IS 'What had to be done at a site on a day, as it was when that day began there.';

CREATE TABLE scan.reports (
    id uuid NOT NULL,
    label text NOT NULL,
    kind text NOT NULL,
    times integer DEFAULT 1 NOT NULL,
    first_at timestamp with time zone DEFAULT now() NOT NULL,
    last_at timestamp with time zone DEFAULT now() NOT NULL,
    resolved_at timestamp with time zone,
    resolved_by uuid,
    CONSTRAINT known_kind CHECK ((kind = ANY (ARRAY['damaged'::text, 'covered'::text, 'unreadable'::text, 'wrong'::text]))),
    CONSTRAINT said_at_least_once CHECK ((times >= 1))
);

COMMENT ON TABLE scan.reports IS 'How often a code was said to be spoiled. Who said so is not kept.';

CREATE TABLE search.categories (
    category text NOT NULL,
    names text NOT NULL
);

COMMENT ON TABLE search.categories IS 'In all languages, as they stand in the documents; what differs from the catalogue is written anew.';

CREATE TABLE search.documents (
    product_id uuid NOT NULL,
    version bigint NOT NULL,
    names text NOT NULL,
    words text NOT NULL
);

COMMENT ON TABLE search.documents IS 'names: in all languages, a blank before each. words: those, brand, category and every code.';

COMMENT ON COLUMN search.documents.version IS 'Of the product it was made from; another one is stale.';

CREATE TABLE slots.door_times (
    door bytea NOT NULL,
    stop_id uuid NOT NULL,
    seconds integer NOT NULL,
    seen_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT door_is_a_sha256 CHECK ((length(door) = 32)),
    CONSTRAINT nobody_stays_for_an_hour CHECK (((seconds >= 30) AND (seconds <= 3600)))
);

COMMENT ON TABLE slots.door_times IS 'How long deliveries took at a door. Three make a rule. Kept for two years.';

CREATE TABLE slots.doors (
    door bytea NOT NULL,
    stop_id uuid NOT NULL,
    latitude double precision NOT NULL,
    longitude double precision NOT NULL,
    seen_at timestamp with time zone DEFAULT now() NOT NULL,
    said boolean DEFAULT false NOT NULL,
    CONSTRAINT door_is_a_sha256 CHECK ((length(door) = 32)),
    CONSTRAINT latitude_on_earth CHECK (((latitude >= ('-90'::integer)::double precision) AND (latitude <= (90)::double precision))),
    CONSTRAINT longitude_on_earth CHECK (((longitude >= ('-180'::integer)::double precision) AND (longitude <= (180)::double precision)))
);

COMMENT ON TABLE slots.doors IS 'Positions of drivers at delivered stops. Two that agree make a pin. Kept for two years.';

COMMENT ON COLUMN slots.doors.door IS 'SHA-256 of country, postcode and house number: the table is no list of addresses, and knows nobody.';

COMMENT ON COLUMN slots.doors.said IS 'By a dispatcher: it counts alone, until the next one.';

CREATE TABLE slots.points (
    country text NOT NULL,
    code text NOT NULL COLLATE pg_catalog."C",
    latitude double precision NOT NULL,
    longitude double precision NOT NULL,
    source text NOT NULL,
    CONSTRAINT country_is_iso_3166 CHECK ((country ~ '^[A-Z]{2}$'::text)),
    CONSTRAINT latitude_on_earth CHECK (((latitude >= ('-90'::integer)::double precision) AND (latitude <= (90)::double precision))),
    CONSTRAINT longitude_on_earth CHECK (((longitude >= ('-180'::integer)::double precision) AND (longitude <= (180)::double precision)))
);

COMMENT ON TABLE slots.points IS 'Where postcodes are: 3511ED exactly, or 3511 for the whole area. An import replaces what stands there.';

CREATE TABLE slots.roads (
    place_id uuid NOT NULL,
    factor double precision NOT NULL,
    km_per_hour double precision NOT NULL,
    legs integer NOT NULL,
    learned_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT learned_from_something CHECK ((legs > 0)),
    CONSTRAINT streets_are_no_shorter_than_the_crow_flies CHECK (((factor >= (1)::double precision) AND (factor <= (4)::double precision))),
    CONSTRAINT vans_drive_in_a_city CHECK (((km_per_hour >= (5)::double precision) AND (km_per_hour <= (90)::double precision)))
);

COMMENT ON TABLE slots.roads IS 'Without a row a place counts with what is usual: 1.35 and 24 km/h.';

CREATE TABLE slots.templates (
    id uuid NOT NULL,
    place_id uuid NOT NULL,
    weekdays smallint[] DEFAULT '{1,2,3,4,5,6,7}'::smallint[] NOT NULL,
    starts time without time zone NOT NULL,
    ends time without time zone NOT NULL,
    cutoff time without time zone,
    cutoff_days_before integer DEFAULT 0 NOT NULL,
    capacity integer NOT NULL,
    fee bigint DEFAULT 0 NOT NULL,
    picking_minutes integer DEFAULT 0 NOT NULL,
    driving_minutes integer DEFAULT 0 NOT NULL,
    ambient_crates integer,
    chilled_crates integer,
    frozen_crates integer,
    picker_minutes integer,
    free_from bigint,
    CONSTRAINT a_template_has_an_end CHECK (((cutoff IS NOT NULL) OR ((picking_minutes + driving_minutes) > 0))),
    CONSTRAINT a_template_starts_before_it_ends CHECK ((starts < ends)),
    CONSTRAINT ambient_room CHECK ((ambient_crates >= 0)),
    CONSTRAINT chilled_room CHECK ((chilled_crates >= 0)),
    CONSTRAINT cutoff_is_not_after_the_day CHECK (((cutoff_days_before >= 0) AND (cutoff_days_before <= 14))),
    CONSTRAINT driving_takes_up_to_a_day CHECK (((driving_minutes >= 0) AND (driving_minutes <= 1440))),
    CONSTRAINT fee_is_not_negative CHECK ((fee >= 0)),
    CONSTRAINT free_from_some_value CHECK ((free_from >= 0)),
    CONSTRAINT frozen_room CHECK ((frozen_crates >= 0)),
    CONSTRAINT pickers_have_time CHECK ((picker_minutes >= 0)),
    CONSTRAINT picking_takes_up_to_a_day CHECK (((picking_minutes >= 0) AND (picking_minutes <= 1440))),
    CONSTRAINT some_room CHECK ((capacity >= 0)),
    CONSTRAINT weekdays_are_iso CHECK ((weekdays <@ '{1,2,3,4,5,6,7}'::smallint[]))
);

COMMENT ON TABLE slots.templates IS 'The week of a place in its own local time; a daily timer makes the slots of the coming days from it.';

COMMENT ON COLUMN slots.templates.cutoff IS 'By the clock of the place. Without one, orders are taken until there is no time left for picking and driving; with both, the earlier of them counts.';

COMMENT ON COLUMN slots.templates.free_from IS 'Goods of this value or more are brought for nothing; without one, nobody''s are.';

CREATE TABLE slots.vans (
    id uuid NOT NULL,
    place_id uuid NOT NULL,
    number smallint NOT NULL,
    weekdays smallint[] DEFAULT '{1,2,3,4,5,6,7}'::smallint[] NOT NULL,
    starts time without time zone NOT NULL,
    ends time without time zone NOT NULL,
    crates integer NOT NULL,
    break_starts time without time zone,
    break_ends time without time zone,
    CONSTRAINT a_break_is_within_the_shift CHECK ((((break_starts IS NULL) = (break_ends IS NULL)) AND COALESCE(((starts < break_starts) AND (break_starts < break_ends) AND (break_ends < ends)), true))),
    CONSTRAINT a_shift_starts_before_it_ends CHECK ((starts < ends)),
    CONSTRAINT a_van_carries_something CHECK ((crates > 0)),
    CONSTRAINT vans_count_from_one CHECK ((number >= 1)),
    CONSTRAINT weekdays_are_iso CHECK ((weekdays <@ '{1,2,3,4,5,6,7}'::smallint[]))
);

COMMENT ON TABLE slots.vans IS 'Shifts of the vans of a place, in its own local time. A break is taken at the place, between two tours.';

CREATE TABLE slots.zones (
    id uuid NOT NULL,
    place_id uuid NOT NULL,
    country text NOT NULL,
    first_area text NOT NULL COLLATE pg_catalog."C",
    last_area text NOT NULL COLLATE pg_catalog."C",
    priority integer DEFAULT 1 NOT NULL,
    CONSTRAINT an_area_starts_before_it_ends CHECK ((first_area <= last_area)),
    CONSTRAINT country_is_iso_3166 CHECK ((country ~ '^[A-Z]{2}$'::text))
);

COMMENT ON TABLE slots.zones IS 'Which place delivers to which postcodes: Dutch areas are the four digits, 3511 to 3589. Lower priority is asked first.';

CREATE TABLE sourcing.decisions (
    order_id uuid NOT NULL,
    attempt integer DEFAULT 1 NOT NULL,
    rules_version integer NOT NULL,
    asked jsonb NOT NULL,
    decided jsonb NOT NULL,
    refused_by uuid[] DEFAULT '{}'::uuid[] NOT NULL,
    made_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT attempts_count_from_one CHECK ((attempt >= 1))
);

COMMENT ON COLUMN sourcing.decisions.asked IS 'What was wanted and what each place had then: the same question can be put again under other rules. Products and places only.';

CREATE TABLE sourcing.rules (
    version integer NOT NULL,
    weights jsonb NOT NULL,
    made_by uuid,
    made_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT versions_count_from_one CHECK ((version >= 1))
);

COMMENT ON TABLE sourcing.rules IS 'Every version there ever was; the highest counts. Without one, the rules the shop comes with.';

CREATE TABLE staff.attempts (
    who_sha256 bytea NOT NULL,
    since timestamp with time zone DEFAULT now() NOT NULL,
    failures integer DEFAULT 1 NOT NULL,
    CONSTRAINT failures_are_counted CHECK ((failures >= 0))
);

COMMENT ON TABLE staff.attempts IS 'Sign-ins that failed, by account and by address, both hashed. A limit is a conditional write.';

CREATE TABLE staff.people (
    id uuid NOT NULL,
    name text NOT NULL,
    login text NOT NULL,
    password_hash text NOT NULL,
    roles text[] NOT NULL,
    joined_at timestamp with time zone DEFAULT now() NOT NULL,
    left_at timestamp with time zone,
    pin_hash text,
    badge_sha256 bytea,
    CONSTRAINT badge_is_hashed CHECK ((octet_length(badge_sha256) = 32)),
    CONSTRAINT known_roles CHECK ((roles <@ ARRAY['merchandiser'::text, 'picker'::text, 'packer'::text, 'driver'::text, 'dispatcher'::text, 'operator'::text, 'clerk'::text, 'supervisor'::text, 'agent'::text])),
    CONSTRAINT login_is_lower_case CHECK ((login ~ '^[a-z0-9._@-]{1,60}$'::text)),
    CONSTRAINT name_is_a_line CHECK ((name ~ '^[^[:cntrl:]]{1,100}$'::text)),
    CONSTRAINT password_is_hashed CHECK ((password_hash ~~ '$argon2id$%'::text)),
    CONSTRAINT pin_is_hashed CHECK ((pin_hash ~~ '$argon2id$%'::text))
);

COMMENT ON COLUMN staff.people.pin_hash IS 'Agrees to an act at somebody else''s screen; signs nobody in.';

COMMENT ON COLUMN staff.people.badge_sha256 IS 'Of the 130 random bits on a card; a new card ends the old one.';

CREATE TABLE staff.sessions (
    token_sha256 bytea NOT NULL,
    person_id uuid NOT NULL,
    started_at timestamp with time zone DEFAULT now() NOT NULL,
    seen_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT token_is_hashed CHECK ((octet_length(token_sha256) = 32))
);

CREATE TABLE stock.count_lines (
    count_id uuid NOT NULL,
    product_id uuid NOT NULL,
    counted integer NOT NULL,
    CONSTRAINT counted_is_not_negative CHECK ((counted >= 0))
);

CREATE TABLE stock.counts (
    id uuid NOT NULL,
    place_id uuid NOT NULL,
    file_name text NOT NULL,
    made_by uuid,
    made_at timestamp with time zone DEFAULT now() NOT NULL,
    counted_at timestamp with time zone
);

COMMENT ON TABLE stock.counts IS 'A list of counted shelves: looked at first, taken over when somebody says so.';

CREATE TABLE stock.safety (
    product_id uuid NOT NULL,
    place_id uuid NOT NULL,
    channel text NOT NULL,
    quantity integer NOT NULL,
    CONSTRAINT known_channel CHECK ((channel = ANY (ARRAY['wall'::text, 'web'::text, 'till'::text, 'agent'::text]))),
    CONSTRAINT something_is_kept_back CHECK ((quantity > 0))
);

COMMENT ON TABLE stock.safety IS 'Pieces a channel never sells: what stands in a shop may already be in somebody''s hands.';

CREATE TABLE stock.stops (
    id uuid NOT NULL,
    product_id uuid NOT NULL,
    reason text NOT NULL,
    message text NOT NULL,
    version bigint DEFAULT 1 NOT NULL,
    stopped_at timestamp with time zone DEFAULT now() NOT NULL,
    ended_at timestamp with time zone
);

COMMENT ON TABLE stock.stops IS 'Products nobody sells, picks or hands over at the moment, e.g. recalled ones.';

COMMENT ON COLUMN stock.stops.message IS 'What those who bought it are told.';

CREATE TABLE stock.transfer_lines (
    transfer_id uuid NOT NULL,
    product_id uuid NOT NULL,
    quantity integer NOT NULL,
    arrived integer,
    CONSTRAINT no_more_arrives_than_was_sent CHECK (((arrived >= 0) AND (arrived <= quantity))),
    CONSTRAINT something_is_sent CHECK ((quantity > 0))
);

CREATE TABLE stock.transfers (
    id uuid NOT NULL,
    from_place uuid NOT NULL,
    to_place uuid NOT NULL,
    sent_at timestamp with time zone DEFAULT now() NOT NULL,
    arrived_at timestamp with time zone,
    CONSTRAINT a_transfer_goes_elsewhere CHECK ((from_place <> to_place))
);

CREATE TABLE tills.copies (
    id uuid NOT NULL,
    receipt_id uuid NOT NULL,
    number integer NOT NULL,
    how text NOT NULL,
    by uuid NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT known_way CHECK ((how = ANY (ARRAY['print'::text, 'pdf'::text, 'mail'::text])))
);

COMMENT ON TABLE tills.copies IS 'Each time a receipt was handed out: the first is the receipt, every further one a copy.';

CREATE TABLE tills.exchanges (
    receipt_id uuid NOT NULL,
    order_id uuid NOT NULL,
    wanted jsonb NOT NULL,
    amount bigint NOT NULL,
    CONSTRAINT amount_is_not_negative CHECK ((amount >= 0))
);

COMMENT ON TABLE tills.exchanges IS 'What lies on the counter to be exchanged for what is on the receipt, as it was shown; settled with its payment.';

CREATE TABLE tills.overrides (
    cart_id uuid NOT NULL,
    line text NOT NULL,
    price bigint NOT NULL,
    reason text NOT NULL,
    person_id uuid NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT for_a_reason CHECK ((reason <> ''::text)),
    CONSTRAINT price_is_not_negative CHECK ((price >= 0))
);

COMMENT ON TABLE tills.overrides IS 'What a clerk asks for one instead: a dented tin, the last of a kind.';

CREATE TABLE tills.receipts (
    id uuid NOT NULL,
    till_id uuid NOT NULL,
    shift_id uuid NOT NULL,
    cart_id uuid NOT NULL,
    state text DEFAULT 'open'::text NOT NULL,
    view_id uuid,
    order_id uuid,
    number integer,
    tender text,
    total bigint,
    given bigint,
    rounding bigint DEFAULT 0 NOT NULL,
    sold_at timestamp with time zone,
    offline boolean DEFAULT false NOT NULL,
    void_reason text,
    opened_at timestamp with time zone DEFAULT now() NOT NULL,
    invited_view uuid,
    cash bigint,
    sold_by uuid,
    handed_out integer DEFAULT 0 NOT NULL,
    CONSTRAINT cash_is_not_negative CHECK ((cash >= 0)),
    CONSTRAINT known_state CHECK ((state = ANY (ARRAY['open'::text, 'parked'::text, 'paying'::text, 'paid'::text, 'void'::text]))),
    CONSTRAINT known_tender CHECK ((tender = ANY (ARRAY['cash'::text, 'card'::text, 'gift-card'::text, 'exchange'::text, 'several'::text]))),
    CONSTRAINT nobody_hands_out_less_than_none CHECK ((handed_out >= 0)),
    CONSTRAINT sold_as_an_order CHECK (((state <> ALL (ARRAY['paying'::text, 'paid'::text])) OR (num_nulls(order_id, number, tender, total) = 0))),
    CONSTRAINT void_for_a_reason CHECK (((state = 'void'::text) = (void_reason IS NOT NULL)))
);

COMMENT ON COLUMN tills.receipts.view_id IS 'The look into the basket of the customer who stands here, by a code they gave; it ends with the receipt.';

COMMENT ON COLUMN tills.receipts.invited_view IS 'The look that waits for whoever scans the code on the till''s screen.';

COMMENT ON COLUMN tills.receipts.cash IS 'Of the total; nothing said is all of it where the tender is cash.';

COMMENT ON COLUMN tills.receipts.sold_by IS 'Whose hands the cash goes through, when the card it waits for is through.';

CREATE TABLE tills.shifts (
    id uuid NOT NULL,
    till_id uuid NOT NULL,
    opened_by uuid NOT NULL,
    opened_at timestamp with time zone DEFAULT now() NOT NULL,
    currency text NOT NULL,
    closed_by uuid,
    closed_at timestamp with time zone,
    expected bigint,
    counted bigint,
    z_number integer,
    CONSTRAINT closed_whole_or_not CHECK ((num_nulls(closed_by, closed_at, expected, counted, z_number) = ANY (ARRAY[0, 5]))),
    CONSTRAINT currency_is_iso CHECK ((currency ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT nobody_counts_below_zero CHECK ((counted >= 0))
);

CREATE TABLE tills.tills (
    id uuid NOT NULL,
    place_id uuid NOT NULL,
    number smallint NOT NULL,
    device_sha256 bytea,
    last_receipt integer DEFAULT 0 NOT NULL,
    last_z integer DEFAULT 0 NOT NULL,
    CONSTRAINT device_is_hashed CHECK ((octet_length(device_sha256) = 32)),
    CONSTRAINT tills_count_from_one CHECK (((number >= 1) AND (number <= 999)))
);

COMMENT ON COLUMN tills.tills.device_sha256 IS 'Of the token in the cookie of the one device this till stands on; another device takes it over.';

CREATE TABLE walls.drawings (
    edition_id uuid NOT NULL,
    file bytea NOT NULL
);

COMMENT ON TABLE walls.drawings IS 'What a poster was drawn from. Every other file of its edition is drawn from the same, whatever became of names and pictures in the catalogue.';

CREATE TABLE walls.hangings (
    edition_id uuid NOT NULL,
    panel smallint NOT NULL,
    hung_at timestamp with time zone DEFAULT now() NOT NULL,
    hung_by uuid,
    CONSTRAINT panels_start_at_one CHECK (((panel >= 1) AND (panel <= 99)))
);

COMMENT ON TABLE walls.hangings IS 'Each panel of an edition that hangs, and who said so.';

CREATE TABLE walls.panels (
    id uuid NOT NULL,
    wall_id uuid NOT NULL,
    number smallint NOT NULL,
    format text NOT NULL,
    width_mm real NOT NULL,
    height_mm real NOT NULL,
    CONSTRAINT height_can_be_printed CHECK (((height_mm >= (140)::double precision) AND (height_mm <= (50000)::double precision))),
    CONSTRAINT panels_start_at_one CHECK (((number >= 1) AND (number <= 99))),
    CONSTRAINT width_can_be_printed CHECK (((width_mm >= (140)::double precision) AND (width_mm <= (50000)::double precision)))
);

CREATE TABLE walls.positions (
    id uuid NOT NULL,
    panel_id uuid NOT NULL,
    shelf smallint NOT NULL,
    place smallint NOT NULL,
    product_id uuid NOT NULL,
    facings smallint DEFAULT 0 NOT NULL,
    CONSTRAINT facings_are_few CHECK (((facings >= 0) AND (facings <= 9))),
    CONSTRAINT places_start_at_one CHECK (((place >= 1) AND (place <= 99))),
    CONSTRAINT shelves_start_at_one CHECK (((shelf >= 1) AND (shelf <= 99)))
);

COMMENT ON TABLE walls.positions IS 'The plan: what the next edition will show.';

COMMENT ON COLUMN walls.positions.facings IS 'Packs side by side; 0 is as many as there is room for.';

CREATE TABLE walls.print_files (
    id uuid NOT NULL,
    edition_id uuid NOT NULL,
    kind text NOT NULL,
    wishes jsonb NOT NULL,
    profile bytea,
    ordered_by uuid,
    ordered_at timestamp with time zone DEFAULT now() NOT NULL,
    file bytea,
    sheets integer,
    scale smallint,
    made_at timestamp with time zone,
    refusal jsonb,
    CONSTRAINT a_file_has_sheets CHECK ((sheets >= 1)),
    CONSTRAINT known_kind CHECK ((kind = ANY (ARRAY['print-shop'::text, 'tiles-a4'::text, 'tiles-a3'::text]))),
    CONSTRAINT known_scale CHECK ((scale = ANY (ARRAY[1, 10]))),
    CONSTRAINT made_or_refused CHECK (((made_at IS NULL) OR (refusal IS NULL))),
    CONSTRAINT made_whole CHECK ((((made_at IS NULL) = (file IS NULL)) AND ((file IS NULL) = (sheets IS NULL)) AND ((file IS NULL) = (scale IS NULL)))),
    CONSTRAINT only_a_press_has_a_profile CHECK (((profile IS NULL) OR (kind = 'print-shop'::text)))
);

COMMENT ON TABLE walls.print_files IS 'Files of an edition, asked for one by one. Its id is that of the step that makes it.';

COMMENT ON COLUMN walls.print_files.file IS 'Kept only when every code on it was read: there is no file that must not be printed.';

CREATE TABLE walls.profiles (
    file bytea NOT NULL,
    name text NOT NULL,
    added_by uuid,
    added_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT name_is_a_line CHECK ((name ~ '^[^[:cntrl:]]{1,80}$'::text))
);

COMMENT ON TABLE walls.profiles IS 'ICC profiles of presses, as print shops gave them.';

COMMENT ON COLUMN walls.profiles.name IS 'What the profile calls itself.';

CREATE TABLE walls.walls (
    id uuid NOT NULL,
    code text NOT NULL,
    name text NOT NULL,
    place_hint text DEFAULT ''::text NOT NULL,
    city text DEFAULT ''::text NOT NULL,
    language text NOT NULL,
    currency text NOT NULL,
    time_zone text NOT NULL,
    reading_distance_mm integer NOT NULL,
    version bigint DEFAULT 1 NOT NULL,
    retired_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT city_is_a_line CHECK ((city ~ '^[^[:cntrl:]]{0,80}$'::text)),
    CONSTRAINT code_is_short CHECK ((code ~ '^[a-z0-9][a-z0-9-]{0,39}$'::text)),
    CONSTRAINT currency_is_iso CHECK ((currency ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT known_language CHECK ((language = ANY (ARRAY['nl'::text, 'en'::text, 'ko'::text]))),
    CONSTRAINT name_is_a_line CHECK ((name ~ '^[^[:cntrl:]]{1,80}$'::text)),
    CONSTRAINT people_stand_before_it CHECK (((reading_distance_mm >= 100) AND (reading_distance_mm <= 10000))),
    CONSTRAINT place_hint_is_a_line CHECK ((place_hint ~ '^[^[:cntrl:]]{0,120}$'::text))
);

COMMENT ON COLUMN walls.walls.version IS 'Goes up with every change to the wall, its panels and positions; a change names the version it saw.';

CREATE TABLE webhooks.endpoints (
    id uuid NOT NULL,
    url text NOT NULL,
    kinds text[] NOT NULL,
    secret bytea NOT NULL,
    old_secret bytea,
    made_at timestamp with time zone DEFAULT now() NOT NULL,
    ended_at timestamp with time zone,
    CONSTRAINT secret_is_long CHECK ((octet_length(secret) >= 24)),
    CONSTRAINT something_is_told CHECK ((cardinality(kinds) > 0)),
    CONSTRAINT url_is_https CHECK ((url ~ '^https://'::text))
);

COMMENT ON TABLE webhooks.endpoints IS 'An empty kind list never occurs; ''*'' is every kind.';

COMMENT ON COLUMN webhooks.endpoints.secret IS 'Sealed with the shop''s secret (AES-GCM) and shown once, when it is made.';

COMMENT ON COLUMN webhooks.endpoints.old_secret IS 'Signs as well, until the receiver knows the new one.';

CREATE TABLE webhooks.messages (
    endpoint_id uuid NOT NULL,
    aggregate uuid NOT NULL,
    number bigint NOT NULL,
    kind text NOT NULL,
    happened_at timestamp with time zone NOT NULL,
    body jsonb NOT NULL,
    state text DEFAULT 'waiting'::text NOT NULL,
    due_at timestamp with time zone DEFAULT now() NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    first_failed_at timestamp with time zone,
    answer text,
    delivered_at timestamp with time zone,
    CONSTRAINT known_state CHECK ((state = ANY (ARRAY['waiting'::text, 'delivered'::text, 'parked'::text])))
);

COMMENT ON TABLE webhooks.messages IS 'In order per aggregate: the next one goes when the one before was taken, or parked after 72 hours.';

ALTER TABLE ONLY cart.carts
    ADD CONSTRAINT carts_pkey PRIMARY KEY (id);

ALTER TABLE ONLY cart.changes
    ADD CONSTRAINT changes_pkey PRIMARY KEY (cart_id, version);

ALTER TABLE ONLY cart.coupons
    ADD CONSTRAINT coupons_pkey PRIMARY KEY (cart_id, code);

ALTER TABLE ONLY cart.line_notes
    ADD CONSTRAINT line_notes_pkey PRIMARY KEY (cart_id, product_id);

ALTER TABLE ONLY cart.lines
    ADD CONSTRAINT lines_pkey PRIMARY KEY (cart_id, product_id, handover, edition_id);

ALTER TABLE ONLY cart.members
    ADD CONSTRAINT members_pkey PRIMARY KEY (customer_id);

ALTER TABLE ONLY cart.merges
    ADD CONSTRAINT merges_pkey PRIMARY KEY (id);

ALTER TABLE ONLY cart.members
    ADD CONSTRAINT one_owner_per_cart UNIQUE (cart_id);

ALTER TABLE ONLY cart.views
    ADD CONSTRAINT one_view_per_token UNIQUE (sha256);

ALTER TABLE ONLY cart.ordered_by
    ADD CONSTRAINT ordered_by_pkey PRIMARY KEY (cart_id);

ALTER TABLE ONLY cart.pairings
    ADD CONSTRAINT pairings_pkey PRIMARY KEY (sha256);

ALTER TABLE ONLY cart.saved
    ADD CONSTRAINT saved_pkey PRIMARY KEY (cart_id, product_id, handover, edition_id);

ALTER TABLE ONLY cart.shares
    ADD CONSTRAINT shares_pkey PRIMARY KEY (sha256);

ALTER TABLE ONLY cart.tokens
    ADD CONSTRAINT tokens_pkey PRIMARY KEY (sha256);

ALTER TABLE ONLY cart.views
    ADD CONSTRAINT views_pkey PRIMARY KEY (id);

ALTER TABLE ONLY cases.board
    ADD CONSTRAINT board_pkey PRIMARY KEY (one);

ALTER TABLE ONLY cases.cases
    ADD CONSTRAINT cases_pkey PRIMARY KEY (id);

ALTER TABLE ONLY cases.entries
    ADD CONSTRAINT entries_pkey PRIMARY KEY (id);

ALTER TABLE ONLY catalog.categories
    ADD CONSTRAINT categories_pkey PRIMARY KEY (category, language);

ALTER TABLE ONLY catalog.codes
    ADD CONSTRAINT codes_pkey PRIMARY KEY (gtin);

ALTER TABLE ONLY catalog.imports
    ADD CONSTRAINT imports_pkey PRIMARY KEY (id);

ALTER TABLE ONLY catalog.prices
    ADD CONSTRAINT prices_pkey PRIMARY KEY (product_id, from_at);

ALTER TABLE ONLY catalog.products
    ADD CONSTRAINT products_gtin_key UNIQUE (gtin);

ALTER TABLE ONLY catalog.products
    ADD CONSTRAINT products_pkey PRIMARY KEY (id);

ALTER TABLE ONLY catalog.replaced
    ADD CONSTRAINT replaced_pkey PRIMARY KEY (import_id, "row");

ALTER TABLE ONLY catalog.products
    ADD CONSTRAINT scale_numbers_are_unique UNIQUE (scale_number) DEFERRABLE;

ALTER TABLE ONLY catalog.staged
    ADD CONSTRAINT staged_pkey PRIMARY KEY (import_id, "row");

ALTER TABLE ONLY catalog.texts
    ADD CONSTRAINT texts_pkey PRIMARY KEY (product_id, language);

ALTER TABLE ONLY catalog.uploaded
    ADD CONSTRAINT uploaded_pkey PRIMARY KEY (import_id, part);

ALTER TABLE ONLY checkout.attempts
    ADD CONSTRAINT a_command_acts_once UNIQUE (cart_id, command);

ALTER TABLE ONLY checkout.attempts
    ADD CONSTRAINT attempts_pkey PRIMARY KEY (id);

ALTER TABLE ONLY checkout.changes
    ADD CONSTRAINT changes_pkey PRIMARY KEY (id);

ALTER TABLE ONLY collecting.desks
    ADD CONSTRAINT desks_pkey PRIMARY KEY (place_id);

ALTER TABLE ONLY collecting.hours
    ADD CONSTRAINT hours_pkey PRIMARY KEY (place_id, weekday);

ALTER TABLE ONLY commands.done
    ADD CONSTRAINT done_pkey PRIMARY KEY (scope, id);

ALTER TABLE ONLY contact.calls
    ADD CONSTRAINT calls_pkey PRIMARY KEY (id);

ALTER TABLE ONLY contact.notes
    ADD CONSTRAINT notes_pkey PRIMARY KEY (id);

ALTER TABLE ONLY customers.links
    ADD CONSTRAINT links_pkey PRIMARY KEY (email);

ALTER TABLE ONLY customers.memberships
    ADD CONSTRAINT memberships_pkey PRIMARY KEY (customer_id, name);

ALTER TABLE ONLY customers.people
    ADD CONSTRAINT one_account_per_address UNIQUE (email);

ALTER TABLE ONLY customers.links
    ADD CONSTRAINT one_link_per_token UNIQUE (sha256);

ALTER TABLE ONLY customers.people
    ADD CONSTRAINT people_pkey PRIMARY KEY (id);

ALTER TABLE ONLY customers.sessions
    ADD CONSTRAINT sessions_pkey PRIMARY KEY (token_sha256);

ALTER TABLE ONLY files.files
    ADD CONSTRAINT files_pkey PRIMARY KEY (sha256);

ALTER TABLE ONLY fulfilment.acts
    ADD CONSTRAINT acts_pkey PRIMARY KEY (order_id, id);

ALTER TABLE ONLY fulfilment.batches
    ADD CONSTRAINT batches_pkey PRIMARY KEY (id);

ALTER TABLE ONLY fulfilment.breakdowns
    ADD CONSTRAINT breakdowns_pkey PRIMARY KEY (id);

ALTER TABLE ONLY fulfilment.carrier_facts
    ADD CONSTRAINT carrier_facts_pkey PRIMARY KEY (carrier, id);

ALTER TABLE ONLY fulfilment.collections
    ADD CONSTRAINT collections_pkey PRIMARY KEY (order_id, fulfilment_id);

ALTER TABLE ONLY fulfilment.consignments
    ADD CONSTRAINT consignments_pkey PRIMARY KEY (order_id, parcel_id);

ALTER TABLE ONLY fulfilment.contents
    ADD CONSTRAINT contents_pkey PRIMARY KEY (order_id, parcel_id, pick_id);

ALTER TABLE ONLY fulfilment.desk_refusals
    ADD CONSTRAINT desk_refusals_pkey PRIMARY KEY (order_id, pick_id);

ALTER TABLE ONLY fulfilment.door_notes
    ADD CONSTRAINT door_notes_pkey PRIMARY KEY (door);

ALTER TABLE ONLY fulfilment.fulfilments
    ADD CONSTRAINT fulfilments_pkey PRIMARY KEY (order_id, id);

ALTER TABLE ONLY fulfilment.locations
    ADD CONSTRAINT locations_pkey PRIMARY KEY (product_id, place_id);

ALTER TABLE ONLY fulfilment.fulfilments
    ADD CONSTRAINT one_order_per_tote UNIQUE (batch_id, tote);

ALTER TABLE ONLY fulfilment.picks
    ADD CONSTRAINT one_pick_per_line_place_and_product UNIQUE (order_id, fulfilment_id, line_no, product_id);

ALTER TABLE ONLY fulfilment.runs
    ADD CONSTRAINT one_run_per_place_window_and_van UNIQUE (place_id, starts_at, ends_at, number);

ALTER TABLE ONLY fulfilment.stops
    ADD CONSTRAINT one_stop_per_position UNIQUE (run_id, "position") DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY fulfilment.parcels
    ADD CONSTRAINT parcels_are_numbered UNIQUE (order_id, fulfilment_id, number);

ALTER TABLE ONLY fulfilment.parcels
    ADD CONSTRAINT parcels_pkey PRIMARY KEY (order_id, id);

ALTER TABLE ONLY fulfilment.picks
    ADD CONSTRAINT picks_pkey PRIMARY KEY (order_id, id);

ALTER TABLE ONLY fulfilment.plans_followed
    ADD CONSTRAINT plans_followed_pkey PRIMARY KEY (place_id, day);

ALTER TABLE ONLY fulfilment.proofs
    ADD CONSTRAINT proofs_pkey PRIMARY KEY (order_id, stop_id);

ALTER TABLE ONLY fulfilment.refusals
    ADD CONSTRAINT refusals_pkey PRIMARY KEY (order_id, pick_id, stop_id);

ALTER TABLE ONLY fulfilment.runs
    ADD CONSTRAINT runs_pkey PRIMARY KEY (id);

ALTER TABLE ONLY fulfilment.second_tries
    ADD CONSTRAINT second_tries_pkey PRIMARY KEY (order_id, fulfilment_id);

ALTER TABLE ONLY fulfilment.stops
    ADD CONSTRAINT stops_pkey PRIMARY KEY (order_id, id);

ALTER TABLE ONLY fulfilment.substitutes
    ADD CONSTRAINT substitutes_pkey PRIMARY KEY (order_id, id);

ALTER TABLE ONLY jobs.backlogs
    ADD CONSTRAINT backlogs_pkey PRIMARY KEY (consumer, aggregate);

ALTER TABLE ONLY jobs.deliveries
    ADD CONSTRAINT deliveries_pkey PRIMARY KEY (consumer, aggregate, number);

ALTER TABLE ONLY jobs.events
    ADD CONSTRAINT events_pkey PRIMARY KEY (aggregate, number);

ALTER TABLE ONLY jobs.tasks
    ADD CONSTRAINT tasks_pkey PRIMARY KEY (id);

ALTER TABLE ONLY jobs.timers
    ADD CONSTRAINT timers_pkey PRIMARY KEY (name);

ALTER TABLE ONLY loyalty.ledger
    ADD CONSTRAINT a_card_is_paid_once UNIQUE (card_id);

ALTER TABLE ONLY loyalty.accounts
    ADD CONSTRAINT accounts_pkey PRIMARY KEY (customer_id);

ALTER TABLE ONLY loyalty.ledger
    ADD CONSTRAINT ledger_pkey PRIMARY KEY (id);

ALTER TABLE ONLY loyalty.ledger
    ADD CONSTRAINT no_gap UNIQUE (customer_id, number);

ALTER TABLE ONLY messaging.messages
    ADD CONSTRAINT messages_pkey PRIMARY KEY (id);

ALTER TABLE ONLY orders.desk_holds
    ADD CONSTRAINT desk_holds_pkey PRIMARY KEY (hold_id);

ALTER TABLE ONLY orders.documents
    ADD CONSTRAINT documents_pkey PRIMARY KEY (id);

ALTER TABLE ONLY orders.elsewhere
    ADD CONSTRAINT elsewhere_pkey PRIMARY KEY (order_id, line_no, place_id);

ALTER TABLE ONLY orders.entities
    ADD CONSTRAINT entities_pkey PRIMARY KEY (code);

ALTER TABLE ONLY orders.entity_places
    ADD CONSTRAINT entity_places_pkey PRIMARY KEY (place_id);

ALTER TABLE ONLY orders.line_notes
    ADD CONSTRAINT line_notes_pkey PRIMARY KEY (order_id, product_id);

ALTER TABLE ONLY orders.lines
    ADD CONSTRAINT lines_pkey PRIMARY KEY (order_id, line_no);

ALTER TABLE ONLY orders.notes
    ADD CONSTRAINT notes_pkey PRIMARY KEY (id);

ALTER TABLE ONLY orders.orders
    ADD CONSTRAINT numbers_are_unique UNIQUE (number);

ALTER TABLE ONLY orders.documents
    ADD CONSTRAINT numbers_differ UNIQUE (entity, kind, year, number);

ALTER TABLE ONLY orders.orders
    ADD CONSTRAINT orders_pkey PRIMARY KEY (id);

ALTER TABLE ONLY orders.pick_ups
    ADD CONSTRAINT pick_ups_pkey PRIMARY KEY (order_id);

ALTER TABLE ONLY orders.series
    ADD CONSTRAINT series_pkey PRIMARY KEY (entity, kind, year);

ALTER TABLE ONLY orders.orders
    ADD CONSTRAINT tokens_are_unique UNIQUE (token_hash);

ALTER TABLE ONLY payments.gift_ledger
    ADD CONSTRAINT a_refund_comes_once UNIQUE (refund_id);

ALTER TABLE ONLY payments.captures
    ADD CONSTRAINT captures_pkey PRIMARY KEY (intent_id, reference);

ALTER TABLE ONLY payments.gift_cards
    ADD CONSTRAINT codes_differ UNIQUE (code_sha256);

ALTER TABLE ONLY payments.gift_ledger
    ADD CONSTRAINT each_step_of_a_payment_once UNIQUE (intent_id, kind);

ALTER TABLE ONLY payments.events
    ADD CONSTRAINT events_pkey PRIMARY KEY (provider, event_id);

ALTER TABLE ONLY payments.gift_cards
    ADD CONSTRAINT gift_cards_pkey PRIMARY KEY (id);

ALTER TABLE ONLY payments.gift_ledger
    ADD CONSTRAINT gift_ledger_pkey PRIMARY KEY (id);

ALTER TABLE ONLY payments.intents
    ADD CONSTRAINT intents_pkey PRIMARY KEY (id);

ALTER TABLE ONLY payments.oddities
    ADD CONSTRAINT oddities_pkey PRIMARY KEY (id);

ALTER TABLE ONLY payments.gift_cards
    ADD CONSTRAINT one_card_an_order UNIQUE (order_id);

ALTER TABLE ONLY payments.refunds
    ADD CONSTRAINT refunds_pkey PRIMARY KEY (id);

ALTER TABLE ONLY payments.takings
    ADD CONSTRAINT takings_pkey PRIMARY KEY (intent_id);

ALTER TABLE ONLY payments.test_events
    ADD CONSTRAINT test_events_payment_id_number_key UNIQUE (payment_id, number);

ALTER TABLE ONLY payments.test_events
    ADD CONSTRAINT test_events_pkey PRIMARY KEY (id);

ALTER TABLE ONLY payments.test_payments
    ADD CONSTRAINT test_payments_pkey PRIMARY KEY (id);

ALTER TABLE ONLY payments.test_payments
    ADD CONSTRAINT test_payments_reference_key UNIQUE (reference);

ALTER TABLE ONLY payments.test_refunds
    ADD CONSTRAINT test_refunds_pkey PRIMARY KEY (key);

ALTER TABLE ONLY pricing.bars
    ADD CONSTRAINT bars_pkey PRIMARY KEY (id);

ALTER TABLE ONLY pricing.batches
    ADD CONSTRAINT batches_pkey PRIMARY KEY (id);

ALTER TABLE ONLY pricing.coupons
    ADD CONSTRAINT coupons_pkey PRIMARY KEY (code);

ALTER TABLE ONLY pricing.customer_uses
    ADD CONSTRAINT customer_uses_pkey PRIMARY KEY (promotion_id, customer);

ALTER TABLE ONLY pricing.list_prices
    ADD CONSTRAINT list_prices_pkey PRIMARY KEY (product_id, list_id);

ALTER TABLE ONLY pricing.lists
    ADD CONSTRAINT lists_pkey PRIMARY KEY (id);

ALTER TABLE ONLY pricing.promotions
    ADD CONSTRAINT promotions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY pricing.redemptions
    ADD CONSTRAINT redemptions_pkey PRIMARY KEY (order_id, promotion_id);

ALTER TABLE ONLY pricing.versions
    ADD CONSTRAINT versions_pkey PRIMARY KEY (promotion_id, version);

ALTER TABLE ONLY public.migrations
    ADD CONSTRAINT migrations_pkey PRIMARY KEY (name);

ALTER TABLE ONLY returns.collections
    ADD CONSTRAINT collections_pkey PRIMARY KEY (request_id);

ALTER TABLE ONLY returns.empties_counted
    ADD CONSTRAINT empties_counted_pkey PRIMARY KEY (empties_id, deposit);

ALTER TABLE ONLY returns.empties
    ADD CONSTRAINT empties_pkey PRIMARY KEY (id);

ALTER TABLE ONLY returns.goodwill
    ADD CONSTRAINT goodwill_pkey PRIMARY KEY (id);

ALTER TABLE ONLY returns.labels
    ADD CONSTRAINT labels_pkey PRIMARY KEY (request_id);

ALTER TABLE ONLY returns.labels
    ADD CONSTRAINT labels_sscc_key UNIQUE (sscc);

ALTER TABLE ONLY returns.lines
    ADD CONSTRAINT lines_pkey PRIMARY KEY (return_id, line_no, product_id);

ALTER TABLE ONLY returns.photos
    ADD CONSTRAINT photos_pkey PRIMARY KEY (about, file);

ALTER TABLE ONLY returns.refunds
    ADD CONSTRAINT refunds_pkey PRIMARY KEY (return_id, refund_id);

ALTER TABLE ONLY returns.requests
    ADD CONSTRAINT requests_pkey PRIMARY KEY (id);

ALTER TABLE ONLY returns.returns
    ADD CONSTRAINT returns_pkey PRIMARY KEY (id);

ALTER TABLE ONLY returns.units
    ADD CONSTRAINT units_pkey PRIMARY KEY (order_id, line_no);

ALTER TABLE ONLY returns.windows
    ADD CONSTRAINT windows_pkey PRIMARY KEY (category);

ALTER TABLE ONLY scan.audit_scans
    ADD CONSTRAINT audit_scans_pkey PRIMARY KEY (audit_id, number);

ALTER TABLE ONLY scan.audits
    ADD CONSTRAINT audits_pkey PRIMARY KEY (id);

ALTER TABLE ONLY scan.counts
    ADD CONSTRAINT counts_pkey PRIMARY KEY (label, hour);

ALTER TABLE ONLY scan.mornings
    ADD CONSTRAINT mornings_pkey PRIMARY KEY (site_id, day);

ALTER TABLE ONLY scan.reports
    ADD CONSTRAINT reports_pkey PRIMARY KEY (id);

ALTER TABLE ONLY search.categories
    ADD CONSTRAINT categories_pkey PRIMARY KEY (category);

ALTER TABLE ONLY search.documents
    ADD CONSTRAINT documents_pkey PRIMARY KEY (product_id);

ALTER TABLE ONLY slots.vans
    ADD CONSTRAINT a_shift_stands_once UNIQUE (place_id, number, starts);

ALTER TABLE ONLY slots.slots
    ADD CONSTRAINT a_slot_stands_once UNIQUE (place_id, starts_at, ends_at);

ALTER TABLE ONLY slots.templates
    ADD CONSTRAINT a_template_stands_once UNIQUE (place_id, starts, ends);

ALTER TABLE ONLY slots.zones
    ADD CONSTRAINT a_zone_stands_once UNIQUE (place_id, country, first_area, last_area);

ALTER TABLE ONLY slots.door_times
    ADD CONSTRAINT door_times_pkey PRIMARY KEY (door, stop_id);

ALTER TABLE ONLY slots.doors
    ADD CONSTRAINT doors_pkey PRIMARY KEY (door, stop_id);

ALTER TABLE ONLY slots.holds
    ADD CONSTRAINT holds_pkey PRIMARY KEY (id);

ALTER TABLE ONLY slots.plans
    ADD CONSTRAINT plans_pkey PRIMARY KEY (place_id, day);

ALTER TABLE ONLY slots.points
    ADD CONSTRAINT points_pkey PRIMARY KEY (country, code);

ALTER TABLE ONLY slots.roads
    ADD CONSTRAINT roads_pkey PRIMARY KEY (place_id);

ALTER TABLE ONLY slots.slots
    ADD CONSTRAINT slots_pkey PRIMARY KEY (id);

ALTER TABLE ONLY slots.templates
    ADD CONSTRAINT templates_pkey PRIMARY KEY (id);

ALTER TABLE ONLY slots.vans
    ADD CONSTRAINT vans_pkey PRIMARY KEY (id);

ALTER TABLE ONLY slots.zones
    ADD CONSTRAINT zones_pkey PRIMARY KEY (id);

ALTER TABLE ONLY sourcing.decisions
    ADD CONSTRAINT decisions_pkey PRIMARY KEY (order_id, attempt);

ALTER TABLE ONLY sourcing.rules
    ADD CONSTRAINT rules_pkey PRIMARY KEY (version);

ALTER TABLE ONLY sourcing.unfilled
    ADD CONSTRAINT unfilled_pkey PRIMARY KEY (order_id);

ALTER TABLE ONLY staff.attempts
    ADD CONSTRAINT attempts_pkey PRIMARY KEY (who_sha256);

ALTER TABLE ONLY staff.audit
    ADD CONSTRAINT audit_pkey PRIMARY KEY (id);

ALTER TABLE ONLY staff.people
    ADD CONSTRAINT one_person_a_badge UNIQUE (badge_sha256);

ALTER TABLE ONLY staff.people
    ADD CONSTRAINT one_person_per_login UNIQUE (login);

ALTER TABLE ONLY staff.people
    ADD CONSTRAINT people_pkey PRIMARY KEY (id);

ALTER TABLE ONLY staff.seals
    ADD CONSTRAINT sealed_once UNIQUE (audit_id);

ALTER TABLE ONLY staff.seals
    ADD CONSTRAINT seals_pkey PRIMARY KEY (number);

ALTER TABLE ONLY staff.sessions
    ADD CONSTRAINT sessions_pkey PRIMARY KEY (token_sha256);

ALTER TABLE ONLY stock.aside_ledger
    ADD CONSTRAINT aside_ledger_pkey PRIMARY KEY (id);

ALTER TABLE ONLY stock.aside
    ADD CONSTRAINT aside_pkey PRIMARY KEY (product_id, place_id, state);

ALTER TABLE ONLY stock.awaited
    ADD CONSTRAINT awaited_pkey PRIMARY KEY (expected_id, hold_id);

ALTER TABLE ONLY stock.count_lines
    ADD CONSTRAINT count_lines_pkey PRIMARY KEY (count_id, product_id);

ALTER TABLE ONLY stock.counts
    ADD CONSTRAINT counts_pkey PRIMARY KEY (id);

ALTER TABLE ONLY stock.expected
    ADD CONSTRAINT expected_pkey PRIMARY KEY (id);

ALTER TABLE ONLY stock.hold_lines
    ADD CONSTRAINT hold_lines_pkey PRIMARY KEY (hold_id, product_id, place_id);

ALTER TABLE ONLY stock.holds
    ADD CONSTRAINT holds_pkey PRIMARY KEY (id);

ALTER TABLE ONLY stock.ledger
    ADD CONSTRAINT ledger_pkey PRIMARY KEY (product_id, place_id, id);

ALTER TABLE ONLY stock.levels
    ADD CONSTRAINT levels_pkey PRIMARY KEY (product_id, place_id);

ALTER TABLE ONLY stock.places
    ADD CONSTRAINT place_codes_differ UNIQUE (code);

ALTER TABLE ONLY stock.places
    ADD CONSTRAINT places_pkey PRIMARY KEY (id);

ALTER TABLE ONLY stock.safety
    ADD CONSTRAINT safety_pkey PRIMARY KEY (product_id, place_id, channel);

ALTER TABLE ONLY stock.stops
    ADD CONSTRAINT stops_pkey PRIMARY KEY (id);

ALTER TABLE ONLY stock.transfer_lines
    ADD CONSTRAINT transfer_lines_pkey PRIMARY KEY (transfer_id, product_id);

ALTER TABLE ONLY stock.transfers
    ADD CONSTRAINT transfers_pkey PRIMARY KEY (id);

ALTER TABLE ONLY tills.shifts
    ADD CONSTRAINT closings_are_numbered UNIQUE (till_id, z_number);

ALTER TABLE ONLY tills.copies
    ADD CONSTRAINT copies_are_numbered UNIQUE (receipt_id, number);

ALTER TABLE ONLY tills.copies
    ADD CONSTRAINT copies_pkey PRIMARY KEY (id);

ALTER TABLE ONLY tills.drawer
    ADD CONSTRAINT drawer_pkey PRIMARY KEY (id);

ALTER TABLE ONLY tills.exchanges
    ADD CONSTRAINT exchanges_pkey PRIMARY KEY (receipt_id);

ALTER TABLE ONLY tills.tills
    ADD CONSTRAINT numbers_differ_in_a_store UNIQUE (place_id, number);

ALTER TABLE ONLY tills.receipts
    ADD CONSTRAINT one_receipt_an_invitation UNIQUE (invited_view);

ALTER TABLE ONLY tills.receipts
    ADD CONSTRAINT one_receipt_an_order UNIQUE (order_id);

ALTER TABLE ONLY tills.tills
    ADD CONSTRAINT one_till_per_device UNIQUE (device_sha256);

ALTER TABLE ONLY tills.overrides
    ADD CONSTRAINT overrides_pkey PRIMARY KEY (cart_id, line);

ALTER TABLE ONLY tills.receipts
    ADD CONSTRAINT receipts_are_numbered UNIQUE (till_id, number);

ALTER TABLE ONLY tills.receipts
    ADD CONSTRAINT receipts_pkey PRIMARY KEY (id);

ALTER TABLE ONLY tills.shifts
    ADD CONSTRAINT shifts_pkey PRIMARY KEY (id);

ALTER TABLE ONLY tills.tills
    ADD CONSTRAINT tills_pkey PRIMARY KEY (id);

ALTER TABLE ONLY walls.drawings
    ADD CONSTRAINT drawings_pkey PRIMARY KEY (edition_id);

ALTER TABLE ONLY walls.editions
    ADD CONSTRAINT editions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY walls.hangings
    ADD CONSTRAINT hangings_pkey PRIMARY KEY (edition_id, panel);

ALTER TABLE ONLY walls.labels
    ADD CONSTRAINT labels_pkey PRIMARY KEY (token);

ALTER TABLE ONLY walls.editions
    ADD CONSTRAINT one_edition_per_number UNIQUE (wall_id, number);

ALTER TABLE ONLY walls.panels
    ADD CONSTRAINT one_panel_per_number UNIQUE (wall_id, number) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY walls.positions
    ADD CONSTRAINT one_position_per_place UNIQUE (panel_id, shelf, place) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY walls.sites
    ADD CONSTRAINT one_site_per_code UNIQUE (code);

ALTER TABLE ONLY walls.walls
    ADD CONSTRAINT one_wall_per_code UNIQUE (code);

ALTER TABLE ONLY walls.panels
    ADD CONSTRAINT panels_pkey PRIMARY KEY (id);

ALTER TABLE ONLY walls.positions
    ADD CONSTRAINT positions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY walls.print_files
    ADD CONSTRAINT print_files_pkey PRIMARY KEY (id);

ALTER TABLE ONLY walls.profiles
    ADD CONSTRAINT profiles_pkey PRIMARY KEY (file);

ALTER TABLE ONLY walls.sites
    ADD CONSTRAINT sites_pkey PRIMARY KEY (id);

ALTER TABLE ONLY walls.walls
    ADD CONSTRAINT walls_pkey PRIMARY KEY (id);

ALTER TABLE ONLY webhooks.endpoints
    ADD CONSTRAINT endpoints_pkey PRIMARY KEY (id);

ALTER TABLE ONLY webhooks.messages
    ADD CONSTRAINT messages_pkey PRIMARY KEY (endpoint_id, aggregate, number);

ALTER TABLE ONLY webhooks.endpoints
    ADD CONSTRAINT urls_differ UNIQUE (url);

CREATE UNIQUE INDEX a_guest_is_in_one_basket ON cart.merges USING btree (guest) WHERE (undone_at IS NULL);

CREATE INDEX carts_that_follow ON cart.carts USING btree (alias_of) WHERE (alias_of IS NOT NULL);

CREATE INDEX changes_by_age ON cart.changes USING brin (at);

CREATE INDEX merges_of_customer ON cart.merges USING btree (customer_id);

CREATE INDEX merges_of_guest ON cart.merges USING btree (guest);

CREATE INDEX merges_of_survivor ON cart.merges USING btree (survivor, at);

CREATE INDEX ordered_by_customer ON cart.ordered_by USING btree (customer_id);

CREATE INDEX pairings_by_age ON cart.pairings USING btree (until_at);

CREATE INDEX pairings_of_basket ON cart.pairings USING btree (cart_id);

CREATE INDEX shares_by_age ON cart.shares USING btree (until_at);

CREATE INDEX tokens_of_cart ON cart.tokens USING btree (cart_id);

CREATE INDEX views_by_age ON cart.views USING btree (until_at);

CREATE INDEX views_of_cart ON cart.views USING btree (cart_id);

CREATE INDEX cases_of_order ON cases.cases USING btree (order_id);

CREATE INDEX cases_to_do ON cases.cases USING btree (due_at) WHERE (state <> 'closed'::text);

CREATE INDEX entries_of_case ON cases.entries USING btree (case_id, at);

CREATE UNIQUE INDEX an_import_is_undone_once ON catalog.imports USING btree (undoes) WHERE (state = 'imported'::text);

CREATE INDEX codes_of_product ON catalog.codes USING btree (product_id);

CREATE INDEX complaints_of_import ON catalog.complaints USING btree (import_id, "row");

CREATE INDEX imports_newest ON catalog.imports USING btree (imported_at DESC) WHERE (state = 'imported'::text);

CREATE UNIQUE INDEX one_price_holds_now ON catalog.prices USING btree (product_id) WHERE (until_at IS NULL);

CREATE INDEX products_by_category ON catalog.products USING btree (category, gtin);

CREATE INDEX staged_by_gtin ON catalog.staged USING btree (import_id, gtin);

CREATE INDEX attempts_by_command ON checkout.attempts USING btree (command) WHERE (state = 'paid'::text);

CREATE INDEX attempts_due ON checkout.attempts USING btree (due_at) WHERE (state = ANY (ARRAY['frozen'::text, 'placed'::text]));

CREATE INDEX attempts_of_cart ON checkout.attempts USING btree (cart_id) WHERE (state = ANY (ARRAY['frozen'::text, 'placed'::text, 'paid'::text]));

CREATE UNIQUE INDEX attempts_of_order ON checkout.attempts USING btree (order_id);

CREATE INDEX changes_of_order ON checkout.changes USING btree (order_id);

CREATE UNIQUE INDEX one_waiting_change_an_order ON checkout.changes USING btree (order_id) WHERE (state = 'waiting'::text);

CREATE INDEX done_by_age ON commands.done USING btree (at);

CREATE INDEX calls_of_agent ON contact.calls USING btree (agent_id, opened_at);

CREATE INDEX calls_of_basket ON contact.calls USING btree (cart_id) WHERE (cart_id IS NOT NULL);

CREATE INDEX calls_of_order ON contact.calls USING btree (order_id);

CREATE INDEX notes_of_call ON contact.notes USING btree (call_id);

CREATE INDEX links_by_age ON customers.links USING btree (until_at);

CREATE INDEX memberships_by_name ON customers.memberships USING btree (name);

CREATE INDEX sessions_by_age ON customers.sessions USING btree (started_at);

CREATE INDEX sessions_by_customer ON customers.sessions USING btree (customer_id);

CREATE INDEX acts_of_fulfilment ON fulfilment.acts USING btree (fulfilment_id, id);

CREATE INDEX breakdowns_of_run ON fulfilment.breakdowns USING btree (run_id);

CREATE INDEX carrier_facts_of_parcel ON fulfilment.carrier_facts USING btree (order_id, parcel_id);

CREATE INDEX collections_by_code ON fulfilment.collections USING btree (code_hash);

CREATE INDEX collections_running_out ON fulfilment.collections USING btree (keep_until) WHERE ((ready_at IS NOT NULL) AND (ended_at IS NULL));

CREATE INDEX consignments_of_fulfilment ON fulfilment.consignments USING btree (fulfilment_id);

CREATE INDEX consignments_to_announce ON fulfilment.consignments USING btree (due_at) WHERE (state = 'wanted'::text);

CREATE INDEX consignments_to_see ON fulfilment.consignments USING btree (((problem IS NULL)), ((state = ANY (ARRAY['delivered'::text, 'returned'::text]))), booked_at DESC, parcel_id);

CREATE INDEX fulfilments_at_desk ON fulfilment.fulfilments USING btree (place_id) WHERE ((way = 'collect'::text) AND (state = ANY (ARRAY['packed'::text, 'returned'::text])));

CREATE INDEX fulfilments_by_id ON fulfilment.fulfilments USING btree (id);

CREATE INDEX fulfilments_by_number ON fulfilment.fulfilments USING btree (order_number);

CREATE INDEX fulfilments_to_pick ON fulfilment.fulfilments USING btree (place_id, pick_by) WHERE (state = ANY (ARRAY['released'::text, 'picking'::text, 'picked'::text, 'packed'::text]));

CREATE UNIQUE INDEX one_living_stop ON fulfilment.stops USING btree (order_id, fulfilment_id) WHERE (state = 'planned'::text);

CREATE UNIQUE INDEX one_per_order_place_and_way ON fulfilment.fulfilments USING btree (order_id, place_id, ((way = 'collect'::text)));

CREATE INDEX parcels_by_sscc ON fulfilment.parcels USING btree (sscc);

CREATE INDEX parcels_of_fulfilment ON fulfilment.parcels USING btree (fulfilment_id);

CREATE INDEX parcels_of_run ON fulfilment.parcels USING btree (run_id) WHERE (run_id IS NOT NULL);

CREATE INDEX picks_by_id ON fulfilment.picks USING btree (id);

CREATE INDEX picks_of_fulfilment ON fulfilment.picks USING btree (fulfilment_id);

CREATE INDEX proofs_by_file ON fulfilment.proofs USING btree (file) WHERE (file IS NOT NULL);

CREATE INDEX proofs_to_forget ON fulfilment.proofs USING btree (received_at) WHERE (forgotten_at IS NULL);

CREATE INDEX runs_by_day ON fulfilment.runs USING btree (starts_at);

CREATE INDEX stops_by_id ON fulfilment.stops USING btree (id);

CREATE INDEX stops_waiting_for_a_choice ON fulfilment.stops USING btree (choose_until) WHERE (choose_until IS NOT NULL);

CREATE INDEX substitutes_by_id ON fulfilment.substitutes USING btree (id);

CREATE INDEX substitutes_of_pick ON fulfilment.substitutes USING btree (order_id, pick_id);

CREATE INDEX substitutes_unanswered ON fulfilment.substitutes USING btree (answer_by) WHERE (state = 'offered'::text);

CREATE INDEX backlogs_due ON jobs.backlogs USING btree (due_at);

CREATE INDEX deliveries_parked ON jobs.deliveries USING btree (parked_at) WHERE (parked_at IS NOT NULL);

CREATE INDEX deliveries_waiting ON jobs.deliveries USING btree (consumer, aggregate, number) WHERE ((delivered_at IS NULL) AND (parked_at IS NULL));

CREATE INDEX events_by_time ON jobs.events USING brin (at) WITH (pages_per_range='32');

CREATE INDEX tasks_due ON jobs.tasks USING btree (due_at) WHERE (state = 'waiting'::text);

CREATE INDEX tasks_failed ON jobs.tasks USING btree (finished_at) WHERE (state = 'failed'::text);

CREATE INDEX accounts_to_expire ON loyalty.accounts USING btree (moved_at) WHERE (balance > 0);

CREATE INDEX ledger_of_order ON loyalty.ledger USING btree (order_id) WHERE (order_id IS NOT NULL);

CREATE INDEX messages_about ON messaging.messages USING btree (about);

CREATE INDEX messages_by_time ON messaging.messages USING btree (written_at DESC);

CREATE INDEX messages_to_forget ON messaging.messages USING btree (written_at) WHERE ((NOT kept) AND (recipient <> ''::text));

CREATE INDEX messages_to_somebody ON messaging.messages USING btree (lower(recipient));

CREATE INDEX desk_holds_by_order ON orders.desk_holds USING btree (order_id);

CREATE INDEX documents_of_order ON orders.documents USING btree (order_id);

CREATE INDEX lines_of_edition ON orders.lines USING btree (edition_id, product_id) WHERE (edition_id <> '00000000-0000-0000-0000-000000000000'::uuid);

CREATE INDEX notes_of_order ON orders.notes USING btree (order_id, at);

CREATE UNIQUE INDEX one_invoice_per_order ON orders.documents USING btree (order_id) WHERE (kind = 'invoice'::text);

CREATE INDEX orders_by_email ON orders.orders USING btree (lower(email));

CREATE INDEX orders_by_phone ON orders.orders USING btree ("right"(regexp_replace(phone, '[^0-9]'::text, ''::text, 'g'::text), 9));

CREATE INDEX orders_by_place ON orders.orders USING btree (place_id, starts_at) WHERE (state = ANY (ARRAY['confirmed'::text, 'in_fulfilment'::text, 'packed'::text, 'on_the_way'::text, 'not_home'::text]));

CREATE INDEX orders_by_postcode ON orders.orders USING btree (upper(replace(postcode, ' '::text, ''::text)));

CREATE INDEX orders_of_cart ON orders.orders USING btree (cart_id);

CREATE INDEX events_of_intent ON payments.events USING btree (intent_id);

CREATE INDEX gift_cards_by_age ON payments.gift_cards USING btree (made_at);

CREATE INDEX gift_cards_to_expire ON payments.gift_cards USING btree (expires_at) WHERE (balance > 0);

CREATE INDEX gift_ledger_of_card ON payments.gift_ledger USING btree (card_id, at);

CREATE UNIQUE INDEX intents_by_reference ON payments.intents USING btree (provider, reference);

CREATE INDEX intents_holding ON payments.intents USING btree (held_until) WHERE (state = 'authorised'::text);

CREATE INDEX intents_of_order ON payments.intents USING btree (order_id);

CREATE INDEX intents_to_ask ON payments.intents USING btree (ask_at) WHERE (ask_at IS NOT NULL);

CREATE INDEX oddities_open ON payments.oddities USING btree (found_at) WHERE (settled_at IS NULL);

CREATE INDEX refunds_of_intent ON payments.refunds USING btree (intent_id);

CREATE INDEX refunds_to_make ON payments.refunds USING btree (due_at) WHERE (state = 'wanted'::text);

CREATE INDEX takings_to_make ON payments.takings USING btree (due_at) WHERE (state = 'wanted'::text);

CREATE INDEX batches_of_promotion ON pricing.batches USING btree (promotion_id);

CREATE INDEX coupons_of_batch ON pricing.coupons USING btree (batch_id, code);

CREATE INDEX lists_by_start ON pricing.lists USING btree (lower(runs));

CREATE INDEX promotions_by_product ON pricing.promotions USING gin (product_ids);

CREATE INDEX promotions_by_time ON pricing.promotions USING gist (runs);

CREATE INDEX redemptions_of_code ON pricing.redemptions USING btree (code) WHERE (code IS NOT NULL);

CREATE INDEX redemptions_of_customer ON pricing.redemptions USING btree (customer) WHERE (customer IS NOT NULL);

CREATE INDEX redemptions_of_promotion ON pricing.redemptions USING btree (promotion_id);

CREATE INDEX collections_of_window ON returns.collections USING btree (place_id, starts_at);

CREATE INDEX empties_by_time ON returns.empties USING btree (at);

CREATE INDEX empties_of_order ON returns.empties USING btree (order_id) WHERE (order_id IS NOT NULL);

CREATE INDEX goodwill_of_order ON returns.goodwill USING btree (order_id);

CREATE INDEX labels_on_their_way ON returns.labels USING btree (heard_at) WHERE (state = ANY (ARRAY['accepted'::text, 'in_transit'::text, 'failed'::text]));

CREATE INDEX labels_to_announce ON returns.labels USING btree (due_at) WHERE (state = 'wanted'::text);

CREATE INDEX lines_by_product ON returns.lines USING btree (product_id);

CREATE UNIQUE INDEX one_return_per_request ON returns.returns USING btree (request_id);

CREATE INDEX photos_by_end ON returns.photos USING btree (until);

CREATE INDEX photos_by_file ON returns.photos USING btree (file);

CREATE INDEX refunds_by_refund ON returns.refunds USING btree (refund_id);

COMMENT ON INDEX returns.refunds_by_refund IS 'For which goods money goes back, on its credit note.';

CREATE UNIQUE INDEX requests_by_code ON returns.requests USING btree (code);

CREATE INDEX requests_by_photo ON returns.requests USING btree (photo) WHERE (photo IS NOT NULL);

CREATE INDEX requests_for_exchange ON returns.requests USING btree (exchange_id) WHERE (exchange_id IS NOT NULL);

CREATE INDEX requests_of_order ON returns.requests USING btree (order_id, asked_at);

CREATE INDEX returns_by_photo ON returns.returns USING btree (photo) WHERE (photo IS NOT NULL);

CREATE INDEX returns_by_time ON returns.returns USING btree (at);

CREATE INDEX returns_of_order ON returns.returns USING btree (order_id, at);

CREATE INDEX audits_of_site ON scan.audits USING btree (site_id, started_at DESC);

CREATE UNIQUE INDEX one_open_report ON scan.reports USING btree (label, kind) WHERE (resolved_at IS NULL);

CREATE INDEX documents_by_names ON search.documents USING gin (names public.gin_trgm_ops);

CREATE INDEX documents_by_words ON search.documents USING gin (words public.gin_trgm_ops);

CREATE INDEX door_times_by_age ON slots.door_times USING btree (seen_at);

CREATE INDEX doors_by_age ON slots.doors USING btree (seen_at);

CREATE INDEX holds_beside ON slots.holds USING btree (beside) WHERE (beside IS NOT NULL);

CREATE INDEX holds_by_holder ON slots.holds USING btree (holder);

CREATE INDEX holds_by_slot ON slots.holds USING btree (slot_id) WHERE (state = ANY (ARRAY['held'::text, 'confirmed'::text]));

CREATE INDEX holds_running_out ON slots.holds USING btree (expires_at) WHERE (state = 'held'::text);

CREATE UNIQUE INDEX one_live_hold_a_holder ON slots.holds USING btree (holder) WHERE (state = ANY (ARRAY['held'::text, 'confirmed'::text]));

CREATE INDEX plans_to_improve ON slots.plans USING btree (day) WHERE (improved_version < version);

CREATE INDEX zones_by_area ON slots.zones USING btree (country, first_area, last_area);

CREATE INDEX decisions_by_time ON sourcing.decisions USING btree (made_at);

CREATE INDEX unfilled_open ON sourcing.unfilled USING btree (opened_at) WHERE (settled_at IS NULL);

CREATE INDEX audit_by_subject ON staff.audit USING btree (subject);

CREATE INDEX audit_by_time ON staff.audit USING btree (at);

CREATE INDEX sessions_by_age ON staff.sessions USING btree (started_at);

CREATE INDEX sessions_by_person ON staff.sessions USING btree (person_id);

CREATE INDEX aside_ledger_of_goods ON stock.aside_ledger USING btree (product_id, place_id, at);

CREATE INDEX awaited_by_hold ON stock.awaited USING btree (hold_id);

CREATE INDEX expected_by_product ON stock.expected USING btree (product_id, due_on) WHERE (arrived_at IS NULL);

CREATE INDEX holds_by_holder ON stock.holds USING btree (holder) WHERE (state <> 'held'::text);

CREATE INDEX holds_running_out ON stock.holds USING btree (expires_at) WHERE (state = 'held'::text);

CREATE INDEX holds_to_pick ON stock.holds USING btree (id) WHERE (state = 'confirmed'::text);

CREATE UNIQUE INDEX stops_running ON stock.stops USING btree (product_id) WHERE (ended_at IS NULL);

CREATE INDEX transfers_under_way ON stock.transfers USING btree (to_place, sent_at) WHERE (arrived_at IS NULL);

CREATE UNIQUE INDEX a_receipt_is_cashed_once ON tills.drawer USING btree (receipt_id, kind) WHERE (receipt_id IS NOT NULL);

CREATE INDEX drawer_of_shift ON tills.drawer USING btree (shift_id);

CREATE UNIQUE INDEX one_open_drawer_a_till ON tills.shifts USING btree (till_id) WHERE (closed_at IS NULL);

CREATE UNIQUE INDEX one_open_receipt_a_till ON tills.receipts USING btree (till_id) WHERE (state = 'open'::text);

CREATE INDEX receipts_by_day ON tills.receipts USING btree (till_id, sold_at) WHERE (sold_at IS NOT NULL);

CREATE INDEX receipts_of_shift ON tills.receipts USING btree (shift_id);

CREATE INDEX editions_of_site ON walls.editions USING btree (site_id);

CREATE INDEX files_of_edition ON walls.print_files USING btree (edition_id, kind, ordered_at DESC);

CREATE INDEX labels_of_edition ON walls.labels USING btree (edition_id);

CREATE INDEX labels_of_position ON walls.labels USING btree (position_id);

CREATE INDEX labels_of_product ON walls.labels USING btree (product_id);

CREATE INDEX labels_replaced ON walls.labels USING btree (replaces) WHERE (replaces IS NOT NULL);

CREATE UNIQUE INDEX one_file_in_the_making ON walls.print_files USING btree (edition_id, kind) WHERE ((made_at IS NULL) AND (refusal IS NULL));

CREATE INDEX positions_of_product ON walls.positions USING btree (product_id);

CREATE INDEX sites_of_wall ON walls.sites USING btree (wall_id);

CREATE INDEX sites_to_open ON walls.sites USING btree (opens_at) WHERE (state = 'hung'::text);

CREATE INDEX messages_due ON webhooks.messages USING btree (due_at) WHERE (state = 'waiting'::text);

CREATE INDEX messages_in_order ON webhooks.messages USING btree (endpoint_id, aggregate, number) WHERE (state = 'waiting'::text);

CREATE INDEX messages_parked ON webhooks.messages USING btree (endpoint_id) WHERE (state = 'parked'::text);

CREATE OR REPLACE VIEW checks.gift_cards AS
 SELECT card.id,
    'the card is not what its ledger says'::text AS wrong
   FROM (payments.gift_cards card
     LEFT JOIN payments.gift_ledger entry ON ((entry.card_id = card.id)))
  GROUP BY card.id
 HAVING (((card.balance)::numeric <> COALESCE(sum(entry.balance_change), (0)::numeric)) OR ((card.held)::numeric <> COALESCE(sum(entry.held_change), (0)::numeric)) OR (card.balance < 0) OR (card.held < 0))
UNION ALL
 SELECT intent.id,
    'what the card gave is not what the payment says'::text AS wrong
   FROM (payments.intents intent
     CROSS JOIN LATERAL ( SELECT COALESCE(sum(gift_ledger.held_change) FILTER (WHERE (gift_ledger.kind = 'hold'::text)), (0)::numeric) AS asked,
            COALESCE(sum(gift_ledger.held_change), (0)::numeric) AS held,
            COALESCE((- sum(gift_ledger.held_change) FILTER (WHERE (gift_ledger.kind = 'capture'::text))), (0)::numeric) AS taken
           FROM payments.gift_ledger
          WHERE (gift_ledger.intent_id = intent.id)) card)
  WHERE ((intent.provider = 'gift-card'::text) AND (intent.moved_from IS NULL) AND ((card.asked <> (intent.amount)::numeric) OR (card.held <> (
        CASE
            WHEN (intent.state = 'authorised'::text) THEN intent.amount
            ELSE (0)::bigint
        END)::numeric) OR (card.taken <> (
        CASE
            WHEN (intent.state = 'captured'::text) THEN intent.amount
            ELSE (0)::bigint
        END)::numeric)))
UNION ALL
 SELECT refund.id,
    'what went back is not on the card'::text AS wrong
   FROM ((payments.refunds refund
     JOIN payments.intents intent ON ((intent.id = refund.intent_id)))
     LEFT JOIN payments.gift_ledger entry ON ((entry.refund_id = refund.id)))
  WHERE ((intent.provider = 'gift-card'::text) AND (refund.state = 'made'::text) AND (refund.moved_to IS NULL) AND (entry.balance_change IS DISTINCT FROM refund.amount));

CREATE OR REPLACE VIEW checks.points AS
 SELECT account.customer_id AS id,
    'the balance is not what the ledger says'::text AS wrong
   FROM (loyalty.accounts account
     LEFT JOIN loyalty.ledger entry ON ((entry.customer_id = account.customer_id)))
  GROUP BY account.customer_id
 HAVING (((account.balance)::numeric <> COALESCE(sum(entry.points), (0)::numeric)) OR (account.entries <> count(entry.id)))
UNION ALL
 SELECT entry.id,
    'the ledger does not add up'::text AS wrong
   FROM ( SELECT ledger.id,
            ledger.points,
            ledger.balance,
            lag(ledger.balance, 1, (0)::bigint) OVER (PARTITION BY ledger.customer_id ORDER BY ledger.number) AS before
           FROM loyalty.ledger) entry
  WHERE (entry.balance <> (entry.before + entry.points))
UNION ALL
 SELECT entry.id,
    'below zero, and not by a clawback'::text AS wrong
   FROM loyalty.ledger entry
  WHERE ((entry.balance < 0) AND (entry.points < 0) AND (entry.kind <> 'clawback'::text))
UNION ALL
 SELECT entry.order_id AS id,
    'more points taken back than were earned'::text AS wrong
   FROM loyalty.ledger entry
  WHERE ((entry.order_id IS NOT NULL) AND (entry.kind = ANY (ARRAY['earn'::text, 'clawback'::text])))
  GROUP BY entry.order_id
 HAVING (sum(entry.points) < (0)::numeric)
UNION ALL
 SELECT entry.id,
    'the card is not what the points were worth'::text AS wrong
   FROM (loyalty.ledger entry
     LEFT JOIN payments.gift_ledger card ON (((card.card_id = entry.card_id) AND (card.kind = 'issue'::text))))
  WHERE ((entry.kind = 'spend'::text) AND (card.balance_change IS DISTINCT FROM (- entry.points)));

CREATE OR REPLACE VIEW checks.slots AS
 SELECT slot.id,
    slot.place_id,
    slot.starts_at,
    slot.capacity,
    slot.used,
    count(hold.id) AS live_holds
   FROM (slots.slots slot
     LEFT JOIN slots.holds hold ON (((hold.slot_id = slot.id) AND (hold.state = ANY (ARRAY['held'::text, 'confirmed'::text])))))
  GROUP BY slot.id
 HAVING ((slot.used <> count(hold.id)) OR (slot.used > slot.capacity) OR (slot.ambient_used <> COALESCE(sum(hold.ambient_crates), (0)::bigint)) OR (slot.chilled_used <> COALESCE(sum(hold.chilled_crates), (0)::bigint)) OR (slot.frozen_used <> COALESCE(sum(hold.frozen_crates), (0)::bigint)) OR (slot.minutes_used <> COALESCE(sum(hold.picker_minutes), (0)::bigint)));

CREATE OR REPLACE VIEW checks.stops AS
 SELECT fulfilment.order_id,
    fulfilment.id,
    fulfilment.state,
    count(stop.id) FILTER (WHERE (stop.state = 'planned'::text)) AS planned
   FROM (fulfilment.fulfilments fulfilment
     LEFT JOIN fulfilment.stops stop ON (((stop.order_id = fulfilment.order_id) AND (stop.fulfilment_id = fulfilment.id))))
  GROUP BY fulfilment.order_id, fulfilment.id, fulfilment.state
 HAVING ((((fulfilment.way = 'delivery'::text) AND (fulfilment.state = ANY (ARRAY['released'::text, 'picking'::text, 'picked'::text, 'packed'::text, 'loaded'::text, 'out_for_delivery'::text]))) <> (count(stop.id) FILTER (WHERE (stop.state = 'planned'::text)) = 1)) AND (fulfilment.state <> 'failed'::text));

CREATE OR REPLACE VIEW checks.substitutes AS
 SELECT offer.order_id,
    offer.id,
    offer.state,
    'was not ended in time'::text AS wrong
   FROM fulfilment.substitutes offer
  WHERE ((offer.state = 'offered'::text) AND (offer.answer_by < (now() - '00:01:00'::interval)))
UNION ALL
 SELECT pick.order_id,
    pick.id,
    pick.state,
    'does not add up'::text AS wrong
   FROM (fulfilment.picks pick
     LEFT JOIN fulfilment.substitutes offer ON (((offer.order_id = pick.order_id) AND (offer.pick_id = pick.id))))
  GROUP BY pick.order_id, pick.id
 HAVING ((pick.offered <> COALESCE(sum(offer.quantity) FILTER (WHERE (offer.state = 'offered'::text)), (0)::bigint)) OR (pick.replaced <> COALESCE(sum(offer.quantity) FILTER (WHERE (offer.state = 'accepted'::text)), (0)::bigint)))
UNION ALL
 SELECT pick.order_id,
    pick.id,
    fulfilment.state,
    'was not there and is not paid back'::text AS wrong
   FROM (fulfilment.picks pick
     JOIN fulfilment.fulfilments fulfilment ON (((fulfilment.order_id = pick.order_id) AND (fulfilment.id = pick.fulfilment_id))))
  WHERE ((fulfilment.state = ANY (ARRAY['packed'::text, 'loaded'::text, 'out_for_delivery'::text, 'delivered'::text, 'failed'::text, 'returned'::text])) AND (pick.paid_back_for <> ((pick.short - pick.resourced) + pick.replaced)));

CREATE OR REPLACE VIEW checks.tills AS
 SELECT shift.id,
    'the drawer is not what moved in and out of it'::text AS wrong
   FROM tills.shifts shift
  WHERE ((shift.closed_at IS NOT NULL) AND ((shift.expected)::numeric <> ( SELECT COALESCE(sum(drawer.amount), (0)::numeric) AS "coalesce"
           FROM tills.drawer
          WHERE (drawer.shift_id = shift.id))))
UNION ALL
 SELECT receipt.id,
    'cash was taken, but not for this'::text AS wrong
   FROM ((tills.receipts receipt
     LEFT JOIN tills.drawer entry ON (((entry.receipt_id = receipt.id) AND (entry.kind = 'sale'::text))))
     CROSS JOIN LATERAL ( SELECT COALESCE(receipt.cash,
                CASE
                    WHEN (receipt.tender = 'cash'::text) THEN receipt.total
                    ELSE (0)::bigint
                END) AS part) cash)
  WHERE (((receipt.state = 'paid'::text) AND (cash.part > 0) AND ((entry.id IS NULL) OR ((entry.amount - entry.rounding) <> cash.part))) OR ((entry.id IS NOT NULL) AND (cash.part = 0)))
UNION ALL
 SELECT till.id,
    'receipts have a gap'::text AS wrong
   FROM (tills.tills till
     LEFT JOIN tills.receipts receipt ON (((receipt.till_id = till.id) AND (receipt.number IS NOT NULL))))
  GROUP BY till.id
 HAVING (count(receipt.id) <> till.last_receipt)
UNION ALL
 SELECT receipt.id,
    'is not what its order was'::text AS wrong
   FROM (tills.receipts receipt
     LEFT JOIN orders.orders sold ON ((sold.id = receipt.order_id)))
  WHERE ((receipt.state = ANY (ARRAY['paying'::text, 'paid'::text])) AND ((sold.id IS NULL) OR (sold.total <> receipt.total)));

CREATE TRIGGER ledger_is_kept BEFORE DELETE OR UPDATE ON loyalty.ledger FOR EACH ROW EXECUTE FUNCTION loyalty.refuse_rewriting();

CREATE TRIGGER gift_ledger_is_kept BEFORE DELETE OR UPDATE ON payments.gift_ledger FOR EACH ROW EXECUTE FUNCTION payments.refuse_rewriting();

CREATE TRIGGER list_prices_are_kept BEFORE DELETE OR UPDATE ON pricing.list_prices FOR EACH ROW EXECUTE FUNCTION pricing.refuse_rewriting();

CREATE TRIGGER audit_is_append_only BEFORE DELETE OR UPDATE ON staff.audit FOR EACH ROW EXECUTE FUNCTION staff.refuse_rewriting();

CREATE TRIGGER audit_is_never_emptied BEFORE TRUNCATE ON staff.audit FOR EACH STATEMENT EXECUTE FUNCTION staff.refuse_rewriting();

CREATE TRIGGER seals_are_append_only BEFORE DELETE OR UPDATE ON staff.seals FOR EACH ROW EXECUTE FUNCTION staff.refuse_rewriting();

CREATE TRIGGER seals_are_never_emptied BEFORE TRUNCATE ON staff.seals FOR EACH STATEMENT EXECUTE FUNCTION staff.refuse_rewriting();

CREATE TRIGGER editions_never_change BEFORE UPDATE ON walls.editions FOR EACH ROW WHEN ((((((((((((((((old.wall_id IS DISTINCT FROM new.wall_id) OR (old.number IS DISTINCT FROM new.number)) OR (old.kind IS DISTINCT FROM new.kind)) OR (old.plan IS DISTINCT FROM new.plan)) OR (old.codes IS DISTINCT FROM new.codes)) OR (old.base_url IS DISTINCT FROM new.base_url)) OR (old.phone IS DISTINCT FROM new.phone)) OR (old.list_url IS DISTINCT FROM new.list_url)) OR (old.reading_distance_mm IS DISTINCT FROM new.reading_distance_mm)) OR (old.currency IS DISTINCT FROM new.currency)) OR (old.valid_from IS DISTINCT FROM new.valid_from)) OR (old.valid_until IS DISTINCT FROM new.valid_until)) OR (old.ordered_by IS DISTINCT FROM new.ordered_by)) OR (old.created_at IS DISTINCT FROM new.created_at)) OR ((old.printed_at IS NOT NULL) AND ((((old.pdf IS DISTINCT FROM new.pdf) OR (old.png IS DISTINCT FROM new.png)) OR (old.printed_at IS DISTINCT FROM new.printed_at)) OR (old.lights IS DISTINCT FROM new.lights))))) EXECUTE FUNCTION walls.refuse_rewriting();

CREATE TRIGGER labels_never_change BEFORE UPDATE ON walls.labels FOR EACH ROW WHEN (((((((((((old.token IS DISTINCT FROM new.token) OR (old.position_id IS DISTINCT FROM new.position_id)) OR (old.edition_id IS DISTINCT FROM new.edition_id)) OR (old.gtin IS DISTINCT FROM new.gtin)) OR (old.printed_price IS DISTINCT FROM new.printed_price)) OR (old.currency IS DISTINCT FROM new.currency)) OR (old.panel IS DISTINCT FROM new.panel)) OR (old.shelf IS DISTINCT FROM new.shelf)) OR (old.place IS DISTINCT FROM new.place)) OR (old.replaces IS DISTINCT FROM new.replaces))) EXECUTE FUNCTION walls.refuse_rewriting();

CREATE TRIGGER print_files_never_change BEFORE UPDATE ON walls.print_files FOR EACH ROW WHEN (((old.made_at IS NOT NULL) OR (((((((old.id IS DISTINCT FROM new.id) OR (old.edition_id IS DISTINCT FROM new.edition_id)) OR (old.kind IS DISTINCT FROM new.kind)) OR (old.wishes IS DISTINCT FROM new.wishes)) OR (old.profile IS DISTINCT FROM new.profile)) OR (old.ordered_by IS DISTINCT FROM new.ordered_by)) OR (old.ordered_at IS DISTINCT FROM new.ordered_at)))) EXECUTE FUNCTION walls.refuse_rewriting();

ALTER TABLE ONLY cart.coupons
    ADD CONSTRAINT coupons_cart_id_fkey FOREIGN KEY (cart_id) REFERENCES cart.carts(id) ON DELETE CASCADE;

ALTER TABLE ONLY cart.line_notes
    ADD CONSTRAINT line_notes_cart_id_fkey FOREIGN KEY (cart_id) REFERENCES cart.carts(id) ON DELETE CASCADE;

ALTER TABLE ONLY cart.lines
    ADD CONSTRAINT lines_cart_id_fkey FOREIGN KEY (cart_id) REFERENCES cart.carts(id) ON DELETE CASCADE;

ALTER TABLE ONLY cart.members
    ADD CONSTRAINT members_cart_id_fkey FOREIGN KEY (cart_id) REFERENCES cart.carts(id);

ALTER TABLE ONLY cart.merges
    ADD CONSTRAINT merges_guest_fkey FOREIGN KEY (guest) REFERENCES cart.carts(id) ON DELETE CASCADE;

ALTER TABLE ONLY cart.merges
    ADD CONSTRAINT merges_survivor_fkey FOREIGN KEY (survivor) REFERENCES cart.carts(id) ON DELETE CASCADE;

ALTER TABLE ONLY cart.pairings
    ADD CONSTRAINT pairings_cart_id_fkey FOREIGN KEY (cart_id) REFERENCES cart.carts(id) ON DELETE CASCADE;

ALTER TABLE ONLY cart.saved
    ADD CONSTRAINT saved_cart_id_fkey FOREIGN KEY (cart_id) REFERENCES cart.carts(id) ON DELETE CASCADE;

ALTER TABLE ONLY cart.tokens
    ADD CONSTRAINT tokens_cart_id_fkey FOREIGN KEY (cart_id) REFERENCES cart.carts(id) ON DELETE CASCADE;

ALTER TABLE ONLY cart.views
    ADD CONSTRAINT views_cart_id_fkey FOREIGN KEY (cart_id) REFERENCES cart.carts(id) ON DELETE CASCADE;

ALTER TABLE ONLY cases.entries
    ADD CONSTRAINT entries_case_id_fkey FOREIGN KEY (case_id) REFERENCES cases.cases(id);

ALTER TABLE ONLY catalog.codes
    ADD CONSTRAINT codes_product_id_fkey FOREIGN KEY (product_id) REFERENCES catalog.products(id) ON DELETE CASCADE;

ALTER TABLE ONLY catalog.imports
    ADD CONSTRAINT imports_undoes_fkey FOREIGN KEY (undoes) REFERENCES catalog.imports(id);

ALTER TABLE ONLY catalog.prices
    ADD CONSTRAINT prices_product_id_fkey FOREIGN KEY (product_id) REFERENCES catalog.products(id) ON DELETE CASCADE;

ALTER TABLE ONLY catalog.products
    ADD CONSTRAINT products_picture_fkey FOREIGN KEY (picture) REFERENCES files.files(sha256);

ALTER TABLE ONLY catalog.replaced
    ADD CONSTRAINT replaced_import_id_fkey FOREIGN KEY (import_id) REFERENCES catalog.imports(id) ON DELETE CASCADE;

ALTER TABLE ONLY catalog.texts
    ADD CONSTRAINT texts_product_id_fkey FOREIGN KEY (product_id) REFERENCES catalog.products(id) ON DELETE CASCADE;

ALTER TABLE ONLY catalog.uploaded
    ADD CONSTRAINT uploaded_import_id_fkey FOREIGN KEY (import_id) REFERENCES catalog.imports(id) ON DELETE CASCADE;

ALTER TABLE ONLY collecting.desks
    ADD CONSTRAINT desks_place_id_fkey FOREIGN KEY (place_id) REFERENCES stock.places(id);

ALTER TABLE ONLY collecting.hours
    ADD CONSTRAINT hours_place_id_fkey FOREIGN KEY (place_id) REFERENCES collecting.desks(place_id);

ALTER TABLE ONLY contact.notes
    ADD CONSTRAINT notes_call_id_fkey FOREIGN KEY (call_id) REFERENCES contact.calls(id);

ALTER TABLE ONLY customers.memberships
    ADD CONSTRAINT memberships_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers.people(id) ON DELETE CASCADE;

ALTER TABLE ONLY customers.sessions
    ADD CONSTRAINT sessions_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers.people(id) ON DELETE CASCADE;

ALTER TABLE ONLY fulfilment.breakdowns
    ADD CONSTRAINT breakdowns_run_id_fkey FOREIGN KEY (run_id) REFERENCES fulfilment.runs(id);

ALTER TABLE ONLY fulfilment.carrier_facts
    ADD CONSTRAINT carrier_facts_order_id_parcel_id_fkey FOREIGN KEY (order_id, parcel_id) REFERENCES fulfilment.consignments(order_id, parcel_id);

ALTER TABLE ONLY fulfilment.collections
    ADD CONSTRAINT collections_order_id_fulfilment_id_fkey FOREIGN KEY (order_id, fulfilment_id) REFERENCES fulfilment.fulfilments(order_id, id);

ALTER TABLE ONLY fulfilment.consignments
    ADD CONSTRAINT consignments_order_id_fulfilment_id_fkey FOREIGN KEY (order_id, fulfilment_id) REFERENCES fulfilment.fulfilments(order_id, id);

ALTER TABLE ONLY fulfilment.consignments
    ADD CONSTRAINT consignments_order_id_parcel_id_fkey FOREIGN KEY (order_id, parcel_id) REFERENCES fulfilment.parcels(order_id, id);

ALTER TABLE ONLY fulfilment.contents
    ADD CONSTRAINT contents_order_id_parcel_id_fkey FOREIGN KEY (order_id, parcel_id) REFERENCES fulfilment.parcels(order_id, id);

ALTER TABLE ONLY fulfilment.contents
    ADD CONSTRAINT contents_order_id_pick_id_fkey FOREIGN KEY (order_id, pick_id) REFERENCES fulfilment.picks(order_id, id);

ALTER TABLE ONLY fulfilment.desk_refusals
    ADD CONSTRAINT desk_refusals_order_id_pick_id_fkey FOREIGN KEY (order_id, pick_id) REFERENCES fulfilment.picks(order_id, id);

ALTER TABLE ONLY fulfilment.fulfilments
    ADD CONSTRAINT fulfilments_batch_id_fkey FOREIGN KEY (batch_id) REFERENCES fulfilment.batches(id);

ALTER TABLE ONLY fulfilment.parcels
    ADD CONSTRAINT parcels_order_id_fulfilment_id_fkey FOREIGN KEY (order_id, fulfilment_id) REFERENCES fulfilment.fulfilments(order_id, id);

ALTER TABLE ONLY fulfilment.parcels
    ADD CONSTRAINT parcels_run_id_fkey FOREIGN KEY (run_id) REFERENCES fulfilment.runs(id);

ALTER TABLE ONLY fulfilment.picks
    ADD CONSTRAINT picks_order_id_fulfilment_id_fkey FOREIGN KEY (order_id, fulfilment_id) REFERENCES fulfilment.fulfilments(order_id, id);

ALTER TABLE ONLY fulfilment.plans_followed
    ADD CONSTRAINT plans_followed_place_id_fkey FOREIGN KEY (place_id) REFERENCES stock.places(id);

ALTER TABLE ONLY fulfilment.proofs
    ADD CONSTRAINT proofs_order_id_stop_id_fkey FOREIGN KEY (order_id, stop_id) REFERENCES fulfilment.stops(order_id, id);

ALTER TABLE ONLY fulfilment.refusals
    ADD CONSTRAINT refusals_order_id_pick_id_fkey FOREIGN KEY (order_id, pick_id) REFERENCES fulfilment.picks(order_id, id);

ALTER TABLE ONLY fulfilment.refusals
    ADD CONSTRAINT refusals_order_id_stop_id_fkey FOREIGN KEY (order_id, stop_id) REFERENCES fulfilment.stops(order_id, id);

ALTER TABLE ONLY fulfilment.second_tries
    ADD CONSTRAINT second_tries_order_id_fulfilment_id_fkey FOREIGN KEY (order_id, fulfilment_id) REFERENCES fulfilment.fulfilments(order_id, id);

ALTER TABLE ONLY fulfilment.stops
    ADD CONSTRAINT stops_order_id_fulfilment_id_fkey FOREIGN KEY (order_id, fulfilment_id) REFERENCES fulfilment.fulfilments(order_id, id);

ALTER TABLE ONLY fulfilment.stops
    ADD CONSTRAINT stops_run_id_fkey FOREIGN KEY (run_id) REFERENCES fulfilment.runs(id);

ALTER TABLE ONLY fulfilment.substitutes
    ADD CONSTRAINT substitutes_order_id_fulfilment_id_fkey FOREIGN KEY (order_id, fulfilment_id) REFERENCES fulfilment.fulfilments(order_id, id);

ALTER TABLE ONLY fulfilment.substitutes
    ADD CONSTRAINT substitutes_order_id_pick_id_fkey FOREIGN KEY (order_id, pick_id) REFERENCES fulfilment.picks(order_id, id);

ALTER TABLE ONLY jobs.deliveries
    ADD CONSTRAINT deliveries_aggregate_number_fkey FOREIGN KEY (aggregate, number) REFERENCES jobs.events(aggregate, number) ON DELETE CASCADE;

ALTER TABLE ONLY loyalty.ledger
    ADD CONSTRAINT ledger_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES loyalty.accounts(customer_id) ON DELETE CASCADE;

ALTER TABLE ONLY orders.desk_holds
    ADD CONSTRAINT desk_holds_order_id_fkey FOREIGN KEY (order_id) REFERENCES orders.orders(id);

ALTER TABLE ONLY orders.documents
    ADD CONSTRAINT documents_credits_fkey FOREIGN KEY (credits) REFERENCES orders.documents(id);

ALTER TABLE ONLY orders.documents
    ADD CONSTRAINT documents_entity_fkey FOREIGN KEY (entity) REFERENCES orders.entities(code);

ALTER TABLE ONLY orders.documents
    ADD CONSTRAINT documents_order_id_fkey FOREIGN KEY (order_id) REFERENCES orders.orders(id);

ALTER TABLE ONLY orders.elsewhere
    ADD CONSTRAINT elsewhere_order_id_fkey FOREIGN KEY (order_id) REFERENCES orders.orders(id);

ALTER TABLE ONLY orders.entity_places
    ADD CONSTRAINT entity_places_entity_fkey FOREIGN KEY (entity) REFERENCES orders.entities(code);

ALTER TABLE ONLY orders.line_notes
    ADD CONSTRAINT line_notes_order_id_fkey FOREIGN KEY (order_id) REFERENCES orders.orders(id) ON DELETE CASCADE;

ALTER TABLE ONLY orders.lines
    ADD CONSTRAINT lines_order_id_fkey FOREIGN KEY (order_id) REFERENCES orders.orders(id);

ALTER TABLE ONLY orders.notes
    ADD CONSTRAINT notes_order_id_fkey FOREIGN KEY (order_id) REFERENCES orders.orders(id);

ALTER TABLE ONLY orders.pick_ups
    ADD CONSTRAINT pick_ups_order_id_fkey FOREIGN KEY (order_id) REFERENCES orders.orders(id);

ALTER TABLE ONLY orders.series
    ADD CONSTRAINT series_entity_fkey FOREIGN KEY (entity) REFERENCES orders.entities(code);

ALTER TABLE ONLY payments.captures
    ADD CONSTRAINT captures_intent_id_fkey FOREIGN KEY (intent_id) REFERENCES payments.intents(id);

ALTER TABLE ONLY payments.events
    ADD CONSTRAINT events_intent_id_fkey FOREIGN KEY (intent_id) REFERENCES payments.intents(id);

ALTER TABLE ONLY payments.gift_ledger
    ADD CONSTRAINT gift_ledger_card_id_fkey FOREIGN KEY (card_id) REFERENCES payments.gift_cards(id);

ALTER TABLE ONLY payments.oddities
    ADD CONSTRAINT oddities_intent_id_fkey FOREIGN KEY (intent_id) REFERENCES payments.intents(id);

ALTER TABLE ONLY payments.refunds
    ADD CONSTRAINT refunds_intent_id_fkey FOREIGN KEY (intent_id) REFERENCES payments.intents(id);

ALTER TABLE ONLY payments.takings
    ADD CONSTRAINT takings_intent_id_fkey FOREIGN KEY (intent_id) REFERENCES payments.intents(id);

ALTER TABLE ONLY payments.test_events
    ADD CONSTRAINT test_events_payment_id_fkey FOREIGN KEY (payment_id) REFERENCES payments.test_payments(id);

ALTER TABLE ONLY payments.test_refunds
    ADD CONSTRAINT test_refunds_payment_id_fkey FOREIGN KEY (payment_id) REFERENCES payments.test_payments(id);

ALTER TABLE ONLY pricing.batches
    ADD CONSTRAINT batches_promotion_id_fkey FOREIGN KEY (promotion_id) REFERENCES pricing.promotions(id);

ALTER TABLE ONLY pricing.coupons
    ADD CONSTRAINT coupons_batch_id_fkey FOREIGN KEY (batch_id) REFERENCES pricing.batches(id);

ALTER TABLE ONLY pricing.coupons
    ADD CONSTRAINT coupons_promotion_id_fkey FOREIGN KEY (promotion_id) REFERENCES pricing.promotions(id);

ALTER TABLE ONLY pricing.list_prices
    ADD CONSTRAINT list_prices_list_id_fkey FOREIGN KEY (list_id) REFERENCES pricing.lists(id);

ALTER TABLE ONLY returns.collections
    ADD CONSTRAINT collections_request_id_fkey FOREIGN KEY (request_id) REFERENCES returns.requests(id);

ALTER TABLE ONLY returns.empties_counted
    ADD CONSTRAINT empties_counted_empties_id_fkey FOREIGN KEY (empties_id) REFERENCES returns.empties(id);

ALTER TABLE ONLY returns.labels
    ADD CONSTRAINT labels_request_id_fkey FOREIGN KEY (request_id) REFERENCES returns.requests(id);

ALTER TABLE ONLY returns.lines
    ADD CONSTRAINT lines_return_id_fkey FOREIGN KEY (return_id) REFERENCES returns.returns(id);

ALTER TABLE ONLY returns.refunds
    ADD CONSTRAINT refunds_return_id_fkey FOREIGN KEY (return_id) REFERENCES returns.returns(id);

ALTER TABLE ONLY returns.returns
    ADD CONSTRAINT returns_request_id_fkey FOREIGN KEY (request_id) REFERENCES returns.requests(id);

ALTER TABLE ONLY scan.audit_scans
    ADD CONSTRAINT audit_scans_audit_id_fkey FOREIGN KEY (audit_id) REFERENCES scan.audits(id);

ALTER TABLE ONLY scan.audits
    ADD CONSTRAINT audits_site_id_fkey FOREIGN KEY (site_id) REFERENCES walls.sites(id);

ALTER TABLE ONLY scan.mornings
    ADD CONSTRAINT mornings_site_id_fkey FOREIGN KEY (site_id) REFERENCES walls.sites(id);

ALTER TABLE ONLY scan.reports
    ADD CONSTRAINT reports_label_fkey FOREIGN KEY (label) REFERENCES walls.labels(token);

ALTER TABLE ONLY search.documents
    ADD CONSTRAINT documents_product_id_fkey FOREIGN KEY (product_id) REFERENCES catalog.products(id) ON DELETE CASCADE;

ALTER TABLE ONLY slots.holds
    ADD CONSTRAINT holds_slot_id_fkey FOREIGN KEY (slot_id) REFERENCES slots.slots(id);

ALTER TABLE ONLY slots.plans
    ADD CONSTRAINT plans_place_id_fkey FOREIGN KEY (place_id) REFERENCES stock.places(id);

ALTER TABLE ONLY slots.roads
    ADD CONSTRAINT roads_place_id_fkey FOREIGN KEY (place_id) REFERENCES stock.places(id);

ALTER TABLE ONLY slots.slots
    ADD CONSTRAINT slots_place_id_fkey FOREIGN KEY (place_id) REFERENCES stock.places(id);

ALTER TABLE ONLY slots.templates
    ADD CONSTRAINT templates_place_id_fkey FOREIGN KEY (place_id) REFERENCES stock.places(id);

ALTER TABLE ONLY slots.vans
    ADD CONSTRAINT vans_place_id_fkey FOREIGN KEY (place_id) REFERENCES stock.places(id);

ALTER TABLE ONLY slots.zones
    ADD CONSTRAINT zones_place_id_fkey FOREIGN KEY (place_id) REFERENCES stock.places(id);

ALTER TABLE ONLY staff.audit
    ADD CONSTRAINT audit_person_id_fkey FOREIGN KEY (person_id) REFERENCES staff.people(id);

ALTER TABLE ONLY staff.seals
    ADD CONSTRAINT seals_audit_id_fkey FOREIGN KEY (audit_id) REFERENCES staff.audit(id);

ALTER TABLE ONLY staff.sessions
    ADD CONSTRAINT sessions_person_id_fkey FOREIGN KEY (person_id) REFERENCES staff.people(id) ON DELETE CASCADE;

ALTER TABLE ONLY stock.awaited
    ADD CONSTRAINT awaited_expected_id_fkey FOREIGN KEY (expected_id) REFERENCES stock.expected(id);

ALTER TABLE ONLY stock.count_lines
    ADD CONSTRAINT count_lines_count_id_fkey FOREIGN KEY (count_id) REFERENCES stock.counts(id);

ALTER TABLE ONLY stock.counts
    ADD CONSTRAINT counts_place_id_fkey FOREIGN KEY (place_id) REFERENCES stock.places(id);

ALTER TABLE ONLY stock.expected
    ADD CONSTRAINT expected_place_id_fkey FOREIGN KEY (place_id) REFERENCES stock.places(id);

ALTER TABLE ONLY stock.levels
    ADD CONSTRAINT levels_place_id_fkey FOREIGN KEY (place_id) REFERENCES stock.places(id);

ALTER TABLE ONLY stock.safety
    ADD CONSTRAINT safety_place_id_fkey FOREIGN KEY (place_id) REFERENCES stock.places(id);

ALTER TABLE ONLY stock.transfer_lines
    ADD CONSTRAINT transfer_lines_transfer_id_fkey FOREIGN KEY (transfer_id) REFERENCES stock.transfers(id);

ALTER TABLE ONLY stock.transfers
    ADD CONSTRAINT transfers_from_place_fkey FOREIGN KEY (from_place) REFERENCES stock.places(id);

ALTER TABLE ONLY stock.transfers
    ADD CONSTRAINT transfers_to_place_fkey FOREIGN KEY (to_place) REFERENCES stock.places(id);

ALTER TABLE ONLY tills.copies
    ADD CONSTRAINT copies_receipt_id_fkey FOREIGN KEY (receipt_id) REFERENCES tills.receipts(id);

ALTER TABLE ONLY tills.drawer
    ADD CONSTRAINT drawer_receipt_id_fkey FOREIGN KEY (receipt_id) REFERENCES tills.receipts(id);

ALTER TABLE ONLY tills.drawer
    ADD CONSTRAINT drawer_shift_id_fkey FOREIGN KEY (shift_id) REFERENCES tills.shifts(id);

ALTER TABLE ONLY tills.exchanges
    ADD CONSTRAINT exchanges_receipt_id_fkey FOREIGN KEY (receipt_id) REFERENCES tills.receipts(id);

ALTER TABLE ONLY tills.receipts
    ADD CONSTRAINT receipts_shift_id_fkey FOREIGN KEY (shift_id) REFERENCES tills.shifts(id);

ALTER TABLE ONLY tills.receipts
    ADD CONSTRAINT receipts_till_id_fkey FOREIGN KEY (till_id) REFERENCES tills.tills(id);

ALTER TABLE ONLY tills.shifts
    ADD CONSTRAINT shifts_till_id_fkey FOREIGN KEY (till_id) REFERENCES tills.tills(id);

ALTER TABLE ONLY tills.tills
    ADD CONSTRAINT tills_place_id_fkey FOREIGN KEY (place_id) REFERENCES stock.places(id);

ALTER TABLE ONLY walls.drawings
    ADD CONSTRAINT drawings_edition_id_fkey FOREIGN KEY (edition_id) REFERENCES walls.editions(id);

ALTER TABLE ONLY walls.drawings
    ADD CONSTRAINT drawings_file_fkey FOREIGN KEY (file) REFERENCES files.files(sha256);

ALTER TABLE ONLY walls.editions
    ADD CONSTRAINT editions_pdf_fkey FOREIGN KEY (pdf) REFERENCES files.files(sha256);

ALTER TABLE ONLY walls.editions
    ADD CONSTRAINT editions_png_fkey FOREIGN KEY (png) REFERENCES files.files(sha256);

ALTER TABLE ONLY walls.editions
    ADD CONSTRAINT editions_site_id_fkey FOREIGN KEY (site_id) REFERENCES walls.sites(id);

ALTER TABLE ONLY walls.editions
    ADD CONSTRAINT editions_wall_id_fkey FOREIGN KEY (wall_id) REFERENCES walls.walls(id);

ALTER TABLE ONLY walls.hangings
    ADD CONSTRAINT hangings_edition_id_fkey FOREIGN KEY (edition_id) REFERENCES walls.editions(id);

ALTER TABLE ONLY walls.labels
    ADD CONSTRAINT labels_edition_id_fkey FOREIGN KEY (edition_id) REFERENCES walls.editions(id);

ALTER TABLE ONLY walls.labels
    ADD CONSTRAINT labels_product_id_fkey FOREIGN KEY (product_id) REFERENCES catalog.products(id);

ALTER TABLE ONLY walls.labels
    ADD CONSTRAINT labels_replaces_fkey FOREIGN KEY (replaces) REFERENCES walls.labels(token);

ALTER TABLE ONLY walls.panels
    ADD CONSTRAINT panels_wall_id_fkey FOREIGN KEY (wall_id) REFERENCES walls.walls(id);

ALTER TABLE ONLY walls.positions
    ADD CONSTRAINT positions_panel_id_fkey FOREIGN KEY (panel_id) REFERENCES walls.panels(id) ON DELETE CASCADE;

ALTER TABLE ONLY walls.positions
    ADD CONSTRAINT positions_product_id_fkey FOREIGN KEY (product_id) REFERENCES catalog.products(id);

ALTER TABLE ONLY walls.print_files
    ADD CONSTRAINT print_files_edition_id_fkey FOREIGN KEY (edition_id) REFERENCES walls.editions(id);

ALTER TABLE ONLY walls.print_files
    ADD CONSTRAINT print_files_file_fkey FOREIGN KEY (file) REFERENCES files.files(sha256);

ALTER TABLE ONLY walls.print_files
    ADD CONSTRAINT print_files_profile_fkey FOREIGN KEY (profile) REFERENCES walls.profiles(file);

ALTER TABLE ONLY walls.profiles
    ADD CONSTRAINT profiles_file_fkey FOREIGN KEY (file) REFERENCES files.files(sha256);

ALTER TABLE ONLY walls.sites
    ADD CONSTRAINT sites_wall_id_fkey FOREIGN KEY (wall_id) REFERENCES walls.walls(id);

ALTER TABLE ONLY webhooks.messages
    ADD CONSTRAINT messages_endpoint_id_fkey FOREIGN KEY (endpoint_id) REFERENCES webhooks.endpoints(id);
