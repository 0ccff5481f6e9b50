#ifndef TOCSIN_TOOLS_CLASSIFY_POOL_H
#define TOCSIN_TOOLS_CLASSIFY_POOL_H

/*
 * Jobs done by any number of workers and handed back in the order they were given. All calls come from one thread: the
 * one that reads and writes.
 */

#include <stddef.h>

#include "tocsin/classify_job.h"

typedef struct classify_pool classify_pool;

/* Takes over the workers' scanners and readers. With one worker there are no threads: a job is done when it is given.
 */
classify_pool *classify_pool_create(const classify_worker *workers, size_t count, size_t tier_count);

/* Waits for jobs that were begun and forgets the others. NULL does nothing. */
void classify_pool_free(classify_pool *pool);

/* The job to fill next; NULL when all are given and the oldest must be taken first. */
classify_job *classify_pool_next(classify_pool *pool);

/* Gives the job that classify_pool_next returned. */
void classify_pool_give(classify_pool *pool);

/* The oldest job given, done; waits for it. NULL when none is given. */
const classify_job *classify_pool_oldest(classify_pool *pool);

/* Bytes of lines in the jobs that are given. */
size_t classify_pool_held(const classify_pool *pool);

/* Ends the use of the oldest job. */
void classify_pool_release(classify_pool *pool);

#endif
