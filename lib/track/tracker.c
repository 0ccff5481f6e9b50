/*
 * A document is signed and looked up among the first posts of incidents. The incident it belongs to counts it, and the
 * incident's attention is computed again. Nothing here reads a clock.
 */
#include <string.h>

#include "base/arguments.h"
#include "base/fail.h"
#include "base/hash.h"
#include "classify/document_check.h"
#include "plan/plan_internal.h"
#include "track/incident_facts.h"
#include "track/post_text.h"
#include "track/tracker_internal.h"

#define CANDIDATES 16    /* of a look-up */
#define SAME_PLACE 0.6   /* enough overlap if the place is the same */
#define SAME_WORDS 0.999 /* all of one post is in the other, its places included */
#define FEW_PAIRS 8u     /* a post with fewer pairs says too little to be recognised by a part of another one */
#define STRAGGLERS                                                                                                     \
    5u             /* reposts after the end of an incident, within a time of quiet, that do not count as its return */
#define TELLING 4u /* one in this many posts with a topic must have a tier through it */
#define PAST_TIMES 3u /* times the busiest earlier hour that an hour must reach */

#define LEAST_OPTIONS (offsetof(tocsin_tracker_options, first_id) + sizeof(uint64_t)) /* of version 0.1 */
#define MOST_INCIDENTS (1u << 24)                                                     /* 50 GB */

tocsin_status tocsin_tracker_options_init(tocsin_tracker_options *options, size_t size) {
    static const tocsin_tracker_options defaults = TOCSIN_TRACKER_OPTIONS_INIT;
    return tocsin__init_struct(options, size, &defaults, sizeof defaults, LEAST_OPTIONS);
}

static tocsin_status out_of_range(tocsin_error *error, const char *member, int64_t is, int64_t most) {
    return tocsin__fail(error, TOCSIN_ERROR_ARGUMENT, "options->%s is %lld, outside 0 to %lld", member, (long long)is,
                        (long long)most);
}

static tocsin_status check_ranges(const tocsin_tracker_options *o, tocsin_error *error) {
    if (o->same_percent > 100) return out_of_range(error, "same_percent", o->same_percent, 100);
    if (o->max_incidents > MOST_INCIDENTS)
        return out_of_range(error, "max_incidents", o->max_incidents, MOST_INCIDENTS);
    if (o->first_id > INT64_MAX) { /* the ids that follow must not come round to 0 */
        return tocsin__fail(error, TOCSIN_ERROR_ARGUMENT, "options->first_id is %llu, outside 0 to %lld",
                            (unsigned long long)o->first_id, (long long)INT64_MAX);
    }
    if (o->quiet_ms < 0) return out_of_range(error, "quiet_ms", o->quiet_ms, INT64_MAX);
    if (o->remember_ms < 0) return out_of_range(error, "remember_ms", o->remember_ms, INT64_MAX);
    return o->ahead_ms < 0 ? out_of_range(error, "ahead_ms", o->ahead_ms, INT64_MAX) : TOCSIN_OK;
}

static tocsin_status resolve(const tocsin_tracker_options *given, tocsin_tracker_options *out, tocsin_error *error) {
    const tocsin_tracker_options defaults = TOCSIN_TRACKER_OPTIONS_INIT;
    const int64_t hour = 3600000;
    *out = defaults;
    tocsin_status status =
        tocsin__take_struct(given, "options", "TOCSIN_TRACKER_OPTIONS_INIT", out, sizeof *out, LEAST_OPTIONS, error);
    if (!status) status = check_ranges(out, error);
    if (status) return status;
    if (!out->max_incidents) out->max_incidents = 10000;
    if (!out->same_percent) out->same_percent = 92;
    if (!out->quiet_ms) out->quiet_ms = 24 * hour;
    if (!out->remember_ms) out->remember_ms = 14 * 24 * hour;
    if (!out->ahead_ms) out->ahead_ms = 24 * hour;
    if (!out->rising_posts) out->rising_posts = 20;
    if (!out->burst_posts) out->burst_posts = 200;
    if (!out->matter_percent) out->matter_percent = 60;
    if (!out->first_id) out->first_id = 1;
    return tocsin__take_allocator(&out->allocator, "options->allocator", &out->allocator, error);
}

static tocsin_status make(tocsin_tracker *t) {
    const tocsin_allocator *a = &t->allocator;
    const size_t most = t->options.max_incidents;
    t->slots = tocsin__allocate_zeroed(a, most * sizeof *t->slots);
    t->order = tocsin__allocate(a, most * sizeof *t->order);
    t->unused = tocsin__allocate(a, most * sizeof *t->unused);
    t->agreeing = tocsin__allocate_zeroed(a, most * sizeof *t->agreeing);
    t->agreed = tocsin__allocate(a, most * sizeof *t->agreed);
    t->stream = tocsin__allocate_zeroed(a, sizeof *t->stream);
    if (!t->slots || !t->order || !t->unused || !t->agreeing || !t->agreed || !t->stream) return TOCSIN_ERROR_MEMORY;
    for (uint32_t i = 0; i < most; i++) t->unused[i] = (uint32_t)most - 1 - i;
    t->unused_count = (uint32_t)most;
    t->next_id = t->options.first_id;
    tocsin__feed_clock_init(&t->clock);
    tocsin_status status = tocsin__signer_create(a, &t->signer);
    if (!status) status = tocsin__wordings_init(&t->wordings, a, (uint32_t)most);
    if (!status) status = tocsin__sketch_index_create(a, 2 * (uint32_t)most, &t->index);
    if (!status) status = tocsin__inverted_index_init(&t->heavy, a, (uint32_t)most, TOCSIN__HEAVY);
    return status ? status : tocsin__inverted_index_init(&t->places, a, (uint32_t)most, TOCSIN__MATTER_KEY_PLACES);
}

