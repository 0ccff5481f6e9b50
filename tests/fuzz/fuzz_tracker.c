/*
 * A tracker. If the input begins with 1: the bytes as a snapshot, and then a snapshot of our own with some bytes
 * exchanged and its checksums corrected: it is restored or refused, and a restored tracker works. Otherwise: lines as
 * posts; a tracker that is saved and restored after every post gives the same results as one that runs on.
 */
#include <string.h>

#include "codec/compress.h"
#include "codec/container.h"
#include "fuzz_plan.h"
#include "fuzz_target.h"

#define POSTS 24u

static void keep(tocsin_status status) {
    if (status) fuzz_failed("out of memory");
}

static tocsin_scanner *scanner;

static void prepare(void) {
    if (scanner) return;
    tocsin_plan *plan = fuzz_make_plan(TOCSIN_ENGINE_AUTO, TOCSIN_FOLD_NFKC_CF_HANS);
    keep(tocsin_scanner_create(plan, NULL, &scanner, NULL));
    tocsin_plan_release(plan);
}

static tocsin_tracker *make(void) {
    tocsin_tracker_options options = TOCSIN_TRACKER_OPTIONS_INIT;
    tocsin_tracker *tracker = NULL;
    options.max_incidents = 6;
    options.rising_posts = 2;
    options.burst_posts = 4;
    options.quiet_ms = 100000;
    options.remember_ms = 1000000;
    keep(tocsin_tracker_create(&options, &tracker, NULL));
    return tracker;
}

/* The time and the reach are drawn from the first bytes of the text. */
static tocsin_tracked post(tocsin_tracker *tracker, const char *text, size_t length) {
    tocsin_document document = TOCSIN_DOCUMENT_INIT;
    const tocsin_verdict *verdict = NULL;
    tocsin_tracked tracked;
    const unsigned char first = length ? (unsigned char)text[0] : 0, second = length > 1 ? (unsigned char)text[1] : 0;
    document.text = (tocsin_bytes){text, length};
    document.time = first % 7 ? (int64_t)first * 5000 * (second % 5) : TOCSIN_TIME_UNKNOWN;
    document.reach = (uint64_t)second * 100;
    keep(tocsin_classify(scanner, &document, &verdict, NULL));
    keep(tocsin_tracker_add(tracker, &document, verdict, &tracked, NULL));
    if (tracked.incident) keep(tocsin_tracker_raise(tracker, &document, verdict, &tracked, NULL));
    return tracked;
}

static void save(const tocsin_tracker *tracker, tocsin_buffer *out) {
    out->length = 0;
    keep(tocsin_tracker_save_to_buffer(tracker, out, NULL));
}

static int is_same(const tocsin_tracked *a, const tocsin_tracked *b) {
    return a->incident == b->incident && a->is_new == b->is_new && a->returns == b->returns &&
           a->joined_by == b->joined_by && a->raised == b->raised && a->tier_rose == b->tier_rose &&
           a->new_clauses == b->new_clauses && a->attached_as == b->attached_as && a->turn == b->turn &&
           a->time == b->time && a->attention == b->attention;
}

/* Lines as posts, with and without a restart after each. */
static void go_on(const char *data, size_t size) {
    tocsin_tracker *whole = make(), *again = make();
    tocsin_buffer bytes, other;
    tocsin_buffer_init(&bytes, NULL);
    tocsin_buffer_init(&other, NULL);
    for (size_t at = 0, posts = 0; at < size && posts < POSTS; posts++) {
        const char *newline = memchr(data + at, '\n', size - at);
        const size_t length = newline ? (size_t)(newline - data) - at : size - at;
        const tocsin_tracked one = post(whole, data + at, length), two = post(again, data + at, length);
        if (!is_same(&one, &two)) fuzz_failed("a restored tracker does otherwise");
        save(again, &bytes);
        save(whole, &other);
        if (bytes.length != other.length || memcmp(bytes.data, other.data, bytes.length) != 0) {
            fuzz_failed("a restored tracker is saved otherwise");
        }
        tocsin_tracker_free(again);
        again = NULL;
        if (tocsin_tracker_restore(bytes.data, bytes.length, NULL, &again, NULL)) fuzz_failed("a snapshot is refused");
        at += length + 1;
    }
    tocsin_tracker_free(whole);
    tocsin_tracker_free(again);
    tocsin_buffer_release(&bytes);
    tocsin_buffer_release(&other);
}

