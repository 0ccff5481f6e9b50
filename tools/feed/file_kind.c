/*
 * Two lists: bytes of files that hold no text, and words of text files whose lines hold no documents. A file on neither
 * list is refused too if it has control characters as no text has: its lines would be graded as nonsense, without a
 * message.
 */
#define _GNU_SOURCE /* memmem */

#include "feed/file_kind.h"

#include <string.h>
#include <strings.h>

#define LOOKED ((size_t)4096) /* bytes in which control characters are counted */
#define NULS_LOOKED ((size_t)512)
#define MOST_LINE ((size_t)64 * 1024) /* longest first line for which the reader waits, in bytes */
#define TAR_MARK ((size_t)257)        /* where it stands in the file */

static const char old_tar[] = "is a tar archive: unpack it";
static const char is_html[] = "is a page of HTML: extract its text first";
static const char is_xml[] = "is XML: convert it to JSON or CSV first";
static const char is_sql[] = "is SQL: export the table as CSV or JSON";
static const char is_mail[] = "is a mail or a page saved as MHTML: extract its text first";
static const char is_yaml[] = "is YAML: convert it to JSON or CSV first";

static const struct {
    const char *start;
    size_t length;
    const char *what;
} of_bytes[] = {
    {"PK\3\4", 4, "is a zip archive or an office document (xlsx, docx): save the sheet as CSV, or unpack the archive"},
    {"\xD0\xCF\x11\xE0", 4, "is an old office document (xls, doc): save the sheet as CSV"},
    {"\0\1\0\0Standard ", 13, "is an Access database: export a table as CSV"},
    {"%PDF", 4, "is a PDF document: extract its text first"},
    {"%!PS", 4, "is a PostScript document: extract its text first"},
    {"SQLite format 3", 15, "is a SQLite database: export a table as CSV or JSON"},
    {"BZh", 3, "is compressed by bzip2: pipe it through bzip2 -dc"},
    {"\xFD"
     "7zXZ",
     5, "is compressed by xz: pipe it through xz -dc"},
    {"\x5D\0\0", 3, "is compressed by lzma: pipe it through xz -dc"},
    {"\x04\x22\x4D\x18", 4, "is compressed by lz4: pipe it through lz4 -dc"},
    {"\x1F\x9D", 2, "is compressed by compress: pipe it through gzip -dc"},
    {"\xFF\x06\0\0sNaPpY", 10, "is compressed by snappy: unpack it"},
    {"7z\xBC\xAF", 4, "is a 7z archive: unpack it"},
    {"Rar!", 4, "is a RAR archive: unpack it"},
    {"\x89PNG", 4, "is a picture"},
    {"\xFF\xD8\xFF", 3, "is a picture"},
    {"GIF87a", 6, "is a picture"},
    {"GIF89a", 6, "is a picture"},
    {"\x7F"
     "ELF",
     4, "is a program"},
    {"\x89TOCSIN", 7, "is an image of a plan: give it with -p"},
    {"PAR1", 4, "is a Parquet file: export it as JSON or CSV"},
    {"ARROW1", 6, "is an Arrow file: export it as JSON or CSV"},
    {"Obj\1", 4, "is an Avro file: export it as JSON or CSV"},
};

static const struct {
    const char *start, *what;
    int of_html; /* also the start of a piece of HTML */
} of_text[] = {{"<!doctype html", is_html, 0},
               {"<html", is_html, 0},
               {"<table", is_html, 1},
               {"<head", is_html, 1},
               {"<body", is_html, 1},
               {"<meta", is_html, 1},
               {"<title", is_html, 1},
               {"<style", is_html, 1},
               {"<script", is_html, 1},
               {"<!--", is_html, 1},
               {"<?xml", is_xml, 0},
               {"<rss", is_xml, 0},
               {"<feed", is_xml, 0},
               {"<rdf:", is_xml, 0},
               {"<urlset", is_xml, 0},
               {"<sitemapindex", is_xml, 0},
               {"<opml", is_xml, 0},
               {"<svg", is_xml, 1},
               {"{\\rtf", "is a document of RTF: save it as plain text", 0},
               {"insert into ", is_sql, 0},
               {"create table ", is_sql, 0},
               {"create database ", is_sql, 0},
               {"drop table ", is_sql, 0},
               {"begin transaction;", is_sql, 0},
               {"pragma foreign_keys", is_sql, 0},
               {"set names ", is_sql, 0},
               {"-- mysql dump", is_sql, 0},
               {"-- mariadb dump", is_sql, 0},
               {"-- phpmyadmin", is_sql, 0},
               {"--\n-- postgresql", is_sql, 0},
               {"/*!", is_sql, 0},
               {"warc/", "is a WARC archive: extract the text of its pages first", 0},
               {"mime-version:", is_mail, 0},
               {"from: <saved by", is_mail, 0},
               {"return-path:", is_mail, 0},
               {"%yaml", is_yaml, 0},
               {"\x1F\x8B\x08", "is compressed twice: unpack it once", 0},
               {"\x28\xB5\x2F\xFD", "is compressed twice: unpack it once", 0}};

const char *file_kind_of_bytes(const char *start, size_t length) {
    for (size_t i = 0; i < sizeof of_bytes / sizeof *of_bytes; i++) {
        if (length >= of_bytes[i].length && !memcmp(start, of_bytes[i].start, of_bytes[i].length))
            return of_bytes[i].what;
    }
    return NULL;
}

