/*
 * Writes a builder's sources: a plan in YAML's flow style, a list for each topic, a catalogue of venues, weights. Every
 * expression has a line of its own, and each line is marked with its origin, so that a place in the written text leads
 * back to a label, or to the file of the base.
 */
#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "base/utf8.h"
#include "plan/builder_internal.h"

typedef tocsin__builder_sources sources;
typedef tocsin__builder_source source;

static void note(sources *w, tocsin_status status) {
    if (!w->status) w->status = status;
}

static source *last(sources *w) { return &w->list.data[w->list.length - 1]; }

/* Begins another source; 0 if there is no memory. */
static int begin(sources *w, const char *name) {
    source made = {.line = 1};
    (void)snprintf(made.name, sizeof made.name, "%s", name);
    tocsin_buffer_init(&made.text, &w->builder->allocator);
    if (!w->status) note(w, tocsin__vec_push(&w->list, &w->builder->allocator, made));
    return !w->status;
}

static void put(sources *w, source *to, const char *text) {
    if (!w->status) note(w, tocsin__buffer_puts(&to->text, text));
}

static void end_line(sources *w, source *to) {
    put(w, to, "\n");
    to->line++;
}

static void mark(sources *w, source *to, const tocsin__origin *origin, uint32_t column, tocsin_bytes value) {
    const tocsin__builder_mark made = {to->line, column, value, *origin};
    if (!w->status) note(w, tocsin__vec_push(&to->marks, &w->builder->allocator, made));
}

/* ---- YAML ---- */

/* The width of a character between quotes; characters that YAML would take for a line end or refuse are escaped. */
static size_t written_width(uint32_t c) {
    if (c == '"' || c == '\\') return 2;
    if (c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029 || c == 0xFEFF || c == 0xFFFE ||
        c == 0xFFFF) {
        return 6;
    }
    return 1;
}

/* Whether the character at a byte is written as it is, and no byte of it need be looked at further. */
static int is_as_it_is(unsigned char c) {
    return c >= 0x20 && c != '"' && c != '\\' && c != 0x7F && c != 0xC2 && c != 0xE2 && c != 0xEF;
}

static void put_string(sources *w, source *to, tocsin_bytes value) {
    put(w, to, "\"");
    for (size_t at = 0, next; at < value.length && !w->status; at = next) {
        for (next = at; next < value.length && is_as_it_is((unsigned char)value.data[next]);) next++;
        if (next > at) {
            note(w, tocsin_buffer_append(&to->text, value.data + at, next - at));
            continue;
        }
        const uint32_t c = tocsin__utf8_next(value.data, value.length, at, &next);
        const size_t width = written_width(c);
        if (width == 6) {
            note(w, tocsin__buffer_printf(&to->text, "\\u%04X", (unsigned)c));
            continue;
        }
        if (width == 2) put(w, to, "\\");
        if (!w->status) note(w, tocsin_buffer_append(&to->text, value.data + at, next - at));
    }
    put(w, to, "\"");
}

static void put_member(sources *w, source *to, const char *key, tocsin_bytes value) {
    if (!value.length) return;
    put(w, to, key);
    put_string(w, to, value);
}

/* Bytes; more than a valid id or name has, and far fewer than the 1024 up to which YAML sees a key by its colon. */
#define LONG_KEY ((size_t)128)

/* A long one needs a question mark before it: its length is then refused, and not its YAML. */
static void put_key(sources *w, source *to, tocsin_bytes key) {
    if (key.length > LONG_KEY) put(w, to, "? ");
    put_string(w, to, key);
}

static void put_name(sources *w, source *to, const char *key, const char *name) {
    put_member(w, to, key, (tocsin_bytes){name, strlen(name)});
}

/* Writes an expression on a line of its own. */
static void put_expression(sources *w, source *to, const tocsin__origin *origin, tocsin_bytes when) {
    end_line(w, to);
    mark(w, to, origin, 1, when);
    put_string(w, to, when);
}

