/* The venue catalogue: what a source matches, what a file may not contain, failing memory. */
#include <stdio.h>
#include <string.h>

#include "failing_allocator.h"
#include "plan/venue_catalogue.h"
#include "random_text.h"
#include "suite.h"

#define BYTES(text) ((tocsin_bytes){(text), strlen(text)})

static const char catalogue_text[] = "pattern,class,note\n"
                                     "people.com.cn,mainstream_site,人民网\n"
                                     "bbs.people.com.cn,hot_forum\n"
                                     "Example.COM,site\n"
                                     "cn,site\n"
                                     "tieba.baidu.com,hot_forum\n"
                                     "tieba.baidu.com/f/*,forum\n"
                                     "gov.cn,mainstream_site\n"
                                     "a.b.c.d.e.example.org,forum\n"
                                     "10.0.0.1,site\n"
                                     "例子.cn,forum\n"
                                     "weibo.com,account\n"
                                     "weibo.com/rmrb,mainstream_site\n"
                                     "weibo/*,account\n"
                                     "weibo/v/*,celebrity_account\n"
                                     "weibo/火场观察,celebrity_account\n"
                                     "weibo/Fire,hot_forum\n"
                                     "人民网,mainstream_site\n"
                                     "\"论坛,本地\",forum\n"
                                     "dotted.com.,site\n"
                                     "localhost,site\n";

enum {
    NONE = TOCSIN_VENUE_UNKNOWN,
    MAIN = TOCSIN_VENUE_MAINSTREAM_SITE,
    SITE = TOCSIN_VENUE_SITE,
    HOT = TOCSIN_VENUE_HOT_FORUM,
    FORUM = TOCSIN_VENUE_FORUM,
    STAR = TOCSIN_VENUE_CELEBRITY_ACCOUNT,
    ACCOUNT = TOCSIN_VENUE_ACCOUNT
};

static const struct {
    const char *source;
    int venue;
} lookups[] = {
    {"people.com.cn", MAIN},
    {"bj.people.com.cn", MAIN},
    {"a.b.c.people.com.cn", MAIN},
    {"xpeople.com.cn", NONE},
    {"people.com", NONE},
    {"com.cn", NONE},
    {"cn", SITE},
    {"bbs.people.com.cn", HOT},
    {"x.bbs.people.com.cn", HOT},
    {"bbs2.people.com.cn", MAIN},
    {"PEOPLE.com.CN", MAIN},
    {"people.com.cn.", MAIN},
    {"people.com.cn..", MAIN},
    {"people.com.cn:8080", MAIN},
    {"people.com.cn.:443", MAIN},
    {"people.com.cn:", MAIN},
    {"people.com.cn:80a", NONE},
    {"people.com.cn/path/x", MAIN},
    {"people.com.cn?q=1", MAIN},
    {"people.com.cn#top", MAIN},
    {"  people.com.cn\t\n", MAIN},
    {"http://people.com.cn", MAIN},
    {"HTTPS://People.Com.CN/a?b#c", MAIN},
    {"http://user:pass@people.com.cn:81/x", MAIN},
    {"http://user@evil.test@people.com.cn/x", MAIN},
    {"http://people.com.cn@evil.test/", NONE},
    {"http://evil.test/?u=people.com.cn", NONE},
    {"http://evil.test/people.com.cn", NONE},
    {"http://evil.test\\@people.com.cn", NONE},
    {"//people.com.cn/x", MAIN},
    {"git+ssh://people.com.cn/x", MAIN},
    {"http://", NONE},
    {"http:///x", NONE},
    {"example.com", SITE},
    {"www.example.com", SITE},
    {"notexample.com", NONE},
    {"x.gov.cn", MAIN},
    {"a.b.c.d.e.example.org", FORUM},
    {"z.a.b.c.d.e.example.org", FORUM},
    {"b.c.d.e.example.org", NONE},
    {"10.0.0.1", SITE},
    {"http://10.0.0.1:8080/", SITE},
    {"10.0.0.11", NONE},
    {"例子.cn", FORUM},
    {"论坛.例子.cn", FORUM},
    {"[2001:db8::1]:80", NONE},
    {"http://[2001:db8::1]/", NONE},
    {"weibo.com", ACCOUNT},
    {"https://weibo.com/someone", ACCOUNT},
    {"https://weibo.com/rmrb", MAIN},
    {"https://u@WEIBO.com:443/RMRB?x", MAIN},
    {"weibo.com/rmrb", MAIN},
    {"weibo.com/rmrb2", ACCOUNT},
    {"https://tieba.baidu.com/f/119", FORUM},
    {"https://tieba.baidu.com/p/119", HOT},
    {"weibo/someone", ACCOUNT},
    {"weibo/", ACCOUNT},
    {"weibo", NONE},
    {"Weibo/Someone", ACCOUNT},
    {"weibo/v/x", STAR},
    {"weibo/v/x/y", STAR},
    {"weibo/vx", ACCOUNT},
    {"weibo/火场观察", STAR},
    {"WEIBO/火场观察", STAR},
    {"weibo/火场观察2", ACCOUNT},
    {"weibo/火場觀察", ACCOUNT},
    {"weibo/fire", HOT},
    {"weibo/FIRE", HOT},
    {"人民网", MAIN},
    {"人民网2", NONE},
    {"论坛,本地", FORUM},
    {"dotted.com", SITE},
    {"dotted.com.", SITE},
    {"localhost", SITE},
    {"x.localhost", NONE},
    {"", NONE},
    {" ", NONE},
    {".", NONE},
    {"...", NONE},
    {"/", NONE},
    {":", NONE},
    {"@", NONE},
};