tocsin_status tocsin_tracker_create(const tocsin_tracker_options *options, tocsin_tracker **tracker,
                                    tocsin_error *error) {
    tocsin_tracker_options resolved;
    if (!tracker) return tocsin__null_argument(error, "tracker");
    tocsin_status status = resolve(options, &resolved, error);
    if (status) return status;
    tocsin_tracker *made = tocsin__allocate_zeroed(&resolved.allocator, sizeof *made);
    if (!made) return tocsin__fail(error, TOCSIN_ERROR_MEMORY, "out of memory");
    made->allocator = resolved.allocator;
    made->options = resolved;
    status = make(made);
    if (status) {
        tocsin_tracker_free(made);
        return tocsin__fail(error, status, "%s", tocsin_status_string(status));
    }
    *tracker = made;
    return TOCSIN_OK;
}

tocsin_status tocsin_tracker_set_options(tocsin_tracker *t, const tocsin_tracker_options *options,
                                         tocsin_error *error) {
    tocsin_tracker_options resolved;
    if (!t) return tocsin__null_argument(error, "tracker");
    if (!options) return tocsin__null_argument(error, "options");
    tocsin_status status = resolve(options, &resolved, error);
    if (status) return status;
    if (!tocsin__busy_take(&t->busy)) return tocsin__is_busy(error, "tracker");
    resolved.allocator = t->options.allocator;
    resolved.max_incidents = t->options.max_incidents;
    if (resolved.first_id > t->next_id) t->next_id = resolved.first_id;
    resolved.first_id = t->options.first_id;
    t->options = resolved;
    tocsin__busy_give(&t->busy);
    return TOCSIN_OK;
}

void tocsin_tracker_free(tocsin_tracker *t) {
    if (!t) return;
    tocsin_allocator allocator = t->allocator;
    const size_t most = t->options.max_incidents;
    tocsin__signer_free(t->signer);
    tocsin__sketch_index_free(t->index);
    tocsin__inverted_index_release(&t->places);
    tocsin__inverted_index_release(&t->heavy);
    tocsin__wordings_release(&t->wordings, &allocator);
    tocsin__deallocate(&allocator, t->stream, sizeof *t->stream);
    tocsin__deallocate(&allocator, t->agreeing, most * sizeof *t->agreeing);
    tocsin__deallocate(&allocator, t->agreed, most * sizeof *t->agreed);
    tocsin__deallocate(&allocator, t->slots, most * sizeof *t->slots);
    tocsin__deallocate(&allocator, t->order, most * sizeof *t->order);
    tocsin__deallocate(&allocator, t->unused, most * sizeof *t->unused);
    tocsin__deallocate(&allocator, t, sizeof *t);
}

/* The wordings of an incident. */
typedef struct wording {
    uint32_t slot, placed;
    const tocsin__sketch *sketch;
} wording;

/* A document that may belong to an incident. */
typedef struct signed_post {
    tocsin__sketch sketch;
    tocsin__sketch own; /* without the words before a post that it passes on */
    tocsin__matter_key matter;
    tocsin__profile profile;
    tocsin_attached_as attached_as;
    tocsin_turn turn;
    int digest; /* it is about several matters */
} signed_post;

/* Whether two posts say the same; a few words of a short post occur in many others. */
static int is_same(const tocsin__sketch *a, const tocsin__sketch *b) {
    const uint32_t less = a->pairs < b->pairs ? a->pairs : b->pairs, more = a->pairs < b->pairs ? b->pairs : a->pairs;
    return less >= FEW_PAIRS || more * 2 <= less * 3;
}

static void grow_quiet(tocsin_tracker *t, tocsin_incident *incident) {
    incident->over = incident->last_time != TOCSIN_TIME_UNKNOWN &&
                     tocsin__time_gap(incident->last_time, t->clock.now) > t->options.quiet_ms;
}

/*
 * Whether the post belongs to the second incident rather than the first: one that covers its time goes before one that
 * was over then; of these the later one; then the one that names the place.
 */
static int is_nearer(const tocsin_tracker *t, const tocsin__found *one, const tocsin__found *other,
                     const tocsin__matter_key *matter) {
    const tocsin__tracked_incident *a = &t->slots[one->slot], *b = &t->slots[other->slot];
    if (one->when != other->when) return one->when == TOCSIN__WHEN_OVER;
    if (one->when == TOCSIN__WHEN_OVER) return a->shown.last_time < b->shown.last_time;
    return !tocsin__matter_key_shares(matter, &a->matter) && tocsin__matter_key_shares(matter, &b->matter);
}

