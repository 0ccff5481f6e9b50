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
    {"bad-number", "T116", "write a number within the stated range"},
    {"bad-pattern", "T503", "write a host or a channel as in the field source"},
    {"bad-quantity", "T231", "write a literal with exactly one {n}, such as {n}人受伤"},
    {"bad-unit", "T232", "write a number above 0, and only in rows of kind quantity"},
    {"bad-value", "T115", "write one of the listed values"},
    {"bad-weight", "T212", "write a number from 0 to 1000"},
    {"bad-weights", "T801", "train the weights again; do not edit the file"},
    {"clause-always", "T707", "correct the clause: every document satisfies it"},
    {"clause-implied", "T709", "remove one of the two, or make them different"},
    {"clause-never", "T706", "correct the clause: no document can satisfy it"},
    {"clause-wordless", "T708", "add a required topic: the clause holds for a document without any hit"},
    {"columns-in-term", "T228", "write only the term, and its weight into the column weight of a .csv list"},
    {"comment-in-term", "T224", "put the comment on a line of its own, or into the column note"},
    {"conflicting-venue", "T505", "give the venue one class"},
    {"control-character", "T215", "remove the character"},
    {"covered-term", "T701", "remove the term, or give it a weight of its own"},
    {"damaged-utf8", "T005", "open the file in its right encoding and save it as UTF-8"},
    {"duplicate-column", "T205", "keep one of the two"},
    {"duplicate-id", "T118", "give one of the two another id"},
    {"duplicate-key", "T112", "keep one of the two"},
    {"duplicate-list", "T219", "name the list once"},
    {"duplicate-term", "T218", "keep one of the two"},
    {"duplicate-venue", "T504", "keep one of the two"},
    {"empty", "T121", "write the missing part, or remove the key"},
    {"empty-list", "T220", "fill the list, or remove it from the topic"},
    {"empty-term", "T209", "write the term, or remove the row"},
    {"english-name-chinese", "T716", "write the name in English, or remove name_en"},
    {"english-name-missing", "T717", "give it a name_en too"},
    {"example", "T601", "change the plan until the example gets the stated verdict, or correct the example"},
    {"folds-to-nothing", "T217", "write a term with letters, digits or signs"},
    {"image-tables", "T602", "compile the image again with this version"},
    {"literal-mark", "T734", "write the row as a quantity: in a literal, {n} only matches itself"},
    {"loose-fold", "T750", "remove the option, or add unless phrases to the terms that it finds"},
    {"missing-class", "T501", "give the venue a class"},
    {"missing-column", "T203", "add the column term"},
    {"missing-header", "T202", "begin the list with a line that names its columns"},
    {"missing-key", "T113", "add the key"},
    {"mixed-scripts", "T712", "write the letters in one script: they look alike and do not match"},
    {"mixed-variants", "T714", "write the term in one script, traditional or simplified"},
    {"not-utf8", "T003", "save the file as UTF-8, so that its encoding need not be guessed"},
    {"numbered-term", "T225", "remove the number from the term"},
    {"quoted-term", "T226", "remove the quotes and signs from the term"},
    {"regex-class-fold", "T310", "list the folded characters"},
    {"regex-combining", "T311", "write the character as one code point"},
    {"regex-empty-match", "T303", "let it match at least one character"},
    {"regex-engine", "T313", "change it as the message says"},
    {"regex-in-term", "T229", "write it into a .csv list, as a row of kind regex"},
    {"regex-many", "T314", "change them so that tocsin finds them by their own characters: see T711"},
    {"regex-no-literal", "T304", "add a word that every match contains"},
    {"regex-repeat", "T307", "repeat a smaller part, or fewer times"},
    {"regex-slow", "T711", "change it so that tocsin finds it by its own characters: fewer free repeats, a rarer word"},
    {"regex-syntax", "T301", "correct the expression at the given position"},
    {"regex-too-costly", "T305", "shorten it, or divide it into two terms"},
    {"regex-too-deep", "T306", "nest fewer parentheses"},
    {"regex-unbounded", "T308", "give the repeat an upper bound, such as {0,20}"},
    {"regex-unfolded", "T312", "write the folded character"},
    {"regex-unsupported", "T302", "use only the syntax that tocsin supports"},
    {"regex-wide-repeat", "T309", "repeat a narrower class, or fewer times"},
    {"replacement-character", "T216", "write the character that was lost"},
    {"reserved-id", "T119", "choose an id that is not a word of the rule language"},
    {"rule-always", "T411", "remove the comparison: it always holds"},
    {"rule-cycle", "T408", "remove the use of a define in itself"},
    {"rule-encoding", "T402", "save the plan as UTF-8"},
    {"rule-limit", "T407", "shorten it, or divide it into defines"},
    {"rule-name", "T403", "choose a name that is not a word of the rule language"},
    {"rule-never", "T412", "correct the number: nothing can satisfy it"},
    {"rule-range", "T406", "write a number within the stated range"},
    {"rule-scope", "T410", "name at least two topics inside, or remove the scope"},
    {"rule-syntax", "T401", "correct the expression at the given position"},
    {"rule-type", "T405", "write a topic where hits are needed, and a condition where a condition is needed"},
    {"rule-verdict", "T409", "use clauses and tiers only in routes"},
    {"several-terms", "T222", "write one term a line"},
    {"single-character", "T703", "write the full word, such as 火灾 for 火, or give it bounds: word"},
    {"stray-quote", "T208", "put the whole cell into quotes, and write a quote inside twice"},
    {"tag-signs", "T223", "write the words of the tag without the # signs"},
    {"term-too-long", "T213", "shorten the term: a post does not repeat a sentence"},
    {"too-large", "T002", "split the file, or raise the limit if it has to be so large"},
    {"too-many-fields", "T206", "put a cell that holds a comma into quotes"},
    {"too-many-terms", "T214", "split the plan, or raise the limit"},
    {"too-many-venues", "T506", "shorten the catalogue, or raise the limit"},
    {"unbounded-latin", "T713", "leave bounds at auto: the term is found inside other words"},
    {"unclosed-quote", "T207", "close the quote"},
    {"unknown-class", "T502", "write one of the listed classes"},
    {"unknown-column", "T204", "correct the column's name, or remove the column"},
    {"unknown-key", "T111", "correct the key, or remove it"},
    {"unknown-list-format", "T201", "name the list .txt or .csv"},
    {"unknown-name", "T404", "name a topic, define, clause, tier or venue of the plan"},
    {"unknown-topic", "T120", "name a topic of the plan"},
    {"unless-separator", "T227", "write a semicolon between the phrases of unless"},
    {"unreadable-source", "T001", "put the file into the plan's folder, or correct its name"},
    {"unused-list", "T705", "name the list in a topic, or remove the file from the folder"},
    {"unused-topic", "T704", "use the topic in a clause, a route or attention, or remove it"},
    {"unweighted-side", "T720", "put the operand whose hits should be counted on the left"},
    {"useless-unless", "T221",
     "write a phrase that contains the term (for a regex: that covers a match or occurs in one), or remove it"},
    {"utf16", "T006", "save the file as UTF-8"},
    {"value-without-number", "T733", "compare a topic whose lists contain quantities"},
    {"variant-entries", "T715", "fold with nfkc_cf+hans, so that one spelling is enough"},
    {"venue-unlisted", "T710",
     "list venues of the class in a catalogue, or make sure that documents give it themselves"},
    {"weights-version", "T802", "train the weights again with this plan and this version"},
    {"wrong-kind", "T114", "write a value of the required kind"},
    {"yaml-alias", "T106", "write out what the alias stands for"},
    {"yaml-anchor", "T107", "remove the anchor"},
    {"yaml-character", "T103", "remove the character"},
    {"yaml-depth", "T105", "write the plan with fewer levels"},
    {"yaml-document", "T104", "put one document into a plan file"},
    {"yaml-encoding", "T102", "save the plan as UTF-8"},
    {"yaml-syntax", "T101", "correct the YAML at the given position"},
    {"yaml-tag", "T108", "remove the tag"},
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