static tocsin__venue_catalogue *load(const char *text, tocsin_diagnostics *diagnostics) {
    tocsin__venue_catalogue *catalogue = NULL;
    ck_assert_int_eq(tocsin__venue_catalogue_create(tocsin_allocator_default(), &catalogue), TOCSIN_OK);
    ck_assert_int_eq(tocsin__venue_catalogue_add(catalogue, "venues.csv", BYTES(text), diagnostics), TOCSIN_OK);
    return catalogue;
}

START_TEST(sources_are_found) {
    tocsin_diagnostics *diagnostics = NULL;
    ck_assert_int_eq(tocsin_diagnostics_create(NULL, &diagnostics), TOCSIN_OK);
    tocsin__venue_catalogue *catalogue = load(catalogue_text, diagnostics);
    ck_assert_uint_eq(tocsin_diagnostics_count(diagnostics), 0);
    ck_assert_uint_eq(catalogue->entries.length, 20);
    const char *source = lookups[_i].source;
    ck_assert_msg((int)tocsin__venue_lookup(catalogue, BYTES(source)) == lookups[_i].venue, "%s", source);
    ck_assert_int_eq((int)tocsin__venue_lookup(NULL, BYTES(source)), NONE);
    tocsin__venue_catalogue_release(catalogue);
    tocsin_diagnostics_free(diagnostics);
}
END_TEST

START_TEST(long_sources_are_cut_and_never_overrun) {
    tocsin__venue_catalogue *catalogue = load(catalogue_text, NULL);
    char source[3000];
    for (size_t n = 0; n < sizeof source; n += n < 600 ? 1 : 97) {
        memset(source, 'a', n);
        ck_assert_int_eq((int)tocsin__venue_lookup(catalogue, (tocsin_bytes){source, n}), NONE);
        memset(source, '.', n);
        ck_assert_int_eq((int)tocsin__venue_lookup(catalogue, (tocsin_bytes){source, n}), NONE);
        memset(source, '/', n);
        ck_assert_int_eq((int)tocsin__venue_lookup(catalogue, (tocsin_bytes){source, n}), NONE);
        if (n >= 6) {
            memcpy(source, "weibo/", 6);
            ck_assert_int_eq((int)tocsin__venue_lookup(catalogue, (tocsin_bytes){source, n}), ACCOUNT);
        }
    }
    tocsin__venue_catalogue_release(catalogue);
}
END_TEST