static void put_fold(sources *w, source *to) {
    static const char *const kinds[] = {"space", "punct", "symbol"};
    const tocsin_fold_options *fold = &w->builder->fold;
    put(w, to,
        fold->profile == TOCSIN_FOLD_NFKC_CF ? "\"fold\": {\"profile\": \"nfkc_cf\""
                                             : "\"fold\": {\"profile\": \"nfkc_cf+hans\"");
    for (int han = 0; han < 2; han++) {
        const uint32_t flags = han ? fold->between_han : fold->between_latin;
        const char *separator = han ? ", \"between_han\": [" : ", \"between_latin\": [";
        for (unsigned i = 0; i < 3; i++) {
            if (!(flags >> i & 1)) continue;
            put(w, to, separator);
            put(w, to, kinds[i]);
            separator = ", ";
        }
        if (flags) put(w, to, "]");
    }
    put(w, to, "}");
}

static void put_integer(sources *w, source *to, uint64_t value) {
    if (!w->status) note(w, tocsin__buffer_printf(&to->text, "%llu", (unsigned long long)value));
}

/* Writes the topics whose hits raise attention to this level, after `key`. */
static void put_words(sources *w, source *to, tocsin_attention attention, const char *key) {
    size_t count = 0;
    for (size_t i = 0; i < w->builder->parts.length; i++) {
        const tocsin__builder_part *p = &w->builder->parts.data[i];
        if (p->part != TOCSIN_PART_TOPIC || p->removed || p->item.attention != attention) continue;
        put(w, to, count++ ? ", " : key);
        put_string(w, to, p->item.id);
    }
    if (count) put(w, to, "]");
}

static int raises_attention(const tocsin_builder *b, tocsin_attention attention) {
    for (size_t i = 0; i < b->parts.length; i++) {
        const tocsin__builder_part *p = &b->parts.data[i];
        if (p->part == TOCSIN_PART_TOPIC && !p->removed && p->item.attention == attention) return 1;
    }
    return 0;
}

static void put_attention(sources *w, source *to) {
    const tocsin_builder *b = w->builder;
    const int elevated = raises_attention(b, TOCSIN_ATTENTION_ELEVATED),
              high = raises_attention(b, TOCSIN_ATTENTION_HIGH);
    put(w, to, "\"attention\": {\"reach\": {\"elevated\": ");
    put_integer(w, to, b->elevated ? b->elevated : TOCSIN__PLAN_REACH_ELEVATED);
    put(w, to, ", \"high\": ");
    put_integer(w, to, b->high ? b->high : TOCSIN__PLAN_REACH_HIGH);
    put(w, to, "}");
    if (elevated || high) put(w, to, ", \"words\": {");
    put_words(w, to, TOCSIN_ATTENTION_ELEVATED, "\"elevated\": [");
    if (elevated && high) put(w, to, ", ");
    put_words(w, to, TOCSIN_ATTENTION_HIGH, "\"high\": [");
    put(w, to, elevated || high ? "}}" : "}");
}

/* Ends the line written before and begins the next member of the plan. */
static void next_member(sources *w, source *to) {
    put(w, to, ",");
    end_line(w, to);
}

static void put_head(sources *w, source *to) {
    static const char *const keys[] = {"\"plan\": ", "\"name_en\": ", "\"version\": ", "\"about\":"};
    const tocsin_builder *b = w->builder;
    put(w, to, "{");
    put_fold(w, to);
    for (int i = 0; i < TOCSIN__BUILDER_TEXTS; i++) {
        if (!b->texts[i].text.length) continue;
        next_member(w, to);
        mark(w, to, &b->texts[i].origin, 0, b->texts[i].text);
        put(w, to, keys[i]);
        if (i == TOCSIN_BUILDER_ABOUT) {
            put_expression(w, to, &b->texts[i].origin, b->texts[i].text);
        } else {
            put_string(w, to, b->texts[i].text);
        }
    }
    next_member(w, to);
    put_attention(w, to);
}

