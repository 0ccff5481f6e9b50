/*
 * A ring of jobs. Three counters run around it, each ahead of the next or equal to it: given by the reader, taken by a
 * worker, released by the writer. Workers take jobs in order but finish them in any order; the writer waits for the
 * oldest. The ring has two jobs for every worker, so that reading and writing never leave one idle for long, and memory
 * is bounded for every input.
 */
#include "tocsin/classify_pool.h"

#include <pthread.h>

#include "feed/tool_memory.h"

typedef struct pool_thread {
    classify_pool *pool;
    classify_worker worker;
    pthread_t thread;
} pool_thread;

struct classify_pool {
    classify_job *jobs;
    int *done; /* jobs[i] was given and is finished */
    size_t job_count;
    size_t given, taken, released; /* jobs so far; job i is at index i % job_count */
    size_t held;                   /* bytes of lines in jobs that are not yet released */
    pool_thread *threads;
    size_t worker_count;
    size_t thread_count; /* 0: the caller carries out jobs with the first worker */
    int ending;
    pthread_mutex_t lock; /* protects done, given, taken, ending */
    pthread_cond_t work, ready;
};

static void *work(void *argument) {
    pool_thread *self = argument;
    classify_pool *pool = self->pool;
    pthread_mutex_lock(&pool->lock);
    for (;;) {
        while (!pool->ending && pool->taken == pool->given) pthread_cond_wait(&pool->work, &pool->lock);
        if (pool->ending) break;
        size_t slot = pool->taken++ % pool->job_count;
        pthread_mutex_unlock(&pool->lock);
        classify_worker_run(&self->worker, &pool->jobs[slot]);
        pthread_mutex_lock(&pool->lock);
        pool->done[slot] = 1;
        pthread_cond_signal(&pool->ready);
    }
    pthread_mutex_unlock(&pool->lock);
    return NULL;
}

classify_pool *classify_pool_create(const classify_worker *workers, size_t count, size_t tier_count) {
    classify_pool *pool = tool_allocate(1, sizeof *pool);
    pool->job_count = count > 1 ? 2 * count : 1;
    pool->jobs = tool_allocate(pool->job_count, sizeof *pool->jobs);
    pool->done = tool_allocate(pool->job_count, sizeof *pool->done);
    pool->threads = tool_allocate(count, sizeof *pool->threads);
    pool->worker_count = count;
    pthread_mutex_init(&pool->lock, NULL);
    pthread_cond_init(&pool->work, NULL);
    pthread_cond_init(&pool->ready, NULL);
    for (size_t i = 0; i < pool->job_count; i++) classify_job_init(&pool->jobs[i], tier_count);
    for (size_t i = 0; i < count; i++) pool->threads[i] = (pool_thread){.pool = pool, .worker = workers[i]};
    while (count > 1 && pool->thread_count < count) {
        pool_thread *next = &pool->threads[pool->thread_count];
        if (pthread_create(&next->thread, NULL, work, next))
            break; /* fewer threads give the same result, more slowly */
        pool->thread_count++;
    }
    return pool;
}

void classify_pool_free(classify_pool *pool) {
    if (!pool) return;
    pthread_mutex_lock(&pool->lock);
    pool->ending = 1;
    pthread_cond_broadcast(&pool->work);
    pthread_mutex_unlock(&pool->lock);
    for (size_t i = 0; i < pool->thread_count; i++) pthread_join(pool->threads[i].thread, NULL);
    for (size_t i = 0; i < pool->worker_count; i++) classify_worker_release(&pool->threads[i].worker);
    for (size_t i = 0; i < pool->job_count; i++) classify_job_release(&pool->jobs[i]);
    pthread_mutex_destroy(&pool->lock);
    pthread_cond_destroy(&pool->work);
    pthread_cond_destroy(&pool->ready);
    tool_free(pool->jobs);
    tool_free(pool->done);
    tool_free(pool->threads);
    tool_free(pool);
}

classify_job *classify_pool_next(classify_pool *pool) {
    if (pool->given - pool->released == pool->job_count) return NULL;
    return &pool->jobs[pool->given % pool->job_count];
}

void classify_pool_give(classify_pool *pool) {
    size_t slot = pool->given % pool->job_count;
    pool->held += pool->jobs[slot].batch.length;
    if (!pool->thread_count) {
        classify_worker_run(&pool->threads[0].worker, &pool->jobs[slot]);
        pool->done[slot] = 1;
    }
    pthread_mutex_lock(&pool->lock);
    pool->given++;
    pthread_cond_signal(&pool->work);
    pthread_mutex_unlock(&pool->lock);
}

const classify_job *classify_pool_oldest(classify_pool *pool) {
    size_t slot = pool->released % pool->job_count;
    if (pool->released == pool->given) return NULL;
    pthread_mutex_lock(&pool->lock);
    while (!pool->done[slot]) pthread_cond_wait(&pool->ready, &pool->lock);
    pthread_mutex_unlock(&pool->lock);
    return &pool->jobs[slot];
}

size_t classify_pool_held(const classify_pool *pool) { return pool->held; }

void classify_pool_release(classify_pool *pool) {
    line_batch *batch = &pool->jobs[pool->released % pool->job_count].batch;
    pool->held -= batch->length;
    line_batch_clear(batch);
    pthread_mutex_lock(&pool->lock);
    pool->done[pool->released++ % pool->job_count] = 0;
    pthread_mutex_unlock(&pool->lock);
}
