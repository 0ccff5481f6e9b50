/*
 * tocsin init: writes a plan to begin with. It is small, explains each part in comments, and has examples that the plan
 * must satisfy, so that a first change does not break it unnoticed. Existing files are never overwritten.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "feed/utf8_text.h"
#include "program/console.h"
#include "program/message.h"
#include "program/options.h"
#include "program/output.h"
#include "tocsin/command.h"

static const char help[] =
    "usage: tocsin init DIR\n"
    "\n"
    "Writes a small plan to start from: plan.yaml, its lists, and examples with the verdicts that they must get. "
    "Comments\n"
    "are in the language of the messages: in Chinese with LANG=zh_CN.UTF-8. DIR is created if it does not exist. If "
    "one of\n"
    "the files exists already, nothing is written.\n"
    "\n"
    "Exit status: 0 done; 2 wrong usage, or one of the files exists; 3 a file cannot be written.\n"
    "\n"
    "  tocsin init my-plan\n"
    "  tocsin lint my-plan                                 # its problems, and its examples\n"
    "  tocsin explain -p my-plan '供水站爆管，抢修两小时没人来'   # its verdict on a text, and why\n";

static const char plan_yaml[] =
    "# A plan. Its word lists and rules decide which tier a document gets.\n"
    "plan: 供水舆情预案\n"
    "name_en: Starter\n"
    "version: \"1\"                  # of your own choice; every verdict names it\n"
    "\n"
    "# Topics are lists of words. Spelling does not matter: 搶修 is 抢修, ＡＢＣ is abc.\n"
    "topics:\n"
    "  service: {terms: service.txt}   # your organisation\n"
    "  trouble: {terms: trouble.txt}   # what went wrong\n"
    "  slow:    {terms: slow.csv}      # slow or missing response\n"
    "  denied:  {terms: denied.txt}    # denials\n"
    "\n"
    "# Short names for parts of rules.\n"
    "define:\n"
    "  ours: \"(trouble near/20 service)\"   # no more than 20 characters between them\n"
    "\n"
    "# From the lowest tier to the highest. A document gets the highest tier with a clause that holds.\n"
    "tiers:\n"
    "  - id: notice\n"
    "    name: 关注\n"
    "    name_en: Watch\n"
    "    clauses:\n"
    "      - {id: N1, name: 出了问题, name_en: Something went wrong, when: \"ours & !denied\"}\n"
    "  - id: urgent\n"
    "    name: 紧急\n"
    "    name_en: Urgent\n"
    "    clauses:\n"
    "      - {id: U1, name: 处置不好, name_en: Poor response, when: \"ours & slow & !denied\"}\n"
    "      - {id: U2, name: 很多人看到, name_en: Many people have seen it, when: \"ours & reach >= 10000\"}\n"
    "\n"
    "# Who gets a message.\n"
    "routes:\n"
    "  - {id: desk, name: 值班室, name_en: Duty desk, when: \"tier >= notice\"}\n"
    "  - {id: lead, name: 负责人, name_en: Head of unit, when: \"tier >= urgent\"}\n"
    "\n"
    "# Texts with their expected verdicts; lint, compile and every reload check these first.\n"
    "examples: examples.ndjson\n";

static const char plan_yaml_zh[] =
    "# 预案：哪些词、哪些词同时出现，使一篇文本归入哪一级。\n"
    "plan: 供水舆情预案\n"
    "name_en: Starter\n"
    "version: \"1\"                  # 版本自己定\n"
    "\n"
    "# 主题就是词表。写一种就够：搶修就是抢修，ＡＢＣ就是 abc。\n"
    "topics:\n"
    "  service: {terms: service.txt}   # 说的是谁\n"
    "  trouble: {terms: trouble.txt}   # 出了什么事\n"
    "  slow:    {terms: slow.csv}      # 处置得怎样\n"
    "  denied:  {terms: denied.txt}    # 已经澄清\n"
    "\n"
    "# 规则里常用的部分可以起名字。\n"
    "define:\n"
    "  ours: \"(trouble near/20 service)\"   # 两者相距不超过 20 个字\n"
    "\n"
    "# 级别从低到高。有几条成立，就取其中最高的一级。\n"
    "tiers:\n"
    "  - id: notice\n"
    "    name: 关注\n"
    "    name_en: Watch\n"
    "    clauses:\n"
    "      - {id: N1, name: 出了问题, name_en: Something went wrong, when: \"ours & !denied\"}\n"
    "  - id: urgent\n"
    "    name: 紧急\n"
    "    name_en: Urgent\n"
    "    clauses:\n"
    "      - {id: U1, name: 处置不好, name_en: Poor response, when: \"ours & slow & !denied\"}\n"
    "      - {id: U2, name: 很多人看到, name_en: Many people have seen it, when: \"ours & reach >= 10000\"}\n"
    "\n"
    "# 通知谁。\n"
    "routes:\n"
    "  - {id: desk, name: 值班室, name_en: Duty desk, when: \"tier >= notice\"}\n"
    "  - {id: lead, name: 负责人, name_en: Head of unit, when: \"tier >= urgent\"}\n"
    "\n"
    "# 必须得出的结论：lint、compile 和每次换预案都先判这些。\n"
    "examples: examples.ndjson\n";

static const char service_txt[] = "# One word a line; a line that begins with # is a comment.\n"
                                  "供水站\n"
                                  "自来水公司\n"
                                  "水务局\n"
                                  "抢修队\n"
                                  "water works\n";

static const char service_txt_zh[] = "# 一行一个词；# 开头的行是注释。\n"
                                     "供水站\n"
                                     "自来水公司\n"
                                     "水务局\n"
                                     "抢修队\n"
                                     "water works\n";

static const char trouble_txt[] = "停水\n爆管\n漏水\n水质发黄\n浑水\nburst pipe\n";

static const char slow_csv[] = "term,unless,note\n"
                               "没人来,没人来投诉,not where the longer phrase stands\n"
                               "没人管,,\n"
                               "迟迟不来,,\n"
                               "打不通,,the number that nobody answers\n";

static const char slow_csv_zh[] = "term,unless,note\n"
                                  "没人来,没人来投诉,出现在后面那个说法里就不算\n"
                                  "没人管,,\n"
                                  "迟迟不来,,\n"
                                  "打不通,,电话没人接\n";

static const char denied_txt[] = "辟谣\n不实\n已恢复供水\n";

static const char examples_ndjson[] =
    "{\"text\": \"小区停水，自来水公司说在查\", \"tier\": \"notice\", \"clauses\": [\"N1\"]}\n"
    "{\"text\": \"供水站爆管，搶修兩小時沒人來\", \"tier\": \"urgent\", \"clauses\": [\"N1\", \"U1\"]}\n"
    "{\"text\": \"小区停水，自来水公司说在查\", \"reach\": 20000, \"tier\": \"urgent\", \"clauses\": [\"N1\", "
    "\"U2\"]}\n"
    "{\"text\": \"网传供水站爆管，水务局辟谣\", \"tier\": \"none\"}\n"
    "{\"text\": \"今天天气真好\", \"tier\": \"none\"}\n";

static const struct {
    const char *name, *english, *chinese;
} files[] = {{"service.txt", service_txt, service_txt_zh},
             {"trouble.txt", trouble_txt, trouble_txt},
             {"slow.csv", slow_csv, slow_csv_zh},
             {"denied.txt", denied_txt, denied_txt},
             {"examples.ndjson", examples_ndjson, examples_ndjson},
             {"plan.yaml", plan_yaml, plan_yaml_zh}};

/* Writes a file that must not exist; returns an exit status. */
static int write_file(const char *folder, const char *name, const char *text) {
    tocsin_buffer path;
    size_t length = strlen(text);
    tocsin_buffer_init(&path, NULL);
    text_printf(&path, "%s/%s", folder, name);
    const int fd = open(path.data, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    while (fd >= 0 && length) {
        const ssize_t n = write(fd, text, length);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) break;
        text += n;
        length -= (size_t)n;
    }
    const int wrong = errno, failed = fd < 0 || length || close(fd);
    if (failed) console_error("%s: cannot be written: %s", path.data, strerror(length || fd < 0 ? wrong : errno));
    tocsin_buffer_release(&path);
    return !failed ? EXIT_DONE : fd < 0 && wrong == EEXIST ? EXIT_USAGE : EXIT_IO;
}