/*
 * The required overlap of words: little if the place is the same; all but typing errors if neither names a place,
 * because the same report about another place shares nine tenths of its words; and all if only one names a place.
 */
static double least_of(const tocsin_tracker *t, const tocsin__matter_key *post, const wording *told) {
    const tocsin__matter_key *matter = &t->slots[told->slot].matter;
    if (tocsin__matter_key_shares(post, matter)) return SAME_PLACE < t->options.same_percent / 100.0 ? SAME_PLACE : 0;
    return tocsin__matter_key_is_placed(post) || told->placed ? SAME_WORDS : t->options.same_percent / 100.0;
}

/* The wording of a number in the index; 0 if its incident is gone. */
static int wording_of(const tocsin_tracker *t, uint32_t owner, wording *told) {
    const uint32_t most = t->options.max_incidents;
    if (owner < most) {
        *told = (wording){owner, t->slots[owner].placed, &t->slots[owner].sketch};
        return 1;
    }
    const tocsin__wording *kept = &t->wordings.ring[owner - most];
    *told = (wording){kept->slot, kept->placed, &kept->sketch};
    return kept->incident && t->slots[kept->slot].shown.id == kept->incident;
}

/* The incidents found so far that say the same as a post. */
typedef struct same_words {
    tocsin__found best;
    tocsin__found digest;       /* the best one that is a digest */
    const tocsin__sketch *said; /* the words of the best match */
    uint32_t other;             /* slot of another one with the same words that also covers the time */
    int both;                   /* the post contains the words of two incidents of different places */
} same_words;

/* A digest is compared with digests of its size, not with the incidents that it is about. */
static int may_say_the_same(const signed_post *post, const tocsin__sketch *told, int of_digest) {
    if (of_digest) return told->pairs <= post->sketch.pairs + post->sketch.pairs / 2;
    return !post->digest && is_same(&post->sketch, told);
}

/* Whether the post is long enough to contain both; they may share some words. */
static int has_room(const tocsin__sketch *post, const tocsin__sketch *one, const tocsin__sketch *other) {
    return one->pairs + other->pairs <= post->pairs + post->pairs / 4;
}

static void take_match(const tocsin_tracker *t, const signed_post *post, const tocsin__moment *now,
                       const tocsin__sketch_match *match, same_words *found) {
    wording told;
    if (!wording_of(t, match->owner, &told)) return;
    const tocsin__tracked_incident *one = &t->slots[told.slot];
    const tocsin__found next = {told.slot, tocsin__tracker_when_of(t, &one->shown, now), TOCSIN_JOINED_BY_WORDS,
                                match->overlap, told.sketch->pairs};
    if (!may_say_the_same(post, told.sketch, (int)one->digest)) return;
    if (next.when == TOCSIN__WHEN_BEFORE || next.slot == found->best.slot) return;
    if (match->overlap < least_of(t, &post->matter, &told)) return;
    if (one->digest) {
        if (found->digest.slot == UINT32_MAX || is_nearer(t, &found->digest, &next, &post->matter))
            found->digest = next;
        return;
    }
    const int nearer = found->best.slot == UINT32_MAX || is_nearer(t, &found->best, &next, &post->matter);
    if (found->said) {
        const int alike = tocsin__sketch_overlap(found->said, told.sketch) >= SAME_PLACE;
        const int at_once = found->best.when == TOCSIN__WHEN_COVERED && next.when == TOCSIN__WHEN_COVERED;
        if (alike && at_once) found->other = nearer ? found->best.slot : next.slot;
        const int apart = tocsin__matter_key_is_apart(&t->slots[found->best.slot].matter, &one->matter);
        if (!alike && apart && has_room(&post->sketch, found->said, told.sketch)) found->both = 1;
    }
    if (!nearer) return;
    found->best = next;
    found->said = told.sketch;
}

/*
 * The incident that has a post with the same words. If others that also cover the time do, *other becomes one of them.
 * A post with the words of several incidents of different places is a digest and joins none of them.
 */
static tocsin__found find_words(tocsin_tracker *t, signed_post *post, const tocsin__moment *now, uint32_t *other) {
    tocsin__sketch_match matches[CANDIDATES];
    const tocsin__found none = {UINT32_MAX, TOCSIN__WHEN_BEFORE, TOCSIN_JOINED_BY_WORDS, 0, 0};
    same_words found = {none, none, NULL, UINT32_MAX, 0};
    const double asked = t->options.same_percent / 100.0, least = asked < SAME_PLACE ? asked : SAME_PLACE;
    const size_t count = tocsin__sketch_index_find(t->index, &post->sketch, least, matches, CANDIDATES);
    for (size_t i = 0; i < count; i++) take_match(t, post, now, &matches[i], &found);
    post->digest |= found.both;
    if (post->digest || found.best.slot == UINT32_MAX) return found.digest;
    *other = found.other;
    return found.best;
}