static void put_topic(sources *w, source *to, const tocsin__builder_part *p, size_t index) {
    static const char *const bounds[] = {"auto", "auto", "word", "none"};
    put_key(w, to, p->item.id);
    put(w, to, ": {\"bounds\": \"");
    put(w, to, bounds[p->item.bounds]);
    put(w, to, "\", \"role\": \"");
    put(w, to, tocsin__role_names[p->item.role]);
    put(w, to, "\"");
    put_member(w, to, ", \"name\": ", p->item.name);
    put_member(w, to, ", \"name_en\": ", p->item.name_en);
    put_member(w, to, ", \"note\": ", p->item.note);
    if (!w->status) note(w, tocsin__buffer_printf(&to->text, ", \"terms\": [\"terms-%zu.csv\"]}", index));
}

/*
 * Writes each on a line of its own, so that a mistake in it gets its label; the following lines get the tier's label
 * again.
 */
static void put_deadlines(sources *w, source *to, const tocsin__builder_part *p, size_t tier) {
    int any = 0;
    for (size_t i = 0; i < w->builder->deadlines.length; i++) {
        const tocsin__builder_deadline *d = &w->builder->deadlines.data[i];
        if (d->tier != tier || !d->hours) continue;
        put(w, to, any++ ? "," : ", \"deadlines\": {");
        end_line(w, to);
        mark(w, to, &d->origin, 0, d->name);
        put_key(w, to, d->name);
        put(w, to, ": ");
        put_integer(w, to, d->hours);
    }
    if (!any) return;
    put(w, to, "}");
    end_line(w, to);
    mark(w, to, &p->origin, 0, p->item.id);
}

static void put_parts(sources *w, source *to, tocsin_part part, size_t tier);

/* Writes a tier, a clause or a route. */
static void put_item(sources *w, source *to, const tocsin__builder_part *p, size_t index) {
    put(w, to, "{\"id\": ");
    put_string(w, to, p->item.id);
    put_member(w, to, ", \"name\": ", p->item.name);
    put_member(w, to, ", \"name_en\": ", p->item.name_en);
    put_member(w, to, ", \"note\": ", p->item.note);
    if (p->part == TOCSIN_PART_TIER) {
        put_deadlines(w, to, p, index);
        const int is_mild = p->base_tier && p->base_tier->severity == TOCSIN__SEVERITY_MILD;
        if (p->item.severe || is_mild) put(w, to, p->item.severe ? ", \"severe\": true" : ", \"severe\": false");
        put(w, to, ", \"clauses\": [");
        put_parts(w, to, TOCSIN_PART_CLAUSE, index);
        put(w, to, "]}");
    } else {
        put(w, to, ", \"when\":");
        put_expression(w, to, &p->origin, p->item.when);
        put(w, to, "}");
    }
}

/* Writes the parts of a kind (of clauses, those of a tier), each from a line of its own on. */
static void put_parts(sources *w, source *to, tocsin_part part, size_t tier) {
    int any = 0;
    for (size_t i = 0; i < w->builder->parts.length && !w->status; i++) {
        const tocsin__builder_part *p = &w->builder->parts.data[i];
        if (p->part != part || p->removed || (part == TOCSIN_PART_CLAUSE && p->tier != tier)) continue;
        put(w, to, any++ ? "," : "");
        end_line(w, to);
        mark(w, to, &p->origin, 0, p->item.id);
        switch (part) {
            case TOCSIN_PART_TOPIC: put_topic(w, to, p, i); break;
            case TOCSIN_PART_DEFINE:
                put_key(w, to, p->item.id);
                put(w, to, ":");
                put_expression(w, to, &p->origin, p->item.when);
                break;
            case TOCSIN_PART_LEARNED:
                put_key(w, to, p->item.id);
                if (!w->status) note(w, tocsin__buffer_printf(&to->text, ": {\"weights\": \"weights-%zu.tsv\"", i));
                put_member(w, to, ", \"note\": ", p->item.note);
                put(w, to, "}");
                break;
            default: put_item(w, to, p, i); break;
        }
    }
}

static int has_part(const tocsin_builder *b, tocsin_part part) {
    for (size_t i = 0; i < b->parts.length; i++) {
        if (b->parts.data[i].part == part && !b->parts.data[i].removed) return 1;
    }
    return 0;
}

