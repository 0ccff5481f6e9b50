/*
 * The number of each code and the advice for it, in one table in the order of the codes. A number is never given to
 * another code: people look it up. docs/LINT.md has them in the order of the numbers.
 */
#include <string.h>

#include <tocsin/diagnostics.h>

static const struct {
    const char *code, *number, *advice;
} codes[] = {
    {"bad-bounds", "T211", "write auto, word or none"},
    {"bad-encoding", "T004", "save the file as UTF-8 or GB18030"},
    {"bad-id", "T117", "choose an id of letters, digits, _ and -"},
    {"bad-kind", "T210", "write literal, regex or quantity"},
    {"bad-number", "T116", "write a number within the range that is named"},
    {"bad-pattern", "T503", "write a host, or a channel, as it stands in source"},
    {"bad-quantity", "T231", "write a literal with one {n} in it, as {n}人受伤"},
    {"bad-unit", "T232", "write a number above 0, for rows of kind quantity only"},
    {"bad-value", "T115", "write one of the values that are named"},
    {"bad-weight", "T212", "write a number from 0 to 1000"},
    {"bad-weights", "T801", "train the weights again: nobody edits the file"},
    {"clause-always", "T707", "mend the clause: every document satisfies it"},
    {"clause-implied", "T709", "take one of the two out, or tell them apart"},
    {"clause-never", "T706", "mend the clause: no document can satisfy it"},
    {"clause-wordless", "T708", "add a topic that must be there: it holds for a document in which nothing is found"},
    {"columns-in-term", "T228", "write the term alone, and its weight into the column weight of a list .csv"},
    {"comment-in-term", "T224", "put the comment on a line of its own, or into the column note"},
    {"conflicting-venue", "T505", "give the venue one class"},
    {"control-character", "T215", "take the character out"},
    {"covered-term", "T701", "take the term out, or give it a weight of its own"},
    {"damaged-utf8", "T005", "open the file in its right encoding and save it as UTF-8"},
    {"duplicate-column", "T205", "keep one of the two"},
    {"duplicate-id", "T118", "give one of the two another id"},
    {"duplicate-key", "T112", "keep one of the two"},
    {"duplicate-list", "T219", "name the list once"},
    {"duplicate-term", "T218", "keep one of the two"},
    {"duplicate-venue", "T504", "keep one of the two"},
    {"empty", "T121", "write what belongs there, or take it out"},
    {"empty-list", "T220", "fill the list, or take it out of the topic"},
    {"empty-term", "T209", "write the term, or take the row out"},
    {"english-name-chinese", "T716", "write the name in English, or take name_en out"},
    {"english-name-missing", "T717", "give it a name_en too"},
    {"example", "T601", "change the plan until the example comes out as it says, or change what it says"},
    {"folds-to-nothing", "T217", "write a term that has letters, digits or signs"},
    {"image-tables", "T602", "compile the image anew with this version"},
    {"literal-mark", "T734", "write the row as a quantity: {n} stands for a number there and for itself here"},
    {"loose-fold", "T750", "leave the option out, or give the terms it finds phrases in unless"},
    {"missing-class", "T501", "give the venue a class"},
    {"missing-column", "T203", "add the column term"},
    {"missing-header", "T202", "begin the list with a line that names its columns"},
    {"missing-key", "T113", "add the key"},
    {"mixed-scripts", "T712", "write the letters in one script: they look alike and do not match"},
    {"mixed-variants", "T714", "write the term in one script, traditional or simplified"},
    {"not-utf8", "T003", "save the file as UTF-8, so that no byte is left to guessing"},
    {"numbered-term", "T225", "take the number out of the term"},
    {"quoted-term", "T226", "take the quotes out of the term"},
    {"regex-class-fold", "T310", "list the characters as they are when folded"},
    {"regex-combining", "T311", "write the character as one code point"},
    {"regex-empty-match", "T303", "let it match at least one character"},
    {"regex-engine", "T313", "write it as the message says"},
    {"regex-in-term", "T229", "write it into a list .csv, as a row of the kind regex"},
    {"regex-many", "T314", "write them so that they are found by their own characters: see T711"},
    {"regex-no-literal", "T304", "let it contain a word that every match has"},
    {"regex-repeat", "T307", "repeat a smaller part, or fewer times"},
    {"regex-slow", "T711", "write it so that it is found by its own characters: fewer free repeats, a rarer word"},
    {"regex-syntax", "T301", "mend the expression at the place that is named"},
    {"regex-too-costly", "T305", "make it shorter, or two terms of it"},
    {"regex-too-deep", "T306", "write it with fewer brackets in one another"},
    {"regex-unbounded", "T308", "give the repeat an upper bound, as {0,20}"},
    {"regex-unfolded", "T312", "write the character as it is when folded"},
    {"regex-unsupported", "T302", "write it with what expressions have"},
    {"regex-wide-repeat", "T309", "repeat a narrower class, or fewer times"},
    {"replacement-character", "T216", "write the character that was lost"},
    {"reserved-id", "T119", "choose an id that is no word of the language"},
    {"rule-always", "T411", "take the comparison out: it says nothing"},
    {"rule-cycle", "T408", "let no define use itself"},
    {"rule-encoding", "T402", "save the plan as UTF-8"},
    {"rule-limit", "T407", "make it shorter, or defines of its parts"},
    {"rule-name", "T403", "choose a name that is no word of the language"},
    {"rule-never", "T412", "correct the number: nothing can satisfy it"},
    {"rule-range", "T406", "write a number within the range that is named"},
    {"rule-scope", "T410", "name two topics or more inside, or take the scope out"},
    {"rule-syntax", "T401", "mend the expression at the place that is named"},
    {"rule-type", "T405", "put a topic where hits are asked for, and a condition where one is"},
    {"rule-verdict", "T409", "ask for clauses and tiers in routes only"},
    {"several-terms", "T222", "write one term a line"},
    {"single-character", "T703", "name what it stands for, as 火灾 for 火, or give it bounds: word"},
    {"stray-quote", "T208", "put the whole cell into quotes, and write a quote inside twice"},
    {"tag-signs", "T223", "write the words of the tag without the # signs"},
    {"term-too-long", "T213", "shorten the term: a post does not repeat a sentence"},
    {"too-large", "T002", "split the file, or raise the limit if it is meant to be so large"},
    {"too-many-fields", "T206", "put a cell that holds a comma into quotes"},
    {"too-many-terms", "T214", "split the plan, or raise the limit"},
    {"too-many-venues", "T506", "shorten the catalogue, or raise the limit"},
    {"unbounded-latin", "T713", "leave bounds to auto: it is found inside other words"},
    {"unclosed-quote", "T207", "close the quote"},
    {"unknown-class", "T502", "write one of the classes that are named"},
    {"unknown-column", "T204", "correct the column's name, or take it out"},
    {"unknown-key", "T111", "correct the key, or take it out"},
    {"unknown-list-format", "T201", "name the list .txt or .csv"},
    {"unknown-name", "T404", "name a topic, define, clause, tier or venue of the plan"},
    {"unknown-topic", "T120", "name a topic of the plan"},
    {"unless-separator", "T227", "write a semicolon between the phrases of unless"},
    {"unreadable-source", "T001", "put the file into the plan's folder, or mend its name"},
    {"unused-list", "T705", "name the list in a topic, or take the file out of the folder"},
    {"unused-topic", "T704", "use the topic in a clause, a route or attention, or take it out"},
    {"unweighted-side", "T720", "put the operand whose hits are to be counted on the left"},
    {"useless-unless", "T221",
     "write a phrase that contains the term (of a regex: that covers a match or stands in one), or take it out"},
    {"utf16", "T006", "save the file as UTF-8"},
    {"value-without-number", "T733", "compare a topic that has quantities in its lists"},
    {"variant-entries", "T715", "fold with nfkc_cf+hans, and one spelling stands for both"},
    {"venue-unlisted", "T710", "list venues of the class in a catalogue, or see that documents say it themselves"},
    {"weights-version", "T802", "train the weights again with this plan and this version"},
    {"wrong-kind", "T114", "write the kind of value that is asked for"},
    {"yaml-alias", "T106", "write out what the alias stands for"},
    {"yaml-anchor", "T107", "take the anchor out"},
    {"yaml-character", "T103", "take the character out"},
    {"yaml-depth", "T105", "write the plan with fewer levels"},
    {"yaml-document", "T104", "put one document into a plan file"},
    {"yaml-encoding", "T102", "save the plan as UTF-8"},
    {"yaml-syntax", "T101", "mend the YAML at the place that is named"},
    {"yaml-tag", "T108", "take the tag out"},
};

#define CODES (sizeof codes / sizeof *codes)

/* The index of the code in the table; CODES if it is not there. */
static size_t find(const char *code) {
    size_t low = 0, high = CODES;
    while (code && low < high) {
        const size_t middle = (low + high) / 2;
        const int order = strcmp(code, codes[middle].code);
        if (!order) return middle;
        if (order < 0) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return CODES;
}

const char *tocsin_diagnostic_number(const char *code) {
    const size_t at = find(code);
    return at < CODES ? codes[at].number : "T000";
}

const char *tocsin_diagnostic_advice(const char *code) {
    const size_t at = find(code);
    return at < CODES ? codes[at].advice : "";
}

const char *tocsin_diagnostic_code(size_t index) { return index < CODES ? codes[index].code : NULL; }
