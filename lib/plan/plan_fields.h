#ifndef TOCSIN_PLAN_FIELDS_H
#define TOCSIN_PLAN_FIELDS_H

/*
 * Reads a tree by tables: a table lists the keys that one kind of mapping may have; any other key is an error with a
 * suggestion. A key without a value (nothing, ~ or null) counts as missing.
 */

#include "plan/plan_yaml.h"
#include "plan/yaml_tree.h"

typedef struct tocsin__plan_reader {
    tocsin__plan_report report;
    tocsin__arena *arena; /* of the description */
} tocsin__plan_reader;

typedef struct tocsin__plan_field {
    const char *name;
    int required;
    /* key->value has a value; into is the member at `offset` of the struct that is filled in */
    void (*read)(tocsin__plan_reader *reader, const tocsin__yaml_node *key, void *into);
    size_t offset;
} tocsin__plan_field;

/* Fields in order, ended by one without a name. */
typedef struct tocsin__plan_record {
    const char *what; /* "a clause" */
    const tocsin__plan_field *fields;
    size_t size; /* of the struct */
} tocsin__plan_record;

int tocsin__plan_is_empty(const tocsin__yaml_node *node);

/* 1 if the node is of the kind; otherwise reports the mistake, unless that node already has one. */
int tocsin__plan_expect(tocsin__plan_reader *reader, const tocsin__yaml_node *key, const tocsin__yaml_node *node,
                        tocsin__yaml_kind kind);

/* Allocates cleared memory of the description; NULL, with the report's status set, if there is none. */
void *tocsin__plan_make(tocsin__plan_reader *reader, size_t count, size_t size);

void tocsin__plan_read_record(tocsin__plan_reader *reader, const tocsin__yaml_node *node,
                              const tocsin__plan_record *record, void *into);

/* Reads a list of records; returns their number and sets the array. */
size_t tocsin__plan_read_records(tocsin__plan_reader *reader, const tocsin__yaml_node *key,
                                 const tocsin__plan_record *record, const void **items);

/* Field readers: into is a tocsin__plan_text … */
void tocsin__plan_read_text(tocsin__plan_reader *reader, const tocsin__yaml_node *key, void *into);

/* … a tocsin__plan_texts, written as one scalar or as a list of them … */
void tocsin__plan_read_texts(tocsin__plan_reader *reader, const tocsin__yaml_node *key, void *into);

/* … a uint64_t. */
void tocsin__plan_read_number(tocsin__plan_reader *reader, const tocsin__yaml_node *key, void *into);

/* The index of the name that equals the text; if none does, reports the mistake and returns count. */
size_t tocsin__plan_choose(tocsin__plan_reader *reader, const char *code, const char *what,
                           const tocsin__plan_text *text, const char *const *names, size_t count);

#endif