/* The text of the last signed document, for people; the whole text if it has no words of its own. */
static tocsin_bytes said_of(const tocsin_tracker *t, const tocsin_document *document) {
    const tocsin_bytes said = tocsin__signer_said(t->signer);
    if (said.length) return said;
    return document->title.length ? document->title : document->text;
}

static uint32_t begin(tocsin_tracker *t, const tocsin_document *document, const signed_post *post, uint64_t returns) {
    if (!t->unused_count) {
        for (uint32_t i = 0; i < t->count; i++) grow_quiet(t, &t->slots[t->order[i]].shown);
        tocsin__tracker_make_room(t);
    }
    const uint32_t slot = t->unused[--t->unused_count];
    tocsin__tracked_incident *made = &t->slots[slot];
    const tocsin_bytes said = said_of(t, document);
    memset(made, 0, sizeof *made);
    made->shown.id = t->next_id++;
    made->shown.returns = returns;
    made->shown.tier = TOCSIN_TIER_NONE;
    made->shown.first_time = made->shown.last_time = TOCSIN_TIME_UNKNOWN;
    tocsin__copy_cut(made->shown.document, sizeof made->shown.document, document->id.data, document->id.length);
    tocsin__copy_cut(made->shown.sample, sizeof made->shown.sample, said.data, said.length);
    made->sketch = post->own;
    made->placed = (uint32_t)tocsin__matter_key_is_placed(&post->matter);
    tocsin__sketch_index_put(t->index, slot, &post->own);
    tocsin__wordings_begin(&t->wordings, slot);
    t->order[t->count++] = slot;
    return slot;
}

/* Finds the tier's index in the current plan: plans change, but ids of tiers stay. */
static void rank_again(tocsin_incident *incident, const tocsin_plan *plan) {
    size_t rank;
    if (*incident->tier_id &&
        tocsin_plan_find(plan, TOCSIN_PART_TIER, incident->tier_id, strlen(incident->tier_id), &rank)) {
        incident->tier = (int32_t)rank;
    }
}

/* Whether the tier rose. */
static int take_verdict(tocsin_incident *incident, const tocsin_verdict *verdict) {
    rank_again(incident, verdict->plan);
    for (size_t i = 0; i < verdict->clause_count; i++) {
        tocsin__incident_add_clause(incident, tocsin_verdict_clause(verdict, i)->id);
    }
    const tocsin_plan_item *tier = verdict->tier < 0 ? NULL : tocsin_plan_tier(verdict->plan, (size_t)verdict->tier);
    incident->severe |= tier && tier->severe;
    return tocsin__incident_take_tier(incident, verdict->tier, verdict->tier_id);
}

static void weigh(tocsin_incident *incident, const tocsin_verdict *verdict, int64_t time) {
    const tocsin__plan_attention *thresholds = verdict->plan ? &verdict->plan->description->attention : NULL;
    tocsin__incident_raise(incident, verdict->attention, TOCSIN_RAISED_BY_POST, time);
    if (thresholds && incident->reach >= thresholds->elevated) {
        tocsin__incident_raise(incident,
                               incident->reach >= thresholds->high ? TOCSIN_ATTENTION_HIGH : TOCSIN_ATTENTION_ELEVATED,
                               TOCSIN_RAISED_BY_REACH, time);
    }
}

static void weigh_rate(const tocsin_tracker *t, tocsin__tracked_incident *one, int64_t time) {
    tocsin_incident *incident = &one->shown;
    incident->last_hour = tocsin__rate_last_hour(&one->rate);
    if (incident->over || incident->last_hour < t->options.rising_posts)
        return; /* of an archive: it was so at that time */
    if (incident->last_hour <= PAST_TIMES * tocsin__rate_past(&one->rate, incident->first_time)) return;
    tocsin__incident_raise(
        incident, incident->last_hour >= t->options.burst_posts ? TOCSIN_ATTENTION_HIGH : TOCSIN_ATTENTION_ELEVATED,
        TOCSIN_RAISED_BY_RATE, time);
}

/*
 * Extends the span of its posts to this time. A replaced time does not extend it beyond the known times, and a
 * straggler does not reopen an incident.
 */
static void reach_to(const tocsin_tracker *t, tocsin__tracked_incident *one, const tocsin__moment *now) {
    tocsin_incident *incident = &one->shown;
    if (now->time == TOCSIN_TIME_UNKNOWN) return;
    const tocsin__when when = tocsin__tracker_when(t, incident, now->time);
    if ((when == TOCSIN__WHEN_OVER && !now->follows) || (now->replaced && when != TOCSIN__WHEN_COVERED)) return;
    tocsin__incident_reach_to(incident, now->time, now->time);
    tocsin__rate_add(&one->rate, now->time);
}

/* Reports how the incident has changed since it had this attention and this number of clauses. */
static void tell_change(const tocsin_incident *incident, tocsin_attention before, uint32_t clauses,
                        tocsin_tracked *tracked) {
    tracked->incident = incident->id;
    tracked->attention = incident->attention;
    tracked->raised = incident->attention > before;
    tracked->new_clauses = incident->clause_count - clauses;
}

