#ifndef TOCSIN_RULE_SHARE_H
#define TOCSIN_RULE_SHARE_H

/* Programs to the parts they have in common. */

#include <tocsin/status.h>

#include "base/arena.h"
#include "rule/rule_shared.h"

/* The programs, and the array of them, stay where they are. *shared is left untouched on TOCSIN_ERROR_MEMORY. */
tocsin_status tocsin__rule_share(const tocsin__rule_program *const *programs, uint32_t count, tocsin__arena *arena,
                                 const tocsin__rule_shared **shared);

#endif