static void put_section(sources *w, source *to, const char *key, tocsin_part part, const char *end) {
    if (!has_part(w->builder, part)) return;
    next_member(w, to);
    put(w, to, key);
    put_parts(w, to, part, 0);
    put(w, to, end);
}

static void put_example(sources *w, source *to, const tocsin_builder_example *e) {
    put(w, to, "{\"tier\": ");
    put_string(w, to, e->tier);
    put_member(w, to, ", \"id\": ", e->id);
    put_member(w, to, ", \"title\": ", e->title);
    put_member(w, to, ", \"text\": ", e->text);
    put_member(w, to, ", \"source\": ", e->source);
    if (e->venue) put_name(w, to, ", \"venue\": ", tocsin_venue_name(e->venue));
    if (e->attention) put_name(w, to, ", \"attention\": ", tocsin_attention_name(e->attention));
    put(w, to, ", \"reach\": ");
    put_integer(w, to, e->reach);
    if (e->has_clauses) put(w, to, ", \"clauses\": [");
    for (size_t i = 0; i < e->clause_count; i++) {
        put(w, to, i ? ", " : "");
        put_string(w, to, e->clauses[i]);
    }
    put(w, to, e->has_clauses ? "]}" : "}");
}

static void put_examples(sources *w, source *to) {
    const tocsin_builder *b = w->builder;
    for (size_t i = 0; i < b->examples.length && !w->status; i++) {
        next_member(w, to);
        if (!i) put(w, to, "\"examples\": [");
        mark(w, to, &b->examples.data[i].origin, 0, (tocsin_bytes){"", 0});
        put_example(w, to, &b->examples.data[i].given);
    }
    if (b->examples.length) put(w, to, "]");
}

static int has_venues(const tocsin_builder *b) {
    size_t i = 0;
    while (i < b->venues.length && b->venues.data[i].removed) i++;
    return i < b->venues.length;
}

/* ---- lists ---- */

/* In each byte that is below `than`, at most 128, the high bit; some bytes above such a byte may have it too. */
static uint64_t bytes_below(uint64_t bytes, uint64_t than) {
    return (bytes - than * UINT64_C(0x0101010101010101)) & ~bytes & UINT64_C(0x8080808080808080);
}

static uint64_t bytes_equal(uint64_t bytes, uint64_t to) {
    return bytes_below(bytes ^ to * UINT64_C(0x0101010101010101), 1);
}

/* Whether a cell means the same without quotes, which take longer to read. */
static int is_plain(tocsin_bytes value) {
    size_t i = 0;
    for (uint64_t eight; value.length - i >= sizeof eight; i += sizeof eight) {
        memcpy(&eight, value.data + i, sizeof eight);
        if (bytes_below(eight, ' ' + 1) | bytes_equal(eight, '"') | bytes_equal(eight, ',') |
            bytes_equal(eight, 0x7F)) {
            return 0;
        }
    }
    for (; i < value.length; i++) {
        const char c = value.data[i];
        if ((unsigned char)c <= ' ' || c == '"' || c == ',' || c == '\x7F') return 0;
    }
    return 1;
}

static uint32_t count_line_ends(tocsin_bytes text) {
    uint32_t count = 0;
    if (!memchr(text.data, '\n', text.length) && !memchr(text.data, '\r', text.length)) return 0;
    for (size_t i = 0; i < text.length; i++) {
        const int next = i + 1 < text.length ? text.data[i + 1] : 0;
        count += text.data[i] == '\n' || (text.data[i] == '\r' && next != '\n');
    }
    return count;
}

/* Writes into room that is large enough: a list may have a hundred thousand rows. */
static char *write_cell(source *to, char *at, tocsin_bytes value) {
    const char *from = value.data, *const end = from + value.length;
    if (!value.length) return at;
    const int quoted = !is_plain(value);
    if (quoted) *at++ = '"';
    const char *quote = quoted ? memchr(from, '"', value.length) : NULL;
    while (quote) {
        const size_t length = (size_t)(quote + 1 - from);
        memcpy(at, from, length);
        at += length;
        *at++ = '"';
        from = quote + 1;
        quote = memchr(from, '"', (size_t)(end - from));
    }
    memcpy(at, from, (size_t)(end - from));
    at += end - from;
    if (!quoted) return at;
    to->line += count_line_ends(value);
    *at++ = '"';
    return at;
}