static void count(tocsin_tracker *t, uint32_t slot, const tocsin_document *document, const tocsin_verdict *verdict,
                  const tocsin__moment *now, tocsin_tracked *tracked) {
    tocsin__tracked_incident *one = &t->slots[slot];
    tocsin_incident *incident = &one->shown;
    const tocsin_attention before = incident->attention;
    const uint32_t clauses = incident->clause_count;
    incident->posts++;
    tocsin__incident_add_reach(incident, document->reach);
    incident->venues[verdict->venue]++;
    reach_to(t, one, now);
    grow_quiet(t, incident);
    tracked->tier_rose = take_verdict(incident, verdict);
    weigh(incident, verdict, now->time);
    weigh_rate(t, one, now->time);
    tell_change(incident, before, clauses, tracked);
}

/* Plans change, and so do the numbers of topics, but their ids stay. */
static uint32_t place_of_topic(const char *id) { return (uint32_t)(tocsin__hash(id, strlen(id)) % TOCSIN__TOPICS); }

/* Counts the topics that make the clauses hold, each once, however often and in whatever order they do. */
static void note_evidence(tocsin_tracker *t, const tocsin_verdict *verdict) {
    uint64_t noted[TOCSIN__TOPICS / 64] = {0};
    uint32_t place = 0;
    size_t different = 0;
    for (size_t i = 0; i < verdict->evidence_count; i++) {
        const tocsin_evidence *one = tocsin_verdict_evidence(verdict, i);
        if (i && one->topic == tocsin_verdict_evidence(verdict, i - 1)->topic) continue;
        place = place_of_topic(one->topic_id);
        if (noted[place / 64] >> place % 64 & 1) continue;
        noted[place / 64] |= UINT64_C(1) << place % 64;
        t->topics[place].evident++;
        different++;
    }
    if (different == 1) t->topics[place].alone++;
}

/*
 * Whether the document may belong to an incident: most have too little in common with any incident, and are not signed.
 * A topic counts if a substantial part of the posts with it have a tier through it. An answer or a rebuttal may belong
 * to an incident without such topics.
 */
static int concerns(tocsin_tracker *t, const tocsin_verdict *verdict, signed_post *post) {
    tocsin__matter_key *matter = &post->matter;
    post->attached_as = tocsin__attached_as(verdict, &post->turn);
    size_t telling = 0, alone = 0;
    matter->topics = 0;
    if (post->attached_as == TOCSIN_ATTACHED_AS_NOTHING) note_evidence(t, verdict);
    for (size_t i = 0; i < verdict->topic_count; i++) {
        const uint32_t place = place_of_topic(tocsin_verdict_topic(verdict, i)->id);
        tocsin__topic_use *use = &t->topics[place];
        if (++use->seen == UINT32_MAX / TELLING)
            *use = (tocsin__topic_use){use->seen / 2, use->evident / 2, use->alone / 2};
        alone += use->alone * TELLING >= use->seen;
        telling += use->evident * TELLING >= use->seen;
        const tocsin_role role = tocsin__topic_role(verdict, i);
        if (role == TOCSIN_ROLE_NONE || role == TOCSIN_ROLE_PLACE) matter->topics |= UINT64_C(1) << (place & 63);
    }
    return post->attached_as != TOCSIN_ATTACHED_AS_ECHO || alone || telling > 1;
}

static int is_home(const tocsin_verdict *verdict, size_t place) {
    const tocsin_plan_item *topic = tocsin_plan_topic(verdict->plan, tocsin_verdict_place(verdict, place)->topic);
    return topic && topic->role == TOCSIN_ROLE_HOME;
}

static tocsin_status sign(tocsin_tracker *t, const tocsin_document *document, const tocsin_verdict *verdict,
                          signed_post *post) {
    tocsin__matter_key *matter = &post->matter;
    tocsin_status status = tocsin__sign(t->signer, document->title, document->text, &post->sketch, &post->own, matter);
    if (!status) tocsin__signer_profile(t->signer, &post->profile);
    post->digest = tocsin__post_text_is_list(document->text);
    for (size_t i = 0; i < verdict->place_count && !status; i++) {
        if (is_home(verdict, i)) continue;
        status = tocsin__sign_place(t->signer, tocsin_verdict_place(verdict, i)->term, matter);
    }
    for (size_t i = 0; i < verdict->place_count && !status; i++) {
        if (!is_home(verdict, i)) continue;
        status = tocsin__sign_home(t->signer, tocsin_verdict_place(verdict, i)->term, matter);
    }
    return status;
}

