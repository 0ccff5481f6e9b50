#ifndef TOCSIN_PLAN_SLOT_OWNERS_H
#define TOCSIN_PLAN_SLOT_OWNERS_H

/* The slot's share of whoever keeps it; the rest is public. */

#include <tocsin/slot.h>

tocsin_slot *tocsin__slot_retain(tocsin_slot *slot);

#endif