static char *write_text(char *at, const char *text) {
    while (*text) *at++ = *text++;
    return at;
}

/* With at least so many places. */
static char *write_integer(char *at, uint64_t value, unsigned places) {
    char digits[20];
    unsigned count = 0;
    for (; value || count < places; value /= 10) digits[count++] = (char)('0' + value % 10);
    while (count) *at++ = digits[--count];
    return at;
}

#define LONGEST_DECIMAL 32

/*
 * With as few digits as give the value again, 15 at most; in every locale with a point. Content that no list may have
 * is written in such a way that the compiler refuses it and names it.
 */
static char *write_decimal(char *at, double value) {
    double scale = 1;
    unsigned places = 0;
    if (!(value >= 0 && value < 1e15)) {
        const int length = snprintf(at, LONGEST_DECIMAL, "%.6g", value);
        return at + (length > 0 ? length : 0);
    }
    while (places < 14 && value * scale < 1e14 && (double)(uint64_t)(value * scale + 0.5) / scale != value) {
        scale *= 10;
        places++;
    }
    const uint64_t digits = (uint64_t)(value * scale + 0.5), whole = (uint64_t)scale;
    at = write_integer(at, digits / whole, 1);
    if (!(digits % whole)) return at;
    *at++ = '.';
    return write_integer(at, digits % whole, places);
}

/* The phrases of a term joined by ; as a list spells them: those of the base are in `room` then. */
static tocsin_status join_unless(const tocsin_builder *b, const tocsin__builder_entry *term, tocsin_buffer *room,
                                 tocsin_bytes *joined) {
    *joined = term->unless;
    if (term->base_term == TOCSIN__LEXICON_NEW) return TOCSIN_OK;
    const tocsin__lexicon *lexicon = &b->base->lexicon;
    const tocsin__term *from = &lexicon->terms[term->base_term];
    tocsin_status status = TOCSIN_OK;
    if (!from->unless_count) return TOCSIN_OK;
    room->length = 0;
    for (uint32_t i = 0; i < from->unless_count && !status; i++) {
        const tocsin_bytes phrase = lexicon->unless[from->unless_first + i].original;
        status = tocsin_buffer_append(room, phrase.data, phrase.length);
        if (!status) status = tocsin_buffer_append(room, ";", 1);
    }
    *joined = (tocsin_bytes){room->data, room->length};
    return status;
}

static void put_term(sources *w, source *to, const tocsin__builder_entry *term, tocsin_buffer *room) {
    static const char *const kinds[] = {",,", ",regex,", ",quantity,"}, *const bounds[] = {",", ",auto", ",word",
                                                                                           ",none"};
    const tocsin__lexicon_row row = {to->text.length, to->line, term->base_term};
    tocsin_bytes unless;
    mark(w, to, &term->origin, 0, term->text);
    if (!w->status) note(w, tocsin__vec_push(&to->rows, &w->builder->allocator, row));
    if (!w->status) note(w, join_unless(w->builder, term, room, &unless));
    if (w->status) return;
    const size_t most = 2 * (term->text.length + unless.length + term->note.length) + 2 * LONGEST_DECIMAL + 64;
    note(w, tocsin__buffer_reserve(&to->text, most));
    if (w->status) return;
    char *at = write_cell(to, to->text.data + to->text.length, term->text);
    at = write_text(at, kinds[term->kind]);
    if (term->weight != 1) at = write_decimal(at, term->weight);
    at = write_text(at, bounds[term->bounds]);
    *at++ = ',';
    at = write_cell(to, at, unless);
    *at++ = ',';
    if (term->kind == TOCSIN_TERM_QUANTITY || term->unit != 1) at = write_decimal(at, term->unit);
    *at++ = ',';
    at = write_cell(to, at, term->note);
    *at++ = '\n';
    *at = '\0';
    to->line++;
    to->text.length = (size_t)(at - to->text.data);
}

