/* A statement whose answer is not waited for, so that one thread can watch several connections. */
#include "db/my_client.h"
#include "db/my_conn.h"

bool my_send(struct db *db, const char *sql, struct error *err)
{
    struct my_db *my = my_of(db);

    assert(my->state == MY_IDLE && sql);
    if (!atomic_load(&my->is_canceled) &&
        mysql_send_query(my->connection, sql, (unsigned long)strlen(sql)) == 0)
        return true;
    return my_error(db, "a statement failed", err);
}

int my_descriptor(struct db *db)
{
    return my_client_socket(my_of(db)->connection);
}

bool my_collect(struct db *db, struct error *err)
{
    MYSQL *connection = my_of(db)->connection;

    if (mysql_read_query_result(connection) == 0) {
        MYSQL_RES *rows = mysql_store_result(connection);

        mysql_free_result(rows); /* NULL is fine */
        if (rows || mysql_field_count(connection) == 0)
            return true;
    }
    return my_error(db, "a statement failed", err);
}