static void use(tocsin_tracker *tracker, tocsin_buffer *out) {
    static const char *const texts[] = {"火灾，大火灾起火了", "合肥阳光花园着火，烟很大", "fire aab sos",
                                        "推诿推诿出警慢"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) (void)post(tracker, texts[i], strlen(texts[i]));
    for (size_t i = 0; i < tocsin_tracker_count(tracker); i++) {
        const tocsin_incident *incident = tocsin_tracker_at(tracker, i);
        if (!incident || tocsin_tracker_get(tracker, incident->id) != incident) fuzz_failed("an incident is not found");
        if (strlen(incident->sample) >= sizeof incident->sample) fuzz_failed("a sample has no end");
    }
    save(tracker, out);
}

static void try_restore(const char *bytes, size_t length) {
    tocsin_tracker *tracker = NULL;
    tocsin_error error = {0};
    tocsin_buffer out;
    tocsin_buffer_init(&out, NULL);
    if (tocsin_tracker_restore(bytes, length, NULL, &tracker, &error) == TOCSIN_OK) {
        use(tracker, &out);
    } else if (!error.message[0]) {
        fuzz_failed("a snapshot is refused without a word");
    }
    tocsin_tracker_free(tracker);
    tocsin_buffer_release(&out);
}

/* Our own snapshot as it is packed. */
static tocsin_buffer *packed(void) {
    static tocsin_buffer known;
    if (known.length) return &known;
    tocsin__container c;
    tocsin_buffer bytes;
    tocsin_tracker *tracker = make();
    tocsin_buffer_init(&bytes, NULL);
    tocsin_buffer_init(&known, NULL);
    use(tracker, &bytes);
    keep(tocsin__container_read((tocsin_bytes){bytes.data, bytes.length}, &c, NULL));
    keep(tocsin__section_read(tocsin__container_find(&c, "tracker"), &known, NULL));
    tocsin_tracker_free(tracker);
    tocsin_buffer_release(&bytes);
    return &known;
}

/* Three bytes give the offset, one gives the new value. */
static void forge(const char *data, size_t size) {
    const tocsin_buffer *own = packed();
    tocsin_buffer bytes, frame, out;
    tocsin_buffer_init(&bytes, NULL);
    tocsin_buffer_init(&frame, NULL);
    tocsin_buffer_init(&out, NULL);
    keep(tocsin_buffer_append(&bytes, own->data, own->length));
    for (size_t i = 0; i + 4 <= size; i += 4) {
        const unsigned char *d = (const unsigned char *)data + i;
        const size_t where = ((size_t)d[0] << 16 | (size_t)d[1] << 8 | d[2]) % bytes.length;
        bytes.data[where] = (char)d[3];
    }
    keep(tocsin__compress((tocsin_bytes){bytes.data, bytes.length}, &frame));
    tocsin__container c = {.version = TOCSIN__CONTAINER_VERSION, .writer = TOCSIN_VERSION_STRING, .count = 1};
    c.sections[0] = (tocsin__section){
        .name = "tracker", .codec = TOCSIN__CODEC_ZSTD, .stored = {frame.data, frame.length}, .length = bytes.length};
    keep(tocsin__container_write(&c, &out));
    try_restore(out.data, out.length);
    tocsin_buffer_release(&bytes);
    tocsin_buffer_release(&frame);
    tocsin_buffer_release(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    prepare();
    if (size && data[0] == 1) {
        try_restore((const char *)data + 1, size - 1);
        forge((const char *)data + 1, size - 1);
    } else if (size) {
        go_on((const char *)data, size);
    }
    return 0;
}