static void put_venue(sources *w, source *to, const tocsin__builder_venue *venue) {
    const char *name = tocsin_venue_name(venue->venue);
    mark(w, to, &venue->origin, 0, venue->pattern);
    if (!w->status) note(w, tocsin__buffer_reserve(&to->text, 2 * venue->pattern.length + strlen(name) + 8));
    if (w->status) return;
    char *at = write_cell(to, to->text.data + to->text.length, venue->pattern);
    *at++ = ',';
    at = write_text(at, name);
    *at++ = '\n';
    *at = '\0';
    to->line++;
    to->text.length = (size_t)(at - to->text.data);
}

/* The list of a topic. */
typedef struct list_plan {
    uint32_t source;    /* index */
    size_t rows, bytes; /* about so many */
} list_plan;

static void count_rows(const tocsin_builder *b, list_plan *lists) {
    for (size_t i = 0; i < b->terms.length; i++) {
        const tocsin__builder_entry *term = &b->terms.data[i];
        if (term->removed) continue;
        lists[term->topic].rows++;
        lists[term->topic].bytes += term->text.length + term->note.length + 24;
    }
}

/* Begins the list of a topic, or the weights of a score, which is part i. */
static void begin_list(sources *w, const tocsin__builder_part *p, size_t i, list_plan *list) {
    const tocsin_allocator *allocator = &w->builder->allocator;
    const int is_topic = p->part == TOCSIN_PART_TOPIC;
    char name[sizeof last(w)->name];
    (void)snprintf(name, sizeof name, is_topic ? "terms-%zu.csv" : "weights-%zu.tsv", i);
    if (!begin(w, name)) return;
    source *to = last(w);
    list->source = (uint32_t)(w->list.length - 1);
    mark(w, to, &p->origin, 0, p->item.id);
    if (!is_topic && p->file) {
        to->file = p->file;
        to->lent = p->item.weights;
    } else if (!is_topic && !w->status) {
        note(w, tocsin_buffer_append(&to->text, p->item.weights.data, p->item.weights.length));
    } else {
        if (!w->status) note(w, tocsin__vec_reserve(&to->marks, list->rows + 1, allocator));
        if (!w->status) note(w, tocsin__vec_reserve(&to->rows, list->rows, allocator));
        if (!w->status) note(w, tocsin__buffer_reserve(&to->text, list->bytes + 64));
        put(w, to, "term,kind,weight,bounds,unless,unit,note");
        end_line(w, to);
    }
}

/* Writes a source for each topic with its terms, in one walk over all terms. */
static void write_lists(sources *w) {
    const tocsin_builder *b = w->builder;
    tocsin_buffer room;
    list_plan *lists = tocsin__allocate_zeroed(&b->allocator, b->parts.length * sizeof *lists);
    tocsin_buffer_init(&room, &b->allocator);
    if (lists) {
        count_rows(b, lists);
    } else {
        note(w, TOCSIN_ERROR_MEMORY);
    }
    for (size_t i = 0; i < b->parts.length && !w->status; i++) {
        const tocsin__builder_part *p = &b->parts.data[i];
        if (p->removed || (p->part != TOCSIN_PART_TOPIC && p->part != TOCSIN_PART_LEARNED)) continue;
        begin_list(w, p, i, &lists[i]);
    }
    for (size_t i = 0; i < b->terms.length && !w->status; i++) {
        const tocsin__builder_entry *term = &b->terms.data[i];
        if (!term->removed) put_term(w, &w->list.data[lists[term->topic].source], term, &room);
    }
    tocsin_buffer_release(&room);
    tocsin__deallocate(&b->allocator, lists, b->parts.length * sizeof *lists);
}

static void write_venues(sources *w) {
    const tocsin_builder *b = w->builder;
    if (!has_venues(b) || !begin(w, "venues.csv")) return;
    note(w, tocsin__vec_reserve(&last(w)->marks, b->venues.length, &b->allocator));
    put(w, last(w), "pattern,class");
    end_line(w, last(w));
    for (size_t i = 0; i < b->venues.length && !w->status; i++) {
        const tocsin__builder_venue *venue = &b->venues.data[i];
        if (!venue->removed) put_venue(w, last(w), venue);
    }
}