static tocsin__found find(tocsin_tracker *t, signed_post *post, const tocsin__moment *now, uint32_t *other) {
    const int by_words_alone = t->options.matter_percent > 100;
    tocsin__found made = find_words(t, post, now, other);
    if (made.slot != UINT32_MAX && made.when == TOCSIN__WHEN_COVERED) return made;
    if (by_words_alone) return made;
    const tocsin__found like =
        tocsin__tracker_find_like(t, &post->profile, &post->sketch, &post->matter, now, &post->digest);
    /* A digest resumes no incident. */
    if (post->digest && made.slot != UINT32_MAX && !t->slots[made.slot].digest) made.slot = UINT32_MAX;
    if (post->digest) return made;
    tocsin__found next = {UINT32_MAX, TOCSIN__WHEN_BEFORE, TOCSIN_JOINED_BY_MATTER, 0, 0};
    next.slot = tocsin__tracker_find_by_matter_key(t, &post->matter, now->time, &next.score);
    if (next.slot != UINT32_MAX) next.when = tocsin__tracker_when_of(t, &t->slots[next.slot].shown, now);
    if (next.when == TOCSIN__WHEN_COVERED) return next;
    if (next.when == TOCSIN__WHEN_OVER &&
        !tocsin__matter_key_shares_within_town(&post->matter, &t->slots[next.slot].matter) &&
        !tocsin__tracker_is_like(t, next.slot, &post->profile, &post->matter))
        next.when = TOCSIN__WHEN_BEFORE;
    if (like.slot != UINT32_MAX && like.when == TOCSIN__WHEN_COVERED) return like;
    if (made.slot != UINT32_MAX) return made;
    return next.when == TOCSIN__WHEN_OVER ? next : like;
}

/* Merges two incidents. Returns the slot of the one that stays. */
static uint32_t join(tocsin_tracker *t, uint32_t slot, uint32_t other, tocsin_tracked *tracked) {
    const uint32_t kept = t->slots[slot].shown.id < t->slots[other].shown.id ? slot : other;
    const uint32_t absorbed = kept == slot ? other : slot;
    tracked->merged = t->slots[absorbed].shown.id;
    tracked->merged_into = t->slots[kept].shown.id;
    tocsin__tracker_merge(t, kept, absorbed);
    return kept;
}

/* Merges two incidents that both say what the document says, unless their places differ. */
static uint32_t join_said(tocsin_tracker *t, uint32_t slot, uint32_t other, tocsin_tracked *tracked) {
    if (other == UINT32_MAX || tocsin__matter_key_differs(&t->slots[slot].matter, &t->slots[other].matter)) return slot;
    return join(t, slot, other, tracked);
}

/* Merges an incident with its return if a late document lies between them. Returns the slot of the incident. */
static uint32_t join_return(tocsin_tracker *t, uint32_t slot, const tocsin__moment *now, tocsin_tracked *tracked) {
    if (tracked->merged || now->time >= t->clock.now) return slot;
    return join_said(t, slot, tocsin__tracker_find_return(t, slot), tracked);
}

/*
 * Checks whether one of the incidents, each in turn, now agrees with another one. Returns the slot in which the
 * incident of `slot` is afterwards.
 */
static uint32_t look_again(tocsin_tracker *t, uint32_t slot, tocsin_tracked *tracked) {
    t->turn = t->turn + 1 < t->count ? t->turn + 1 : 0;
    const uint32_t looked = t->order[t->turn], twin = tocsin__tracker_find_twin(t, looked);
    if (twin == UINT32_MAX || (tracked->is_new && (looked == slot || twin == slot))) return slot;
    const uint32_t kept = join(t, looked, twin, tracked);
    return slot == looked || slot == twin ? kept : slot;
}

/* Whether hardly any of it is new to the incident, or most of it is about something else. */
static int is_repost(const tocsin_tracker *t, const tocsin__found *its, const signed_post *post) {
    if (its->why != TOCSIN_JOINED_BY_WORDS || its->score < t->options.same_percent / 100.0) return 0;
    return post->own.pairs * 2 <= its->pairs * 3 || post->own.pairs / 3 > its->pairs;
}

/* Whether an incident goes on with a new post after its end: an incident that lasted for days may pause longer. */
static int follows(const tocsin_tracker *t, const tocsin__found *its, const signed_post *post,
                   const tocsin__moment *now) {
    if (its->slot == UINT32_MAX || its->when != TOCSIN__WHEN_OVER || is_repost(t, its, post)) return 0;
    const tocsin_incident *incident = &t->slots[its->slot].shown;
    const int64_t lasted = tocsin__time_gap(incident->first_time, incident->last_time), quiet = t->options.quiet_ms;
    return tocsin__time_gap(incident->last_time, now->time) - quiet <= (lasted < quiet ? lasted : quiet);
}

/*
 * Whether a post after the end of an incident only repeats it, as single posts do for days: the incident has not
 * returned. Many at once are a return, whatever they say.
 */
static int is_straggler(const tocsin_tracker *t, const tocsin__found *its, const signed_post *post,
                        const tocsin__moment *now) {
    if (its->slot == UINT32_MAX || its->when != TOCSIN__WHEN_OVER || !is_repost(t, its, post)) return 0;
    tocsin__tracked_incident *one = &t->slots[its->slot];
    if (tocsin__time_gap(one->straggling, now->time) > t->options.quiet_ms || now->time < one->straggling) {
        one->straggling = now->time;
        one->stragglers = 0;
    }
    return one->stragglers < STRAGGLERS && ++one->stragglers;
}

