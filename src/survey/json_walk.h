/* Walks JSON documents and tells what stands at which path of their upper levels. Documents share
 * one parser, so a document costs no allocation. Not for two threads at once. */
#ifndef UNDERSTUDY_SURVEY_JSON_WALK_H
#define UNDERSTUDY_SURVEY_JSON_WALK_H

#include "base/error.h"
#include "base/span.h"

enum json_type {
    JSON_NULL,
    JSON_BOOLEAN,
    JSON_NUMBER,
    JSON_TEXT,
    JSON_OBJECT,
    JSON_ARRAY,
    JSON_TYPE_COUNT
};

enum {
    JSON_PLACES = 3,     /* levels below the root whose places are told */
    JSON_PATH_MAX = 64,  /* longer paths have a hash, but no text */
    JSON_DEPTH_MAX = 512 /* deeper documents are not walked to their end */
};

struct json_place {
    uint64_t hash;    /* of the path; depends on nothing else */
    struct span path; /* "items[*].price"; ptr NULL: too long; "" is the root */
    unsigned level;   /* 0: the root */
    bool is_member;   /* of an object, not an element of an array */
    enum json_type type;
};

/* What is known of a document in the end. */
struct json_outcome {
    bool is_parsed; /* it is one JSON value, and no more than JSON_DEPTH_MAX levels deep */
    bool is_deep;   /* it was left because it is deeper */
    unsigned depth; /* objects and arrays inside one another; 0: a scalar */
};

typedef bool json_visit(void *context, const struct json_place *place, struct error *err);

struct json_walk;

struct json_walk *json_walk_new(void); /* NULL: out of memory */
void json_walk_free(struct json_walk *walk);
/* false: out of memory, or what `visit` said. */
bool json_walk_read(struct json_walk *walk, struct span text, json_visit *visit, void *context,
                    struct json_outcome *outcome, struct error *err);

#endif
