/*
 * One pass over the bytes. A user name ends before the first character that is no letter, digit, _ - or ·. A run that
 * is longer than any platform allows is no name, and only its @ is removed. A set phrase is removed only if it stands
 * by itself, so that 网友转发微博称 keeps its words.
 */
#include "track/post_text.h"

#include <string.h>

#include "base/utf8.h"
#include "text/icu_properties.h"

#define NAME_UNITS 30u  /* of a user name; a character beyond ASCII counts as two */
#define EMOJI_LETTERS 8 /* between the brackets of [允悲] */
#define TAG_LETTERS 60  /* between the marks of a hashtag */
#define HOST_BYTES 64u  /* of a link */
#define LIST_ITEMS 3    /* items that make a list */
#define ITEM_BYTES 24u  /* least bytes of each item */

/* Phrases that are removed if they stand alone. */
static const char *const phrases[] = {"转发微博", "轉發微博", "快转微博", "转发",     "轉發",
                                      "分享图片", "分享圖片", "分享视频", "分享視頻", "网页链接",
                                      "網頁鏈接", "查看图片", "查看圖片", "查看原文", "展开全文",
                                      "展開全文", "收起全文", "全文",     "Repost"};

/* Marks before a name that is answered, and from `quoting` on before a name that is quoted. */
static const char *const heralds[] = {"回复", "回復", "回覆", "//", "／／", "转自", "轉自", "RT", "rt"};
static const size_t quoting = 3;

typedef struct scan {
    const char *text;
    size_t length;
    tocsin__post_text *post;
} scan;

void tocsin__post_text_release(tocsin__post_text *post, const tocsin_allocator *allocator) {
    tocsin__vec_release(&post->kept, allocator);
    tocsin__vec_release(&post->names, allocator);
}

static int starts(const scan *s, size_t at, const char *with, size_t *length) {
    *length = strlen(with);
    return s->length - at >= *length && !memcmp(s->text + at, with, *length);
}