/*
 * Keeps a wording that is new to an incident. Returns the incident's slot, which is a different one if the incident was
 * merged into another.
 */
static uint32_t keep_wording(tocsin_tracker *t, const tocsin__found *its, const signed_post *post,
                             tocsin_tracked *tracked) {
    uint32_t slot = its->slot;
    if (t->slots[slot].digest || is_repost(t, its, post)) return slot;
    if (its->why != TOCSIN_JOINED_BY_NOTHING) {
        const tocsin__wording told = {t->slots[slot].shown.id, t->next_id - 1, slot,
                                      (uint32_t)tocsin__matter_key_is_placed(&post->matter), post->own};
        tocsin__wordings_add(&t->wordings, t->index, &told);
    }
    /*
     * A person who reposts with a comment may speak of anything: such words help to find the post again, but have no
     * weight.
     */
    if (its->why == TOCSIN_JOINED_BY_WORDS) return slot;
    const int indexed = tocsin__tracker_add_profile(t, slot, &post->profile);
    if (t->options.matter_percent > 100) return slot;
    if (indexed && !tracked->merged && !tracked->is_new) {
        const uint32_t twin = tocsin__tracker_find_twin(t, slot);
        if (twin != UINT32_MAX) slot = join(t, slot, twin, tracked);
    }
    return tracked->merged ? slot : look_again(t, slot, tracked);
}

static tocsin_status add(tocsin_tracker *t, const tocsin_document *document, const tocsin_verdict *verdict,
                         tocsin_tracked *tracked, tocsin_error *error) {
    signed_post post;
    uint32_t other = UINT32_MAX;
    post.matter.count = 0;
    const int concerned = concerns(t, verdict, &post), graded = post.attached_as == TOCSIN_ATTACHED_AS_NOTHING;
    tocsin_status status = TOCSIN_OK;
    if (concerned) status = sign(t, document, verdict, &post);
    if (status) return tocsin__fail(error, status, "%s", tocsin_status_string(status));
    tocsin__moment now = {.follows = 0};
    now.time = tocsin__feed_clock_take(&t->clock, document->time, document->arrived, &t->options, &now.replaced);
    *tracked = (tocsin_tracked){.attention = verdict->attention, .time = now.time, .time_replaced = now.replaced};
    if (!concerned) return TOCSIN_OK;
    tocsin__found its = find(t, &post, &now, &other);
    now.follows = graded && follows(t, &its, &post, &now);
    if (now.follows) its.when = TOCSIN__WHEN_COVERED;
    const int straggles = graded && is_straggler(t, &its, &post, &now);
    if (its.slot == UINT32_MAX || its.when == TOCSIN__WHEN_OVER) {
        const int late =
            its.slot != UINT32_MAX && post.turn != TOCSIN_TURN_NONE; /* it is about an incident that is over */
        if (!graded && !late) return TOCSIN_OK;
    }
    if (graded && !straggles && (its.slot == UINT32_MAX || its.when == TOCSIN__WHEN_OVER)) {
        tracked->returns = its.slot != UINT32_MAX ? t->slots[its.slot].shown.id : 0;
        its = (tocsin__found){begin(t, document, &post, tracked->returns), TOCSIN__WHEN_COVERED,
                              TOCSIN_JOINED_BY_NOTHING, 0, 0};
        t->slots[its.slot].digest = (uint32_t)post.digest;
        tracked->is_new = 1;
    } else if (graded) {
        its.slot = join_said(t, its.slot, other, tracked);
    }
    if (graded && !t->slots[its.slot].digest) tocsin__tracker_add_matter_key(t, its.slot, &post.matter);
    tracked->joined_by = its.why;
    tracked->score = its.score;
    tracked->said = said_of(t, document);
    if (graded) {
        count(t, its.slot, document, verdict, &now, tracked);
        if (!tracked->is_new) its.slot = join_return(t, its.slot, &now, tracked);
        its.slot = keep_wording(t, &its, &post, tracked);
    } else {
        tracked->attached_as = post.attached_as;
        tracked->turn = post.turn;
        tocsin__tracker_attach(t, &t->slots[its.slot].shown, &now, tracked);
    }
    tracked->incident = t->slots[its.slot].shown.id;
    if (t->slots[its.slot].shown.attention > tracked->attention)
        tracked->attention = t->slots[its.slot].shown.attention;
    return TOCSIN_OK;
}

/* Checks the document that is to be added, and takes the tracker; after TOCSIN_OK the caller must give it back. */
static tocsin_status enter(tocsin_tracker *t, const tocsin_document *document, const tocsin_verdict *verdict,
                           const tocsin_tracked *tracked, tocsin_document *taken, tocsin_error *error) {
    if (!t) return tocsin__null_argument(error, "tracker");
    if (!tracked) return tocsin__null_argument(error, "tracked");
    tocsin_status status = tocsin__check_verdict(verdict, error);
    if (!status) status = tocsin__take_document(document, "document", taken, error);
    if (status) return status;
    return tocsin__busy_take(&t->busy) ? TOCSIN_OK : tocsin__is_busy(error, "tracker");
}

