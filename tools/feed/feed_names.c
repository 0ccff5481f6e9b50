/* --field, --set and --shape. */
#include "feed/feed_names.h"

#include <string.h>

#include <tocsin/document.h>

static const char *const fields[FEED_FIELD_COUNT] = {"id",    "time", "source",    "venue", "reach",
                                                     "title", "text", "collected", "url"};

/* From the schemas that the projects publish; alternatives are those of its kinds of output. */
struct feed_shape {
    const char *name;
    const char *names[FEED_FIELD_COUNT];
    const char *source;  /* of all its documents; NULL: none */
    const char *records; /* of its JSON, if it is one object */
};

static const feed_shape shapes[] = {
    {"weibo-crawler",
     {"id,bid", "full_created_at,created_at,完整日期,日期", "", NULL, "reposts_count,转发数", NULL,
      "text|正文,retweet.text|源微博正文", NULL},
     "weibo.com",
     "weibo"},
    {"weibospider",
     {"id,微博id", "publish_time,发布时间", "", NULL, "retweet_num,转发数", NULL, "content|微博正文", NULL},
     "weibo.com",
     "weibo"},
    {"mediacrawler",
     {"comment_id,note_id,aweme_id,video_id,content_id", "create_time,time,publish_time,created_time",
      "note_url,aweme_url,video_url,content_url", NULL,
      "video_play_count,viewd_count,shared_count,share_count,total_replay_num,comment_count", "title",
      "content_text|desc|content", "last_modify_ts", "note_url,aweme_url,video_url,content_url"},
     NULL,
     NULL},
    {"rss",
     {"guid,id,url,link", "pubDate,date_published,isoDate,published,updated", "link,url", NULL, NULL, "title",
      "content_text|contentSnippet|content_html|content|description|summary", NULL, "link,url"},
     NULL,
     "items"},
};
#define SHAPES (sizeof shapes / sizeof *shapes)

const char *feed_names_set_shape(feed_names *names, const char *shape) {
    for (size_t i = 0; i < SHAPES; i++) {
        if (strcmp(shapes[i].name, shape) != 0) continue;
        names->shape = &shapes[i];
        return NULL;
    }
    return "there is no such shape: weibo-crawler, weibospider, mediacrawler, rss";
}

const char *feed_names_get(const feed_names *names, feed_field field) {
    if (names && names->names[field]) return names->names[field];
    if (names && names->shape && names->shape->names[field]) return names->shape->names[field];
    return field == FIELD_COLLECTED ? "" : fields[field];
}

const char *feed_names_get_constant(const feed_names *names, feed_field field) {
    if (!names || names->constants[field]) return names ? names->constants[field] : NULL;
    return names->shape && field == FIELD_SOURCE ? names->shape->source : NULL;
}

const char *feed_names_get_records(const feed_names *names, int *is_sure) {
    *is_sure = names && names->records;
    if (!names || names->records) return names ? names->records : NULL;
    return names->shape ? names->shape->records : NULL;
}

/* Commas or bars separate names, and dots the parts of a name. */
static int is_path_wrong(const char *path) {
    for (const char *at = path;; at++) {
        const size_t length = strcspn(at, ".,|");
        if (!length) return 1;
        at += length;
        if (!*at) return 0;
    }
}

static int field_of(const char *setting, const char *equals, int count) {
    for (int i = 0; i < count; i++) {
        const size_t length = strlen(fields[i]);
        if ((size_t)(equals - setting) == length && !memcmp(setting, fields[i], length)) return i;
    }
    return -1;
}

static const char no_such_field[] = "there is no such field: id, time, source, venue, reach, title, text, url";

static const char no_such_constant[] = "there is no such field: id, time, source, venue, reach, title, text";

const char *feed_names_set(feed_names *names, const char *setting) {
    const char *equals = strchr(setting, '=');
    if (!equals) return "wants FIELD=NAME";
    if (is_path_wrong(equals + 1)) return "a name, or a part of it, is empty";
    const int field = field_of(setting, equals, FEED_FIELD_COUNT);
    if (field < 0) return no_such_field;
    if (names->names[field]) return "the field is named twice";
    names->names[field] = equals + 1;
    return NULL;
}

const char *feed_names_set_records(feed_names *names, const char *path) {
    if (is_path_wrong(path) || strpbrk(path, ",|")) return "a name, or a part of it, is empty";
    names->records = path;
    return NULL;
}

const char *feed_names_set_further(feed_names *names, const char *path) {
    const char *brackets = strstr(path, "[]");
    const size_t length = brackets ? (size_t)(brackets - path) : strlen(path);
    char array[256];
    if (length >= sizeof array) return "a name, or a part of it, is too long";
    memcpy(array, path, length);
    array[length] = '\0';
    if (is_path_wrong(array) || strpbrk(array, ",|[")) return "a name, or a part of it, is empty";
    if (brackets && brackets[2] && (brackets[2] != '.' || is_path_wrong(brackets + 3) || strchr(brackets + 3, '['))) {
        return "after [] comes nothing, or a dot and a name: comments[].text";
    }
    names->further = path;
    return NULL;
}

const char *feed_names_set_constant(feed_names *names, const char *setting) {
    const char *equals = strchr(setting, '=');
    tocsin_venue venue;
    if (!equals) return "wants FIELD=VALUE";
    const int field = field_of(setting, equals, FIELD_COLLECTED);
    if (field < 0) return no_such_constant;
    if (names->constants[field]) return "the field is set twice";
    if (field == FIELD_VENUE && !tocsin_venue_from_name(equals + 1, strlen(equals + 1), &venue))
        return "that is not a venue";
    names->constants[field] = equals + 1;
    return NULL;
}
