/* The schemas of the test databases as text. */
#include "unit/detect/schemas.h"

#include <stdio.h>
#include <string.h>

static const struct schema_table chinook_tables[] = {
    {"album", 347, "album_id", "album_id int4!; title varchar(160)!; artist_id int4!"},
    {"artist", 275, "artist_id", "artist_id int4!; name varchar(120)*"},
    {"customer", 59, "customer_id",
     "customer_id int4!; first_name varchar(40)!*; last_name varchar(20)!*; company varchar(80)*; "
     "address varchar(70)*; city varchar(40)*; state varchar(40)*; country varchar(40); "
     "postal_code varchar(10)*; phone varchar(24)*; fax varchar(24)*; email varchar(60)!*; "
     "support_rep_id int4"},
    {"employee", 8, "employee_id",
     "employee_id int4!; last_name varchar(20)!*; first_name varchar(20)!*; title varchar(30); "
     "reports_to int4; birth_date timestamp*; hire_date timestamp*; address varchar(70)*; "
     "city varchar(40)*; state varchar(40)*; country varchar(40); postal_code varchar(10)*; "
     "phone varchar(24)*; fax varchar(24)*; email varchar(60)*"},
    {"genre", 25, "genre_id", "genre_id int4!; name varchar(120)"},
    {"invoice", 412, "invoice_id",
     "invoice_id int4!; customer_id int4!; invoice_date timestamp!*; billing_address varchar(70)*; "
     "billing_city varchar(40)*; billing_state varchar(40)*; billing_country varchar(40); "
     "billing_postal_code varchar(10)*; total numeric(10,2)!*"},
    {"invoice_line", 2240, "invoice_line_id",
     "invoice_line_id int4!; invoice_id int4!; track_id int4!; unit_price numeric(10,2)!*; "
     "quantity int4!"},
    {"media_type", 5, "media_type_id", "media_type_id int4!; name varchar(120)"},
    {"playlist", 18, "playlist_id", "playlist_id int4!; name varchar(120)"},
    {"playlist_track", 8715, "playlist_id,track_id", "playlist_id int4!; track_id int4!"},
    {"track", 3503, "track_id",
     "track_id int4!; name varchar(200)!; album_id int4; media_type_id int4!; genre_id int4; "
     "composer varchar(220)*; milliseconds int4!; bytes int4; unit_price numeric(10,2)!*"},
};

static const struct schema_edge chinook_edges[] = {
    {"album", "artist_id", "artist", "artist_id"},
    {"customer", "support_rep_id", "employee", "employee_id"},
    {"employee", "reports_to", "employee", "employee_id"},
    {"invoice", "customer_id", "customer", "customer_id"},
    {"invoice_line", "invoice_id", "invoice", "invoice_id"},
    {"invoice_line", "track_id", "track", "track_id"},
    {"playlist_track", "playlist_id", "playlist", "playlist_id"},
    {"playlist_track", "track_id", "track", "track_id"},
    {"track", "album_id", "album", "album_id"},
    {"track", "genre_id", "genre", "genre_id"},
    {"track", "media_type_id", "media_type", "media_type_id"},
};

const struct schema schema_chinook = {"chinook", COUNT_OF(chinook_tables), COUNT_OF(chinook_edges),
                                      chinook_tables, chinook_edges};