/* A file and all that is said of it. */
static const struct {
    const char *text, *said;
} faults[] = {
    {"pattern,class\n", "venues.csv:1:1: warning: the catalogue has no rows [T220 empty-list]\n"},
    {"", "venues.csv:1:1: warning: the catalogue has no rows [T220 empty-list]\n"},
    {"pattern,class\na.cn,site\na.cn,site\n", "venues.csv:3:1: warning: pattern \"a.cn\" is already in venues.csv, "
                                              "line 2, as site [T504 duplicate-venue]\n"},
    {"pattern,class\na.cn,site\nA.CN.,forum\n", "venues.csv:3:1: error: pattern \"A.CN\" is already in venues.csv, "
                                                "line 2, as site [T505 conflicting-venue]\n"},
    {"pattern,class\na.cn,frum\n",
     "venues.csv:2:6: error: unknown class \"frum\"; did you mean \"forum\"? [T502 unknown-class]\n"},
    {"pattern,class\n人民.cn, 报纸\n",
     "venues.csv:2:8: error: unknown class \"报纸\"; there is mainstream_site, site, hot_forum, forum, "
     "celebrity_account, account, own [T502 unknown-class]\n"},
    {"pattern,class\na.cn,unknown\n",
     "venues.csv:2:6: error: unknown class \"unknown\"; there is mainstream_site, site, hot_forum, forum, "
     "celebrity_account, account, own [T502 unknown-class]\n"},
    {"pattern,class\na.cn,\n", "venues.csv:2:6: error: the row has no class [T501 missing-class]\n"},
    {"pattern,class\na.cn\n", "venues.csv:2:1: error: the row has no class [T501 missing-class]\n"},
    {"pattern,class\n,site\n", "venues.csv:2:1: error: pattern \"\": it is empty [T503 bad-pattern]\n"},
    {"pattern,class\n.,site\n", "venues.csv:2:1: error: pattern \"\": it is empty [T503 bad-pattern]\n"},
    {"pattern,class\nhttp://a.cn,site\n",
     "venues.csv:2:1: error: pattern \"http://a.cn\": write the host without the scheme [T503 bad-pattern]\n"},
    {"pattern,class\n人 b.cn,site\n",
     "venues.csv:2:2: error: pattern \"人 b.cn\": a pattern has no white space [T503 bad-pattern]\n"},
    {"pattern,class\n火　场,site\n",
     "venues.csv:2:2: error: pattern \"火　场\": a pattern has no white space [T503 bad-pattern]\n"},
    {"pattern,class\na.cn:80,site\n",
     "venues.csv:2:5: error: pattern \"a.cn:80\": write the host without a port [T503 bad-pattern]\n"},
    {"pattern,class\n*.a.cn,site\n", "venues.csv:2:1: error: pattern \"*.a.cn\": write the host alone; it also "
                                     "covers every host below it [T503 bad-pattern]\n"},
    {"pattern,class\n.a.cn,site\n", "venues.csv:2:1: error: pattern \".a.cn\": write the host without the dot; it "
                                    "also covers every host below it [T503 bad-pattern]\n"},
    {"pattern,class\na..cn,site\n",
     "venues.csv:2:3: error: pattern \"a..cn\": two dots follow each other [T503 bad-pattern]\n"},
    {"pattern,class\nu@a.cn,site\n",
     "venues.csv:2:2: error: pattern \"u@a.cn\": this is not a host name [T503 bad-pattern]\n"},
    {"pattern,class\nweibo/a*,site\n", "venues.csv:2:8: error: pattern \"weibo/a*\": * is allowed at the end, after a "
                                       "/, and nowhere else [T503 bad-pattern]\n"},
    {"pattern,class\na.cn/,site\n", "venues.csv:2:5: error: pattern \"a.cn/\": it ends in a /; write it without, or "
                                    "with a * after it [T503 bad-pattern]\n"},
    {"pattern,class\n/a,site\n", "venues.csv:2:1: error: pattern \"/a\": it starts with a / [T503 bad-pattern]\n"},
    {"pattern,clas\na.cn,site\n",
     "venues.csv:1:9: error: unknown column \"clas\"; did you mean \"class\"? [T204 unknown-column]\n"
     "venues.csv:1:1: error: there is no column \"class\" [T203 missing-column]\n"},
    {"pattern,class\n x y ,nothing\n,frum\nok.cn,forum\n",
     "venues.csv:2:3: error: pattern \"x y\": a pattern has no white space [T503 bad-pattern]\n"
     "venues.csv:2:7: error: unknown class \"nothing\"; there is mainstream_site, site, hot_forum, forum, "
     "celebrity_account, account, own [T502 unknown-class]\n"
     "venues.csv:3:1: error: pattern \"\": it is empty [T503 bad-pattern]\n"
     "venues.csv:3:2: error: unknown class \"frum\"; did you mean \"forum\"? [T502 unknown-class]\n"},
    {"\xFF\xFEp", "venues.csv:1:1: error: the file is UTF-16 or UTF-32; save it as UTF-8 [T006 utf16]\n"},
};