tocsin_status tocsin_tracker_add(tocsin_tracker *t, const tocsin_document *document, const tocsin_verdict *verdict,
                                 tocsin_tracked *tracked, tocsin_error *error) {
    tocsin_document taken;
    tocsin_status status = enter(t, document, verdict, tracked, &taken, error);
    if (status) return status;
    status = add(t, &taken, verdict, tracked, error);
    tocsin__busy_give(&t->busy);
    return status;
}

static void add_again(tocsin_tracker *t, tocsin_incident *incident, const tocsin_verdict *verdict, uint64_t more_reach,
                      tocsin_tracked *tracked) {
    const tocsin_attention before = incident->attention;
    const uint32_t clauses = incident->clause_count;
    tocsin__incident_add_reach(incident, more_reach);
    tracked->tier_rose = take_verdict(incident, verdict);
    weigh(incident, verdict, t->clock.now);
    tell_change(incident, before, clauses, tracked);
}

tocsin_status tocsin_tracker_add_again(tocsin_tracker *t, uint64_t incident, const tocsin_verdict *verdict,
                                       uint64_t more_reach, tocsin_tracked *tracked, tocsin_error *error) {
    if (!t) return tocsin__null_argument(error, "tracker");
    if (!tracked) return tocsin__null_argument(error, "tracked");
    const tocsin_status status = tocsin__check_verdict(verdict, error);
    if (status) return status;
    if (!tocsin__busy_take(&t->busy)) return tocsin__is_busy(error, "tracker");
    *tracked = (tocsin_tracked){.attention = verdict->attention, .time = t->clock.now};
    const uint32_t place = incident ? tocsin__tracker_place(t, incident) : t->count;
    if (place < t->count) add_again(t, &t->slots[t->order[place]].shown, verdict, more_reach, tracked);
    tocsin__busy_give(&t->busy);
    return TOCSIN_OK;
}

int64_t tocsin_tracker_now(const tocsin_tracker *tracker) { return tracker ? tracker->clock.now : TOCSIN_TIME_UNKNOWN; }

const tocsin_tracker_options *tocsin_tracker_get_options(const tocsin_tracker *tracker) {
    return tracker ? &tracker->options : NULL;
}

size_t tocsin_tracker_count(const tocsin_tracker *tracker) { return tracker ? tracker->count : 0; }

static const tocsin_incident *at(tocsin_tracker *tracker, size_t place) {
    if (place >= tracker->count) return NULL;
    tocsin_incident *incident = &tracker->slots[tracker->order[place]].shown;
    grow_quiet(tracker, incident);
    return incident;
}

const tocsin_incident *tocsin_tracker_at(tocsin_tracker *tracker, size_t index) {
    if (!tracker || !tocsin__busy_take(&tracker->busy)) return NULL;
    const tocsin_incident *incident = at(tracker, index);
    tocsin__busy_give(&tracker->busy);
    return incident;
}

const tocsin_incident *tocsin_tracker_get(tocsin_tracker *tracker, uint64_t id) {
    if (!tracker || !id || !tocsin__busy_take(&tracker->busy)) return NULL;
    const tocsin_incident *incident = at(tracker, tocsin__tracker_place(tracker, id));
    tocsin__busy_give(&tracker->busy);
    return incident;
}

/* Adds a document that was already counted as a post. */
static void add_second(tocsin_incident *incident, const tocsin_verdict *verdict, tocsin_tracked *tracked) {
    const uint32_t clauses = incident->clause_count;
    tracked->tier_rose |= take_verdict(incident, verdict);
    tracked->new_clauses += incident->clause_count - clauses;
}

/* Adds a document that was attached and turns out to be a post. */
static void promote(tocsin_tracker *t, uint32_t slot, const tocsin_document *document, const tocsin_verdict *verdict,
                    tocsin_tracked *tracked) {
    const tocsin__moment now = {tracked->time, tracked->time_replaced, 0};
    tocsin__tracker_detach(&t->slots[slot].shown, tracked);
    count(t, slot, document, verdict, &now, tracked);
}

tocsin_status tocsin_tracker_raise(tocsin_tracker *t, const tocsin_document *document, const tocsin_verdict *verdict,
                                   tocsin_tracked *tracked, tocsin_error *error) {
    tocsin_document taken;
    tocsin_status status = enter(t, document, verdict, tracked, &taken, error);
    if (status) return status;
    const uint32_t place = tracked->incident ? tocsin__tracker_place(t, tracked->incident) : t->count;
    if (place < t->count && tracked->attached_as == TOCSIN_ATTACHED_AS_NOTHING) {
        add_second(&t->slots[t->order[place]].shown, verdict, tracked);
    } else if (place < t->count && verdict->tier != TOCSIN_TIER_NONE) {
        promote(t, t->order[place], &taken, verdict, tracked);
    }
    tocsin__busy_give(&t->busy);
    return TOCSIN_OK;
}