/* Checks that none of the files exists; other files may. */
static int check_free(const char *folder) {
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        struct stat about;
        tocsin_buffer path;
        tocsin_buffer_init(&path, NULL);
        text_printf(&path, "%s/%s", folder, files[i].name);
        const int there = !lstat(path.data, &about);
        if (there) console_error("%s exists already; nothing was written", path.data);
        tocsin_buffer_release(&path);
        if (there) return EXIT_USAGE;
    }
    return EXIT_DONE;
}

static int run_init(int argc, char **argv) {
    option_parser parser;
    const char *folder = NULL;
    int option;
    options_start(&parser, "init", NULL, 0, argc, argv);
    while ((option = options_next(&parser)) != OPTION_END) {
        if (option != OPTION_OPERAND) return EXIT_USAGE;
        if (folder) return options_usage("init", "one folder");
        folder = parser.value;
    }
    if (!folder) return options_usage("init", "which folder?");
    if (mkdir(folder, 0777) && errno != EEXIST) {
        console_error("%s: cannot be made: %s", folder, strerror(errno));
        return EXIT_IO;
    }
    int status = check_free(folder);
    for (size_t i = 0; status == EXIT_DONE && i < sizeof files / sizeof *files; i++) {
        status = write_file(folder, files[i].name, messages_are_english() ? files[i].english : files[i].chinese);
    }
    if (status == EXIT_DONE) console_line("%s is a plan: tocsin lint %s", folder, folder);
    return status;
}

const command init_command = {"init", help, run_init};