static void all_text(const tocsin_diagnostics *diagnostics, tocsin_buffer *out) {
    tocsin_buffer_init(out, NULL);
    (void)tocsin_buffer_append(out, "", 0);
    for (size_t i = 0; i < tocsin_diagnostics_count(diagnostics); i++) {
        ck_assert_int_eq(tocsin_diagnostic_to_text(tocsin_diagnostics_at(diagnostics, i), out), TOCSIN_OK);
    }
}

START_TEST(faults_are_told) {
    tocsin_diagnostics *diagnostics = NULL;
    ck_assert_int_eq(tocsin_diagnostics_create(NULL, &diagnostics), TOCSIN_OK);
    tocsin__venue_catalogue *catalogue = load(faults[_i].text, diagnostics);
    tocsin_buffer said;
    all_text(diagnostics, &said);
    ck_assert_str_eq(said.data, faults[_i].said);
    ck_assert_uint_eq(catalogue->errors, tocsin_diagnostics_count_severity(diagnostics, TOCSIN_SEVERITY_ERROR));
    tocsin_buffer_release(&said);
    tocsin__venue_catalogue_release(catalogue);
    tocsin_diagnostics_free(diagnostics);
}
END_TEST

START_TEST(several_files_make_one_catalogue) {
    tocsin__venue_catalogue *catalogue = load("class,pattern\nsite,a.cn\n", NULL);
    ck_assert_int_eq(
        tocsin__venue_catalogue_add(catalogue, "b.csv", BYTES("pattern,class\nb.cn,forum\na.cn,forum\n"), NULL),
        TOCSIN_OK);
    ck_assert_uint_eq(catalogue->errors, 1);
    ck_assert_uint_eq(catalogue->entries.length, 2);
    ck_assert_int_eq((int)tocsin__venue_lookup(catalogue, BYTES("x.a.cn")), SITE);
    ck_assert_int_eq((int)tocsin__venue_lookup(catalogue, BYTES("b.cn")), FORUM);
    tocsin__venue_catalogue_release(catalogue);
}
END_TEST

/* A full catalogue: each further pattern is reported and ignored. */
START_TEST(a_full_catalogue_refuses_more) {
    tocsin__venue_catalogue *catalogue = load("pattern,class\na.cn,site\n", NULL);
    tocsin_diagnostics *diagnostics = NULL;
    tocsin_buffer said;
    ck_assert_int_eq(tocsin_diagnostics_create(NULL, &diagnostics), TOCSIN_OK);
    catalogue->entries.length = TOCSIN__VENUES_MAX;
    ck_assert_int_eq(
        tocsin__venue_catalogue_add(catalogue, "b.csv", BYTES("pattern,class\nb.cn,forum\nc.cn,site\n"), diagnostics),
        TOCSIN_OK);
    all_text(diagnostics, &said);
    ck_assert_str_eq(said.data, "b.csv:2:1: error: pattern \"b.cn\": the catalogue is full [T506 too-many-venues]\n"
                                "b.csv:3:1: error: pattern \"c.cn\": the catalogue is full [T506 too-many-venues]\n");
    ck_assert_uint_eq(catalogue->errors, 2);
    ck_assert_uint_eq(catalogue->entries.length, TOCSIN__VENUES_MAX);
    ck_assert_int_eq((int)tocsin__venue_lookup(catalogue, BYTES("b.cn")), NONE);
    catalogue->entries.length = 1;
    ck_assert_int_eq((int)tocsin__venue_lookup(catalogue, BYTES("a.cn")), SITE);
    tocsin_buffer_release(&said);
    tocsin__venue_catalogue_release(catalogue);
    tocsin_diagnostics_free(diagnostics);
}
END_TEST