static const struct schema_table sakila_tables[] = {
    {"actor", 200, "actor_id",
     "actor_id int4!; first_name varchar(45)!*; last_name varchar(45)!*; last_update timestamp!*"},
    {"address", 603, "address_id",
     "address_id int4!; address varchar(50)!*; address2 varchar(50)*; district varchar(20)!*; "
     "city_id int4!; postal_code varchar(10)*; phone varchar(20)!*; last_update timestamp!*"},
    {"category", 16, "category_id",
     "category_id int4!; name varchar(25)!; last_update timestamp!*"},
    {"city", 600, "city_id",
     "city_id int4!; city varchar(50)!*; country_id int4!; last_update timestamp!*"},
    {"country", 109, "country_id",
     "country_id int4!; country varchar(50)!; last_update timestamp!*"},
    {"customer", 599, "customer_id",
     "customer_id int4!; store_id int4!; first_name varchar(45)!*; last_name varchar(45)!*; "
     "email varchar(50)*; address_id int4!; activebool bool!; create_date date!*; "
     "last_update timestamp*; active int4"},
    {"film", 1000, "film_id",
     "film_id int4!; title varchar(255)!; description text; release_year int4; language_id int4!; "
     "original_language_id int4; rental_duration int2!; rental_rate numeric(4,2)!*; length int2; "
     "replacement_cost numeric(5,2)!*; rating text; last_update timestamp!*; "
     "special_features text[]; fulltext tsvector!"},
    {"film_actor", 5462, "actor_id,film_id",
     "actor_id int4!; film_id int4!; last_update timestamp!*"},
    {"film_category", 1000, "film_id,category_id",
     "film_id int4!; category_id int4!; last_update timestamp!*"},
    {"inventory", 4581, "inventory_id",
     "inventory_id int4!; film_id int4!; store_id int4!; last_update timestamp!*"},
    {"language", 6, "language_id", "language_id int4!; name char(20)!; last_update timestamp!*"},
    {"payment", 16049, "payment_id",
     "payment_id int4!; customer_id int4!; staff_id int4!; rental_id int4!; "
     "amount numeric(5,2)!*; payment_date timestamp!*"},
    {"rental", 16044, "rental_id",
     "rental_id int4!; rental_date timestamp!*; inventory_id int4!; customer_id int4!; "
     "return_date timestamp*; staff_id int4!; last_update timestamp!*"},
    {"staff", 2, "staff_id",
     "staff_id int4!; first_name varchar(45)!*; last_name varchar(45)!*; address_id int4!; "
     "email varchar(50)*; store_id int4!; active bool!; username varchar(16)!*; "
     "password varchar(40)*; last_update timestamp!*; picture bytea*"},
    {"store", 2, "store_id",
     "store_id int4!; manager_staff_id int4!; address_id int4!; last_update timestamp!*"},
};

static const struct schema_edge sakila_edges[] = {
    {"address", "city_id", "city", "city_id"},
    {"city", "country_id", "country", "country_id"},
    {"customer", "address_id", "address", "address_id"},
    {"customer", "store_id", "store", "store_id"},
    {"film", "language_id", "language", "language_id"},
    {"film", "original_language_id", "language", "language_id"},
    {"film_actor", "actor_id", "actor", "actor_id"},
    {"film_actor", "film_id", "film", "film_id"},
    {"film_category", "category_id", "category", "category_id"},
    {"film_category", "film_id", "film", "film_id"},
    {"inventory", "film_id", "film", "film_id"},
    {"inventory", "store_id", "store", "store_id"},
    {"payment", "customer_id", "customer", "customer_id"},
    {"payment", "staff_id", "staff", "staff_id"},
    {"payment", "rental_id", "rental", "rental_id"},
    {"rental", "customer_id", "customer", "customer_id"},
    {"rental", "inventory_id", "inventory", "inventory_id"},
    {"rental", "staff_id", "staff", "staff_id"},
    {"staff", "address_id", "address", "address_id"},
    {"staff", "store_id", "store", "store_id"},
    {"store", "address_id", "address", "address_id"},
    {"store", "manager_staff_id", "staff", "staff_id"},
};

const struct schema schema_sakila = {"sakila", COUNT_OF(sakila_tables), COUNT_OF(sakila_edges),
                                     sakila_tables, sakila_edges};

