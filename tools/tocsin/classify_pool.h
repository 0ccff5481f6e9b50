#ifndef TOCSIN_TOOLS_CLASSIFY_POOL_H
#define TOCSIN_TOOLS_CLASSIFY_POOL_H

/*
 * Any number of workers carry out jobs, which come back in the order in which they were given. Only one thread, the one
 * that reads and writes, makes calls.
 */

#include <stddef.h>

#include "tocsin/classify_job.h"

typedef struct classify_pool classify_pool;

/*
 * Takes ownership of the workers' scanners and readers. With one worker there are no threads: a job is carried out when
 * it is given.
 */
classify_pool *classify_pool_create(const classify_worker *workers, size_t count, size_t tier_count);

/* Waits for started jobs and drops the others. NULL does nothing. */
void classify_pool_free(classify_pool *pool);

/* The job to fill next; NULL if all are given and the oldest must be taken first. */
classify_job *classify_pool_next(classify_pool *pool);

/* Gives the job that classify_pool_next returned. */
void classify_pool_give(classify_pool *pool);

/* The oldest job, finished; waits for it. NULL if none is given. */
const classify_job *classify_pool_oldest(classify_pool *pool);

/* Bytes of lines in the jobs that are given. */
size_t classify_pool_held(const classify_pool *pool);

/* Ends the use of the oldest job. */
void classify_pool_release(classify_pool *pool);

#endif