static int is_plain_letter(unsigned char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static int is_of_name(uint32_t c) {
    if (c < 0x80) return is_plain_letter((unsigned char)c) || c == '_' || c == '-';
    return c != TOCSIN__UTF8_MALFORMED && (c == 0xB7 || c == 0x2022 || tocsin__is_letter_or_decimal(c));
}

/* The end of the name that starts at `at`; `at` if there is none. */
static size_t name_end(const scan *s, size_t at) {
    const size_t start = at;
    for (uint32_t units = 0; at < s->length;) {
        size_t next;
        const uint32_t c = tocsin__utf8_next(s->text, s->length, at, &next);
        if (!is_of_name(c)) return at;
        units += c < 0x80 ? 1 : 2;
        if (units > NAME_UNITS) return start;
        at = next;
    }
    return at;
}

/* Bytes of an @ here; 0 if there is none. */
static size_t mark_of(const scan *s, size_t at) {
    if (s->text[at] == '@') return 1;
    return s->length - at >= 3 && !memcmp(s->text + at, "\xEF\xBC\xA0", 3) ? 3 : 0; /* ＠ */
}

static int is_space(const char *text, size_t length) {
    const char c = text[length - 1];
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static int kept_ends_with(const tocsin__post_text *p, const char *what, size_t length) {
    return p->kept.length >= length && !memcmp(p->kept.data + p->kept.length - length, what, length);
}

static void drop_spaces(tocsin__post_text *p) {
    while (p->kept.length && is_space(p->kept.data, p->kept.length)) p->kept.length--;
}

/* Removes a herald before the name, and the spaces around it. Returns whether the name is quoted. */
static int drop_herald(tocsin__post_text *p) {
    const size_t before = p->kept.length;
    drop_spaces(p);
    for (size_t i = 0; i < sizeof heralds / sizeof *heralds; i++) {
        const size_t length = strlen(heralds[i]);
        if (!kept_ends_with(p, heralds[i], length)) continue;
        p->kept.length -= length;
        drop_spaces(p);
        return i >= quoting;
    }
    p->kept.length = before;
    return 0;
}

static void put_break(tocsin__post_text *p, int quotes) {
    if (!p->kept.length) return;
    char *last = &p->kept.data[p->kept.length - 1];
    const int is_break = *last == TOCSIN__POST_BREAK || *last == TOCSIN__POST_QUOTE;
    if (is_break && !quotes) return;
    if (!is_break) last = &p->kept.data[p->kept.length++];
    *last = quotes ? TOCSIN__POST_QUOTE : TOCSIN__POST_BREAK;
}

/* Whether the @ belongs to a mail address: a@b.org. */
static int is_mail(const scan *s, size_t at, size_t mark) {
    if (!at || !is_plain_letter((unsigned char)s->text[at - 1])) return 0;
    size_t end = at + mark, dots = 0;
    for (; end < s->length && (is_plain_letter((unsigned char)s->text[end]) || strchr(".-_", s->text[end])); end++) {
        dots += s->text[end] == '.' && end + 1 < s->length && is_plain_letter((unsigned char)s->text[end + 1]);
    }
    return dots > 0;
}

/* Removes a user name at its @; returns where to go on. */
static size_t take_name(scan *s, size_t at, size_t mark) {
    tocsin__post_text *p = s->post;
    size_t length, end = name_end(s, at + mark);
    if (is_mail(s, at, mark)) {
        memcpy(p->kept.data + p->kept.length, s->text + at, mark);
        p->kept.length += mark;
        return at + mark;
    }
    if (end == at + mark) return end;
    put_break(p, drop_herald(p));
    memcpy(p->names.data + p->names.length, s->text + at + mark, end - at - mark);
    p->names.length += end - at - mark;
    p->names.data[p->names.length++] = TOCSIN__POST_BREAK;
    while (end < s->length && s->text[end] == ' ') end++;
    if (end < s->length && s->text[end] == ':') return end + 1;
    return end < s->length && starts(s, end, "：", &length) ? end + length : end;
}

static int is_of_link(unsigned char c) { return c > ' ' && c < 0x7F && !strchr("<>\"\\^`{|}", c); }

/* The end of a link that starts here: a scheme, www., or a host with a path. `at` if there is none. */
static size_t link_end(const scan *s, size_t at) {
    static const char *const schemes[] = {"http://", "https://", "www."};
    size_t end = at, length, dot = at;
    int digits = 0; /* after the last dot: 3.5/10 is no host */
    if (at && is_plain_letter((unsigned char)s->text[at - 1])) return at;
    for (; end < s->length && end - at < HOST_BYTES; end++) {
        const char c = s->text[end];
        if (!is_plain_letter((unsigned char)c) && c != '.' && c != '-') break;
        digits = c == '.' ? 0 : digits | (c >= '0' && c <= '9');
        if (c == '.') dot = end;
    }
    int is_link = dot > at && end >= dot + 3 && !digits && end + 1 < s->length && s->text[end] == '/' &&
                  is_of_link((unsigned char)s->text[end + 1]);
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) is_link |= starts(s, at, schemes[i], &length);
    if (!is_link) return at;
    while (end < s->length && is_of_link((unsigned char)s->text[end])) end++;
    return end;
}

/* The end of [允悲]; `at` if it is none. */
static size_t emoji_end(const scan *s, size_t at) {
    size_t end = at + 1;
    for (int letters = 0; end < s->length && letters <= EMOJI_LETTERS; letters++) {
        if (s->text[end] == ']') return letters ? end + 1 : at;
        const uint32_t c = tocsin__utf8_next(s->text, s->length, end, &end);
        if (c == TOCSIN__UTF8_MALFORMED || !tocsin__is_letter_or_decimal(c)) return at;
    }
    return at;
}

/* Bytes of a # here; 0 if there is none. */
static size_t hash_of(const scan *s, size_t at) {
    if (s->text[at] == '#') return 1;
    return s->length - at >= 3 && !memcmp(s->text + at, "\xEF\xBC\x83", 3) ? 3 : 0; /* ＃ */
}

/* The # that closes the tag whose opening ends at `at`; length if it is no tag, as in 6#楼. */
static size_t tag_close(const scan *s, size_t at) {
    size_t end = at;
    for (int letters = 0; end < s->length && letters <= TAG_LETTERS; letters++) {
        if (hash_of(s, end)) return end > at ? end : s->length;
        if (s->text[end] == '\n') return s->length;
        (void)tocsin__utf8_next(s->text, s->length, end, &end);
    }
    return s->length;
}

/* Whether a word cannot go on across the end of the kept text, or across this place of the text. */
static int is_edge_before(const scan *s) {
    const tocsin__post_text *p = s->post;
    if (!p->kept.length || (unsigned char)p->kept.data[p->kept.length - 1] <= ' ') return 1;
    return kept_ends_with(p, "…", 3) || kept_ends_with(p, "...", 3) || kept_ends_with(p, "。。", 6);
}

static int is_edge(const scan *s, size_t at) {
    size_t next;
    if (at >= s->length || (unsigned char)s->text[at] <= ' ' || mark_of(s, at)) return 1;
    const uint32_t c = tocsin__utf8_next(s->text, s->length, at, &next);
    return c != TOCSIN__UTF8_MALFORMED && (tocsin__is_punctuation(c) || tocsin__is_symbol(c));
}

/* Removes the author's name in L庐州老街坊的微博视频, from its L on. Returns whether it did. */
static int drop_film_name(scan *s) {
    tocsin__post_text *p = s->post;
    size_t start = p->kept.length;
    while (start && p->kept.length - start < 2u * NAME_UNITS && p->kept.data[start - 1] != 'L') start--;
    if (!start || p->kept.data[start - 1] != 'L') return 0;
    if (start > 1 && (unsigned char)p->kept.data[start - 2] > ' ') return 0;
    memcpy(p->names.data + p->names.length, p->kept.data + start, p->kept.length - start);
    p->names.length += p->kept.length - start;
    p->names.data[p->names.length++] = TOCSIN__POST_BREAK;
    p->kept.length = start - 1;
    return 1;
}

static size_t phrase_end(scan *s, size_t at) {
    size_t length;
    if (starts(s, at, "的微博视频", &length) && drop_film_name(s)) return at + length;
    if (!is_edge_before(s)) return at;
    for (size_t i = 0; i < sizeof phrases / sizeof *phrases; i++) {
        if (starts(s, at, phrases[i], &length) && is_edge(s, at + length)) return at + length;
    }
    return at;
}

/* Where to continue after the part removed here; `at` if nothing is. */
static size_t take_mark(scan *s, size_t at, size_t *close) {
    const unsigned char c = (unsigned char)s->text[at];
    const size_t mark = mark_of(s, at), hash = hash_of(s, at);
    if (mark) return take_name(s, at, mark);
    if (c == '[') return emoji_end(s, at);
    if (hash && at == *close) return at + hash;
    if (hash && !(at && s->text[at - 1] >= '0' && s->text[at - 1] <= '9')) {
        const size_t end = tag_close(s, at + hash);
        if (end == s->length) return at;
        *close = end;
        return at + hash;
    }
    if (is_plain_letter(c)) {
        const size_t end = link_end(s, at);
        if (end > at) return end;
    }
    return c >= 0x80 || c == 'R' ? phrase_end(s, at) : at;
}

tocsin_status tocsin__post_text_take(tocsin__post_text *post, tocsin_bytes text, const tocsin_allocator *allocator) {
    scan s = {text.data, text.length, post};
    size_t close = SIZE_MAX;
    post->kept.length = post->names.length = 0;
    tocsin_status status = tocsin__vec_reserve(&post->kept, text.length + 1, allocator);
    if (!status) status = tocsin__vec_reserve(&post->names, text.length + 1, allocator);
    for (size_t at = 0; !status && at < text.length;) {
        size_t next = take_mark(&s, at, &close);
        if (next == at) {
            (void)tocsin__utf8_next(s.text, s.length, at, &next);
            memcpy(post->kept.data + post->kept.length, s.text + at, next - at);
            post->kept.length += next - at;
        }
        at = next;
    }
    return status;
}

int tocsin__post_text_is_list(tocsin_bytes text) {
    static const char *const marks[] = {"、", "．", "）", "：", ". ", ")"};
    const scan s = {text.data, text.length, NULL};
    size_t last = 0, length;
    char wanted = '1';
    for (size_t at = 0; at + 1 < text.length && wanted < '1' + LIST_ITEMS; at++) {
        if (text.data[at] != wanted || (at && is_plain_letter((unsigned char)text.data[at - 1]))) continue;
        if (wanted > '1' && at - last < ITEM_BYTES) continue;
        for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
            if (!starts(&s, at + 1, marks[i], &length)) continue;
            last = at;
            wanted++;
            break;
        }
    }
    return wanted == '1' + LIST_ITEMS;
}
