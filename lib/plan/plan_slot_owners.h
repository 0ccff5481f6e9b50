#ifndef TOCSIN_PLAN_SLOT_OWNERS_H
#define TOCSIN_PLAN_SLOT_OWNERS_H

/* Ownership of the slot, for its holders inside the library; the rest is public. */

#include <tocsin/slot.h>

tocsin_slot *tocsin__slot_retain(tocsin_slot *slot);

#endif