static const int ways_to_fail[] = {0, 1}; /* all from there on, that one alone */

START_TEST(memory_that_runs_out_leaves_nothing_behind) {
    for (size_t i = 1, done = 0; !done; i++) {
        failing_allocator s = {.fail_at = i, .fail_onwards = !ways_to_fail[_i]};
        tocsin_allocator allocator = failing_allocator_get(&s);
        tocsin__venue_catalogue *catalogue = NULL;
        tocsin_status status = tocsin__venue_catalogue_create(&allocator, &catalogue);
        if (!status) status = tocsin__venue_catalogue_add(catalogue, "v.csv", BYTES(catalogue_text), NULL);
        done = s.calls < i;
        ck_assert_int_eq(status, done ? TOCSIN_OK : TOCSIN_ERROR_MEMORY);
        tocsin__venue_catalogue_release(catalogue);
        ck_assert_uint_eq(s.live, 0);
        ck_assert_uint_eq(s.wrong, 0);
        ck_assert_uint_lt(i, 1000);
    }
}
END_TEST

/* The meaning of a lookup of a plain lower-case host, without hash tables. */
static tocsin_venue slow_lookup(const tocsin__venue_catalogue *catalogue, const char *host, size_t length) {
    size_t longest = 0;
    tocsin_venue venue = TOCSIN_VENUE_UNKNOWN;
    for (size_t i = 0; i < catalogue->entries.length; i++) {
        tocsin_bytes p = catalogue->entries.data[i].pattern;
        if (p.length > length || p.length <= longest || memcmp(p.data, host + length - p.length, p.length)) continue;
        if (p.length < length && host[length - p.length - 1] != '.') continue;
        longest = p.length;
        venue = catalogue->entries.data[i].venue;
    }
    return venue;
}

static size_t random_host(char *out, size_t labels) {
    size_t length = 0;
    for (size_t i = 0; i < labels; i++) {
        if (i) out[length++] = '.';
        for (size_t n = 1 + random_text_below(2); n > 0; n--) out[length++] = (char)('a' + random_text_below(3));
    }
    out[length] = '\0';
    return length;
}

START_TEST(random_hosts_match_as_in_the_naive_version) {
    random_text_state = 7;
    tocsin_buffer text;
    tocsin_buffer_init(&text, NULL);
    (void)tocsin_buffer_append(&text, "pattern,class\n", 14);
    for (size_t i = 0; i < 300; i++) {
        char host[64], row[96];
        (void)random_host(host, 2 + random_text_below(4));
        int n = snprintf(row, sizeof row, "%s,%s\n", host, tocsin_venue_name((tocsin_venue)(1 + random_text_below(6))));
        (void)tocsin_buffer_append(&text, row, (size_t)n);
    }
    tocsin__venue_catalogue *catalogue = load(text.data, NULL);
    size_t found = 0;
    for (size_t i = 0; i < 50000; i++) {
        char host[64];
        size_t length = random_host(host, 2 + random_text_below(5));
        tocsin_venue expected = slow_lookup(catalogue, host, length);
        ck_assert_msg(tocsin__venue_lookup(catalogue, (tocsin_bytes){host, length}) == expected, "%s", host);
        found += expected != TOCSIN_VENUE_UNKNOWN;
    }
    ck_assert_uint_gt(found, 5000);
    tocsin__venue_catalogue_release(catalogue);
    tocsin_buffer_release(&text);
}
END_TEST

TOCSIN_SUITE("venues", TOCSIN_LOOP(sources_are_found, lookups) TOCSIN_CASE(long_sources_are_cut_and_never_overrun)
                           TOCSIN_LOOP(faults_are_told, faults) TOCSIN_CASE(several_files_make_one_catalogue)
                               TOCSIN_CASE(a_full_catalogue_refuses_more)
                                   TOCSIN_LOOP(memory_that_runs_out_leaves_nothing_behind, ways_to_fail)
                                       TOCSIN_CASE(random_hosts_match_as_in_the_naive_version))
