#ifndef TOCSIN_PLAN_YAML_TREE_H
#define TOCSIN_PLAN_YAML_TREE_H

/*
 * YAML bytes → a tree of scalars, lists and mappings with their places. One document; no aliases, anchors or tags, so
 * nothing in the tree is larger than its text.
 *
 * libyaml has no allocator hook: the memory that it needs while it parses (a few kilobytes and the current scalar)
 * comes from malloc and is freed before the call returns.
 */

#include <tocsin/bytes.h>

#include "base/arena.h"
#include "plan/plan_report.h"
#include "plan/plan_text.h"

#define TOCSIN__YAML_DEPTH_MAX 64u        /* readers of the tree recurse; a plan needs six levels */
#define TOCSIN__YAML_NODES_MAX 400000u    /* some 150 bytes each while the plan is read */
#define TOCSIN__YAML_BYTES_MAX (4u << 20) /* ten thousand clauses are one megabyte; lists have files of their own */

typedef enum tocsin__yaml_kind {
    TOCSIN__YAML_SCALAR = 0,
    TOCSIN__YAML_LIST = 1,
    TOCSIN__YAML_MAPPING = 2
} tocsin__yaml_kind;

typedef struct tocsin__yaml_node tocsin__yaml_node;

struct tocsin__yaml_node {
    tocsin__yaml_kind kind;
    int spoiled;              /* an error was reported here: report nothing more about it */
    int cut;                  /* the file ended, or had an error, before the node was closed */
    tocsin__plan_text text;   /* of a scalar; other nodes have only a place */
    tocsin__yaml_node *first; /* of a list its items, of a mapping its keys (scalars, all different), in order */
    tocsin__yaml_node *last;
    tocsin__yaml_node *next;
    tocsin__yaml_node *value; /* of a key */
    size_t count;             /* items or keys */
};

/*
 * source begins in that line of the file. Nodes are made in `nodes`, values and the copy of the source in `texts`.
 * Problems are reported, and the sound part is still returned; *root is NULL if there is none. TOCSIN_OK or
 * TOCSIN_ERROR_MEMORY.
 */
tocsin_status tocsin__yaml_parse_at(const char *file, uint32_t line, tocsin_bytes source, tocsin__arena *nodes,
                                    tocsin__arena *texts, tocsin__plan_report *report, tocsin__yaml_node **root);

/* The same for a source that is a whole file. */
tocsin_status tocsin__yaml_parse(const char *file, tocsin_bytes source, tocsin__arena *nodes, tocsin__arena *texts,
                                 tocsin__plan_report *report, tocsin__yaml_node **root);

#endif