tocsin_status tocsin__builder_write(const tocsin_builder *builder, tocsin__builder_sources *w) {
    *w = (tocsin__builder_sources){.builder = builder};
    if (!begin(w, "plan.yaml")) return w->status;
    source *to = last(w);
    put_head(w, to);
    put_section(w, to, "\"topics\": {", TOCSIN_PART_TOPIC, "}");
    put_section(w, to, "\"define\": {", TOCSIN_PART_DEFINE, "}");
    put_section(w, to, "\"learned\": {", TOCSIN_PART_LEARNED, "}");
    put_section(w, to, "\"tiers\": [", TOCSIN_PART_TIER, "]");
    put_section(w, to, "\"routes\": [", TOCSIN_PART_ROUTE, "]");
    if (has_venues(builder)) {
        next_member(w, to);
        put(w, to, "\"venues\": \"venues.csv\"");
    }
    put_examples(w, to);
    put(w, to, "}");
    end_line(w, to);
    write_lists(w);
    write_venues(w);
    return w->status;
}

void tocsin__builder_sources_release(tocsin__builder_sources *w) {
    for (size_t i = 0; i < w->list.length; i++) {
        tocsin_buffer_release(&w->list.data[i].text);
        tocsin__vec_release(&w->list.data[i].marks, &w->builder->allocator);
        tocsin__vec_release(&w->list.data[i].rows, &w->builder->allocator);
    }
    tocsin__vec_release(&w->list, &w->builder->allocator);
}

/* ---- back from a place ---- */

/* The byte of an expression at a column of its line. */
static size_t offset_in(const tocsin__builder_mark *m, uint32_t column) {
    size_t at = 0, next = 0;
    for (size_t seen = (size_t)m->column + 1; at < m->value.length; at = next) {
        seen += written_width(tocsin__utf8_next(m->value.data, m->value.length, at, &next));
        if (seen > column) break;
    }
    return at;
}

static tocsin__place place_in(const tocsin__builder_mark *m, uint32_t column) {
    const size_t at = offset_in(m, column);
    if (m->origin.text) return tocsin__plan_locate(m->origin.text, at);
    tocsin__place place = {m->origin.place.file, 1, 1};
    tocsin__place_advance(&place, m->value.data, at, m->value.length - at);
    return place;
}

/* The first mark of a source behind a line. */
static size_t mark_behind(const source *s, uint32_t line) {
    size_t low = 0, high = s->marks.length;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (s->marks.data[middle].line <= line) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

tocsin__place tocsin__builder_locate_next(tocsin__builder_cursor *cursor, const char *file, uint32_t line,
                                          uint32_t column) {
    if (file != cursor->file) {
        cursor->file = file;
        cursor->source = NULL;
        cursor->mark = 0;
        for (size_t i = 0; i < cursor->sources->list.length; i++) {
            if (!strcmp(cursor->sources->list.data[i].name, file)) cursor->source = &cursor->sources->list.data[i];
        }
    }
    const source *s = cursor->source;
    if (!s || !s->marks.length) return (tocsin__place){"", 0, 0};
    size_t at = cursor->mark;
    if (at < s->marks.length && s->marks.data[at].line <= line) at++; /* usually the next line */
    const int is_found =
        (!at || s->marks.data[at - 1].line <= line) && (at == s->marks.length || s->marks.data[at].line > line);
    if (!is_found) at = mark_behind(s, line);
    cursor->mark = at;
    const tocsin__builder_mark *found = &s->marks.data[at ? at - 1 : 0];
    if (found->line != line && found->column) return (tocsin__place){"", 0, 0}; /* behind an expression */
    return found->column && column > found->column ? place_in(found, column) : found->origin.place;
}

tocsin__place tocsin__builder_locate(const tocsin__builder_sources *w, const char *file, uint32_t line,
                                     uint32_t column) {
    tocsin__builder_cursor cursor = {w, NULL, NULL, 0};
    return tocsin__builder_locate_next(&cursor, file, line, column);
}