int file_kind_needs_more(const char *start, size_t length) {
    for (size_t i = 0; i < sizeof of_bytes / sizeof *of_bytes; i++) {
        if (length < of_bytes[i].length && !memcmp(start, of_bytes[i].start, length)) return 1;
    }
    return 0;
}

/* ---- JSON and YAML that are not by themselves ---- */

static int is_blank(char byte) { return byte == ' ' || byte == '\t' || byte == '\r'; }

static int is_name(char byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') ||
           (byte && strchr("_$.", byte));
}

static size_t line_end(const char *text, size_t at, size_t length) {
    const char *end = memchr(text + at, '\n', length - at);
    return end ? (size_t)(end - text) : length;
}

/* `callback([`, `var posts = {`, or what keeps a page from running it: )]}', */
static int is_script(const char *text, size_t length, int *more) {
    size_t at = 0;
    int names = 0;
    if (length >= 4 && !memcmp(text, ")]}'", 4)) return 1;
    while (at < length && (is_name(text[at]) || is_blank(text[at]))) names |= is_name(text[at++]);
    if (!names || at == length || (text[at] != '(' && text[at] != '=')) return 0;
    for (at++; at < length && (is_blank(text[at]) || text[at] == '\n');) at++;
    *more = at == length;
    if (at == length || (text[at] != '{' && text[at] != '[')) return 0;
    for (at++; at < length && (is_blank(text[at]) || text[at] == '\n');) at++;
    *more = at == length;
    return at < length && text[at] && strchr("{[\"]}", text[at]);
}

/* Whether an object of JSON ends a line that begins with something else, as in a log. */
static int is_behind_text(const char *text, size_t length) {
    size_t end = line_end(text, 0, length);
    while (end && (is_blank(text[end - 1]) || strchr(",;)", text[end - 1]))) end--;
    if (!end || (text[end - 1] != '}' && text[end - 1] != ']')) return 0;
    const char *open = memmem(text, end, "{\"", 2);
    const char *colon = open ? memmem(open, (size_t)(text + end - open), "\":", 2) : NULL;
    return colon && open > text && open[-1] != '[' && open[-1] != '{';
}

/* `name:`, then a blank or the end of the line. */
static int is_yaml_key(const char *text, size_t length) {
    size_t at = 0;
    while (at < length && (is_name(text[at]) || text[at] == '-')) at++;
    return at && at < length && text[at] == ':' && (at + 1 == length || is_blank(text[at + 1]) || text[at + 1] == '\n');
}

/* `---` above a key, or an element with two keys. */
static int is_yaml_text(const char *text, size_t length, int *more) {
    const size_t end = line_end(text, 0, length), next = end < length ? end + 1 : length;
    if (length < 4 || text[0] != '-') return 0;
    const int is_start = !memcmp(text, "---", 3) && end <= 4;
    if (!is_start && (text[1] != ' ' || !is_yaml_key(text + 2, end - 2))) return 0;
    *more = line_end(text, next, length) == length;
    size_t second = next;
    while (second < length && (text[second] == ' ' || (is_start && text[second] == '-'))) second++;
    return (is_start || second > next) && is_yaml_key(text + second, length - second);
}

/* ---- bytes that no text has ---- */

static const char *control_characters(const char *text, size_t length) {
    const size_t looked = length < LOOKED ? length : LOOKED, nuls = length < NULS_LOOKED ? length : NULS_LOOKED;
    size_t controls = 0;
    const char *nul = nuls ? memchr(text, '\0', nuls) : NULL;
    if (nul && (nul - text) % 2 == 0 && (size_t)(nul - text) + 1 < nuls && nul[1])
        return "holds no text, or UTF-16 without a mark: say --encoding UTF-16BE, or --format text";
    if (nul) return "holds no text, or UTF-16 without a mark: say --encoding UTF-16LE, or --format text";
    for (size_t i = 0; i < looked; i++) {
        const unsigned char byte = (unsigned char)text[i];
        controls += byte < 0x20 && !strchr("\t\n\v\f\r\b\x1B\x1E", byte);
    }
    return controls > 1 + looked / 64 ? "holds no text: too many control characters; --format text reads it" : NULL;
}

const char *file_kind_of_text(const char *text, size_t length, int last, int has_html, int *more) {
    static const char is_json[] = "has JSON behind something else in its lines: leave only the JSON";
    const char *what = file_kind_of_bytes(text, length);
    const int is_line =
        last || length >= MOST_LINE || line_end(text, 0, length) < length; /* the first line is complete */
    *more = 0;
    if (what) return what;
    for (size_t i = 0; i < sizeof of_text / sizeof *of_text; i++) {
        const size_t n = strlen(of_text[i].start);
        if (has_html && of_text[i].of_html) continue;
        if (length >= n && !strncasecmp(text, of_text[i].start, n)) return of_text[i].what;
    }
    if (length >= TAR_MARK + 5 && !memcmp(text + TAR_MARK, "ustar", 5)) return old_tar;
    what = control_characters(text, length);
    *more = what && !last && length < TAR_MARK + 5;
    if (what) return *more ? NULL : what;
    if (!is_line) return NULL; /* the search for columns needs the whole line */
    if (is_script(text, length, more)) return "is JSON inside a program (JSONP): leave only the JSON in it";
    if (is_behind_text(text, length)) return is_json;
    int is_yaml_more = 0;
    if (is_yaml_text(text, length, &is_yaml_more)) return is_yaml;
    *more = (*more || is_yaml_more) && !last && length < MOST_LINE;
    return NULL;
}
