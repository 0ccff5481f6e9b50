#ifndef TOCSIN_PLAN_FIELDS_H
#define TOCSIN_PLAN_FIELDS_H

/*
 * Reading a tree by tables: each kind of mapping is a table of the keys it may have, and what the table does not have
 * is a mistake with a suggestion. A key without a value (nothing, ~ or null) is as good as no key.
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

/* 1 when the node is of the kind; else the mistake is reported, unless one was at that node. */
int tocsin__plan_expect(tocsin__plan_reader *reader, const tocsin__yaml_node *key, const tocsin__yaml_node *node,
                        tocsin__yaml_kind kind);

/* Memory of the description, cleared; NULL, with the report's status set, when there is none. */
void *tocsin__plan_make(tocsin__plan_reader *reader, size_t count, size_t size);

void tocsin__plan_read_record(tocsin__plan_reader *reader, const tocsin__yaml_node *node,
                              const tocsin__plan_record *record, void *into);

/* A list of records; returns how many there are and hands out the array. */
size_t tocsin__plan_read_records(tocsin__plan_reader *reader, const tocsin__yaml_node *key,
                                 const tocsin__plan_record *record, const void **items);

/* Field readers: into is a tocsin__plan_text … */
void tocsin__plan_read_text(tocsin__plan_reader *reader, const tocsin__yaml_node *key, void *into);

/* … a tocsin__plan_texts, written as one scalar or as a list of them … */
void tocsin__plan_read_texts(tocsin__plan_reader *reader, const tocsin__yaml_node *key, void *into);

/* … a uint64_t. */
void tocsin__plan_read_number(tocsin__plan_reader *reader, const tocsin__yaml_node *key, void *into);

/* The index of the name that the text is; count, and the mistake reported, when it is none of them. */
size_t tocsin__plan_choose(tocsin__plan_reader *reader, const char *code, const char *what,
                           const tocsin__plan_text *text, const char *const *names, size_t count);

#endif
