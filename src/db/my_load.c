/* Sends lines by LOAD DATA LOCAL, as a file that exists for this one statement only. */
#include "db/my_write.h"

/* Of the server, which has local_infile off, or of the library, which was told to. */
static bool number_is_refusal(unsigned number)
{
    static const unsigned numbers[] = {1148, 2068, 3948, 4166};

    for (size_t i = 0; i < COUNT_OF(numbers); i++)
        if (numbers[i] == number)
            return true;
    return false;
}

bool my_load_lines(struct my_db *my, bool *is_refused, struct error *err)
{
    struct my_write *write = my->write;

    assert(write->line_count > 0 && !write->by_insert);
    *is_refused = false;
    my_serve_rows(my->connection, &write->serving, buf_span(&write->lines));
    buf_reset(&write->statement);
    buf_add_format(&write->statement, "LOAD DATA LOCAL INFILE '%s' INTO TABLE ",
                   write->serving.name);
    buf_add(&write->statement, write->target.ptr, write->target.len);
    if (!buf_ok(&write->statement))
        return error_memory(err);
    bool is_sent = !atomic_load(&my->is_canceled) &&
                   mysql_real_query(my->connection, write->statement.ptr,
                                    (unsigned long)write->statement.len) == 0;
    my_serve_nothing(my->connection);
    if (is_sent)
        return my_write_check(my, write->line_count, write->empty_count, err);
    *is_refused = !atomic_load(&my->is_canceled) && number_is_refusal(mysql_errno(my->connection));
    return my_write_failed(my, err);
}
