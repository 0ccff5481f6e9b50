/* --field, --set and --shape. */
#include "feed/feed_names.h"

#include <string.h>

#include <tocsin/document.h>

static const char *const fields[FEED_FIELD_COUNT] = {"id",    "time",  "source", "venue",
                                                     "reach", "title", "text",   "collected"};

static const struct {
    const char *shape;
    const char *names[FEED_FIELD_COUNT];
} shapes[] = {
    {"weibo-crawler", {"id,bid", "created_at", NULL, NULL, "reposts_count", NULL, "text,retweet.text", NULL}},
    {"weibospider",
     {"id,weibo_id", "publish_time,created_at", NULL, NULL, "retweet_num", NULL, "content,weibo_content", NULL}},
    {"mediacrawler",
     {"note_id,aweme_id,video_id,content_id", "create_time,time,publish_time,created_time", NULL, NULL,
      "shared_count,share_count,video_share_count,total_replay_num,comment_count", "title", "desc,content,content_text",
      "last_modify_ts"}},
    {"rss",
     {"id,guid,url,link", "date_published,pubDate,published,isoDate", NULL, NULL, NULL, "title",
      "content_text,contentSnippet,summary,description,content", NULL}},
};
#define SHAPES (sizeof shapes / sizeof *shapes)

const char *feed_shape_name(size_t i) { return i < SHAPES ? shapes[i].shape : NULL; }

const char *feed_names_set_shape(feed_names *names, const char *shape) {
    for (size_t i = 0; i < SHAPES; i++) {
        if (strcmp(shapes[i].shape, shape) != 0) continue;
        for (int field = 0; field < FEED_FIELD_COUNT; field++) {
            if (!names->names[field]) names->names[field] = shapes[i].names[field];
        }
        return NULL;
    }
    return "there is no such shape: weibo-crawler, weibospider, mediacrawler, rss";
}

const char *feed_field_name(feed_field field) { return fields[field]; }

static int is_path_wrong(const char *path) {
    const size_t length = strlen(path);
    if (!length || strchr(".,", path[0]) || strchr(".,", path[length - 1])) return 1;
    return strstr(path, "..") || strstr(path, ",,") || strstr(path, ".,") || strstr(path, ",.");
}

static int field_of(const char *setting, const char *equals, int count) {
    for (int i = 0; i < count; i++) {
        const size_t length = strlen(fields[i]);
        if ((size_t)(equals - setting) == length && !memcmp(setting, fields[i], length)) return i;
    }
    return -1;
}

static const char no_such_field[] = "there is no such field: id, time, source, venue, reach, title, text";

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
    if (is_path_wrong(path) || strchr(path, ',')) return "a name, or a part of it, is empty";
    names->records = path;
    return NULL;
}

const char *feed_names_set_constant(feed_names *names, const char *setting) {
    const char *equals = strchr(setting, '=');
    tocsin_venue venue;
    if (!equals) return "wants FIELD=VALUE";
    const int field = field_of(setting, equals, FIELD_COLLECTED);
    if (field < 0) return no_such_field;
    if (names->constants[field]) return "the field is set twice";
    if (field == FIELD_VENUE && !tocsin_venue_from_name(equals + 1, strlen(equals + 1), &venue))
        return "that is not a venue";
    names->constants[field] = equals + 1;
    return NULL;
}
