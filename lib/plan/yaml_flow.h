#ifndef TOCSIN_PLAN_YAML_FLOW_H
#define TOCSIN_PLAN_YAML_FLOW_H

#include "plan/yaml_tree.h"

/*
 * Reads a text of the plainest flow style, as builders write it and as JSON is: mappings and lists in brackets, text in
 * double quotes on one line, words of letters and digits, spaces and line ends between them. The tree is the one that
 * libyaml gives. *root is NULL, and nothing is reported, if the text is anything else, or has a mistake: libyaml must
 * read it then. Nodes point into source. TOCSIN_ERROR_MEMORY.
 */
tocsin_status tocsin__yaml_read_flow(tocsin_bytes source, tocsin__place start, tocsin__arena *nodes,
                                     tocsin__arena *texts, tocsin__yaml_node **root);

#endif