static const struct schema_table shop_tables[] = {
    {"departments", 20, "id", "id int4!; name text!; head_employee_id int4"},
    {"employees", 500, "id",
     "id int4!; department_id int4!; manager_id int4; name text!*; hired date!*"},
    {"categories", 212, "id", "id int4!; parent_id int4; name text!"},
    {"customers", 100000, "id",
     "id int8!; email text*; name text!*; phone text*; country char(2)!; status text!; "
     "tier text!; locale text; birth_date date*; credit_limit numeric(12,2)*; is_active bool!; "
     "created_at timestamptz!*; updated_at timestamptz!*; deleted_at timestamptz*"},
    {"addresses", 150000, "id",
     "id int8!; customer_id int8!; kind text!; line1 text*; city text*; zip text*; "
     "country char(2)"},
    {"payment_methods", 110000, "id",
     "id int8!; customer_id int8!; brand text!; last4 char(4)!*; exp date!*; is_default bool!"},
    {"products", 20000, "id",
     "id uuid!; sku text!; category_id int4; name text!; price numeric(12,2)!*; status text!; "
     "description text*; created_at timestamptz!*"},
    {"carts", 80000, "id",
     "id int8!; customer_id int8; status text!; created_at timestamptz!*; "
     "updated_at timestamptz!*"},
    {"cart_items", 200000, "cart_id,product_id",
     "cart_id int8!; product_id uuid!; qty int4!; added_at timestamptz!*; "
     "updated_at timestamptz!*"},
    {"orders", 300000, "id",
     "id int8!; customer_id int8*; ship_address_id int8; status text!; currency char(3)!; "
     "total numeric(12,2)!*; created_at timestamptz!*; shipped_at timestamptz*; "
     "delivered_at timestamptz*; coupon text"},
    {"order_items", 750000, "order_id,line_no",
     "order_id int8!; line_no int4!; product_id uuid; qty int4!; price numeric(12,2)!*"},
    {"payments", 290000, "id",
     "id int8!; order_id int8!; payment_method_id int8; amount numeric(12,2)!*; status text!; "
     "error_code text; created_at timestamptz!*"},
    {"events", 450000, NULL,
     "ts timestamptz!*; subject_type text; subject_id int8*; kind text!; actor_id int8*; "
     "payload jsonb*"},
};

static const struct schema_edge shop_edges[] = {
    {"employees", "department_id", "departments", "id"},
    {"employees", "manager_id", "employees", "id"},
    {"departments", "head_employee_id", "employees", "id"},
    {"categories", "parent_id", "categories", "id"},
    {"addresses", "customer_id", "customers", "id"},
    {"payment_methods", "customer_id", "customers", "id"},
    {"products", "category_id", "categories", "id"},
    {"carts", "customer_id", "customers", "id"},
    {"cart_items", "cart_id", "carts", "id"},
    {"cart_items", "product_id", "products", "id"},
    {"orders", "ship_address_id", "addresses", "id"},
    {"order_items", "order_id", "orders", "id"},
    {"order_items", "product_id", "products", "id"},
    {"payments", "order_id", "orders", "id"},
    {"payments", "payment_method_id", "payment_methods", "id"},
};

const struct schema schema_shop = {"shop", COUNT_OF(shop_tables), COUNT_OF(shop_edges), shop_tables,
                                   shop_edges};

struct word_pair {
    char name[64], type[32];
    bool is_not_null, identifies;
};

/* Reads one "name type!*" and moves behind the "; ". */
static bool next_column(const char **text, struct word_pair *pair)
{
    char marks[4] = "";

    *pair = (struct word_pair){0};
    if (sscanf(*text, "%63[^ ;] %31[^!*;]%3[!*]", pair->name, pair->type, marks) < 2)
        return false;
    pair->is_not_null = strchr(marks, '!') != NULL;
    pair->identifies = strchr(marks, '*') != NULL;
    *text += strcspn(*text, ";");
    *text += strspn(*text, "; ");
    return true;
}

void schema_build(struct builder *builder, const struct schema *schema)
{
    struct word_pair pair;

    for (size_t t = 0; t < schema->table_count; t++) {
        const char *text = schema->tables[t].columns;
        builder_table(builder, "public", schema->tables[t].name);
        builder_rows(builder, schema->tables[t].rows);
        while (next_column(&text, &pair))
            builder_column(builder, pair.name, pair.type, pair.is_not_null ? BUILD_NOT_NULL : 0);
        if (schema->tables[t].primary)
            builder_primary(builder, schema->tables[t].primary);
    }
    for (size_t e = 0; e < schema->edge_count; e++)
        builder_edge(builder, schema->edges[e].child, schema->edges[e].columns,
                     schema->edges[e].parent, schema->edges[e].parent_columns);
}

bool schema_identifies(const struct schema *schema, const struct column *column)
{
    struct word_pair pair;

    for (size_t t = 0; t < schema->table_count; t++) {
        const char *text = schema->tables[t].columns;
        while (strcmp(schema->tables[t].name, column->table->name) == 0 &&
               next_column(&text, &pair))
            if (strcmp(pair.name, column->name) == 0)
                return pair.identifies;
    }
    return false;
}
