/*
 * simdjson behind a C header. It uses the DOM interface, not the on-demand one: the whole line is checked before
 * anything is read from it, so a line with an error after the text is also refused, and repeated keys are seen.
 * simdjson accepts a high surrogate escape before an escape that is no low surrogate; the caller looks for these. No
 * exception leaves this file: it only makes calls that return an error code, and catches what the standard library
 * might throw.
 */
#include "feed/ndjson.h"

#include <charconv>
#include <cstring>
#include <deque>
#include <new>
#include <string>
#include <string_view>

#include <simdjson.h>

static_assert(simdjson::SIMDJSON_PADDING <= 64, "ndjson.h promises 64 readable bytes behind a line");

struct ndjson_parser {
    simdjson::dom::parser parser;
    std::deque<std::string> lists; /* of the last line, joined with commas */
    simdjson::dom::element root;   /* of the last line */
    bool has_root = false;
    uint32_t present = 0;          /* the keys that the last line has */
    std::deque<std::string> parts; /* elements of one of its arrays */
    std::string path;              /* of an array of it */
};

namespace {

using simdjson::dom::element;
using simdjson::dom::element_type;

ndjson_status status_of(simdjson::error_code error) noexcept {
    switch (error) {
        case simdjson::SUCCESS: return NDJSON_OK;
        case simdjson::MEMALLOC: return NDJSON_NO_MEMORY;
        case simdjson::UTF8_ERROR: return NDJSON_BAD_UTF8;
        case simdjson::STRING_ERROR: return NDJSON_BAD_STRING;
        case simdjson::UNCLOSED_STRING: return NDJSON_OPEN_STRING;
        case simdjson::UNESCAPED_CHARS: return NDJSON_CONTROL;
        case simdjson::NUMBER_ERROR:
        case simdjson::NUMBER_OUT_OF_RANGE: return NDJSON_BAD_NUMBER;
        case simdjson::DEPTH_ERROR: return NDJSON_TOO_DEEP;
        default: return NDJSON_MALFORMED;
    }
}

template <typename number> void spell(ndjson_value &out, number value) noexcept {
    auto result = std::to_chars(out.spelled, out.spelled + sizeof out.spelled, value);
    out.text = out.spelled;
    out.length = static_cast<size_t>(result.ptr - out.spelled);
}

/* Joins strings with commas, without nulls; if some are pieces of formatted text ({"text": …}), without anything
 * between. */
void read_list(element value, ndjson_value &out, ndjson_parser *parser) {
    simdjson::dom::array list;
    std::string listed, text;
    bool has_pieces = false;
    out.kind = NDJSON_OTHER;
    if (value.get(list)) return;
    for (auto item : list) {
        std::string_view string;
        simdjson::dom::object piece;
        if (item.is_null()) continue;
        if (item.get(string)) {
            if (item.get(piece) || piece["text"].get(string)) return;
            has_pieces = true;
        }
        if (!listed.empty()) listed += ',';
        listed += string;
        text += string;
    }
    parser->lists.push_back(std::move(has_pieces ? text : listed));
    out.kind = NDJSON_STRINGS;
    out.text = parser->lists.back().data();
    out.length = parser->lists.back().size();
}

void read_value(element value, ndjson_value &out, ndjson_parser *parser) {
    std::string_view text;
    switch (value.type()) {
        case element_type::NULL_VALUE: out.kind = NDJSON_ABSENT; break;
        case element_type::STRING:
            if (value.get(text)) break;
            out.kind = NDJSON_STRING;
            out.text = text.data();
            out.length = text.size();
            break;
        case element_type::INT64:
            if (value.get(out.integer)) break;
            out.kind = NDJSON_INTEGER;
            spell(out, out.integer);
            break;
        case element_type::UINT64:
            if (value.get(out.natural)) break;
            out.kind = NDJSON_UNSIGNED;
            spell(out, out.natural);
            break;
        case element_type::DOUBLE:
            if (value.get(out.number)) break;
            out.kind = NDJSON_FLOAT;
            spell(out, out.number);
            break;
        case element_type::ARRAY: read_list(value, out, parser); break;
        default: out.kind = NDJSON_OTHER; break;
    }
}

/* A name with a dot may also be a key. */
void read_path(simdjson::dom::object object, const char *path, ndjson_value &out, ndjson_parser *parser) {
    const char *dot = std::strchr(path, '.');
    const std::string_view name(path, dot ? static_cast<size_t>(dot - path) : std::strlen(path));
    for (auto field : object) {
        simdjson::dom::object inner;
        const bool whole = field.key == path;
        if (!whole && field.key != name) continue;
        if (!whole && !field.value.get(inner)) {
            read_path(inner, dot + 1, out, parser);
            continue;
        }
        out.times++;
        read_value(field.value, out, parser);
        if (!whole && out.kind != NDJSON_ABSENT) out.kind = NDJSON_OTHER;
    }
}

/* The array at the end of a path; a name with a dot may also be a key. */
bool find_array(simdjson::dom::object object, const char *path, simdjson::dom::array &out) {
    const char *dot = std::strchr(path, '.');
    const std::string_view name(path, dot ? static_cast<size_t>(dot - path) : std::strlen(path));
    for (auto field : object) {
        simdjson::dom::object inner;
        if (field.key == path && !field.value.get(out)) return true;
        if (dot && field.key == name && !field.value.get(inner) && find_array(inner, dot + 1, out)) return true;
    }
    return false;
}

/* Adds the path of the first array of objects. */
bool find_records(simdjson::dom::object object, std::string &path, int depth) {
    const size_t before = path.size();
    for (auto field : object) {
        simdjson::dom::object inner;
        simdjson::dom::array array;
        if (before) path += '.';
        path += field.key;
        if (!field.value.get(array) && array.begin() != array.end() && (*array.begin()).is_object()) return true;
        if (depth && !field.value.get(inner) && find_records(inner, path, depth - 1)) return true;
        path.resize(before);
    }
    return false;
}

} // namespace

ndjson_parser *ndjson_parser_create(void) {
    try {
        return new (std::nothrow) ndjson_parser;
    } catch (...) {
        return nullptr;
    }
}

void ndjson_parser_free(ndjson_parser *parser) { delete parser; }

void ndjson_parser_trim(ndjson_parser *parser) {
    constexpr size_t keep = size_t{8} << 20;
    parser->has_root = false;
    if (parser->parser.capacity() > keep) parser->parser = simdjson::dom::parser();
}

ndjson_status ndjson_parse(ndjson_parser *parser, const char *line, size_t length, const ndjson_keys *keys,
                           ndjson_value *values) {
    try {
        element root;
        simdjson::dom::object object;
        for (size_t i = 0; i < keys->count; i++) {
            values[i].kind = NDJSON_ABSENT;
            values[i].times = 0;
        }
        if (!parser->lists.empty()) parser->lists.clear();
        parser->has_root = false;
        parser->present = 0;
        auto error = parser->parser.parse(line, length, false).get(root);
        if (error) return status_of(error);
        parser->root = root;
        parser->has_root = true;
        if (root.get(object)) return NDJSON_NOT_OBJECT;
        uint32_t present = 0;
        for (auto field : object) {
            for (size_t i = 0; i < keys->count; i++) {
                if (field.key.size() != keys->lengths[i] || (keys->nested >> i & 1)) continue;
                const char *key = field.key.data(), *name = keys->names[i];
                if (*key != *name || std::memcmp(key, name, keys->lengths[i]) != 0) continue;
                values[i].times++;
                present |= UINT32_C(1) << i;
                read_value(field.value, values[i], parser);
            }
        }
        for (size_t i = 0; keys->nested >> i; i++) {
            if (!(keys->nested >> i & 1)) continue;
            read_path(object, keys->names[i], values[i], parser);
            if (values[i].times) present |= UINT32_C(1) << i;
        }
        parser->present = present;
        return NDJSON_OK;
    } catch (...) {
        return NDJSON_NO_MEMORY;
    }
}

uint32_t ndjson_present(const ndjson_parser *parser) { return parser->present; }

size_t ndjson_split(ndjson_parser *parser, const char *path) {
    try {
        simdjson::dom::object object;
        simdjson::dom::array array;
        parser->parts.clear();
        if (!parser->has_root || parser->root.get(object) || !find_array(object, path, array)) return 0;
        for (auto item : array) parser->parts.push_back(simdjson::minify(item));
        return parser->parts.size();
    } catch (...) {
        return SIZE_MAX;
    }
}

const char *ndjson_part(const ndjson_parser *parser, size_t i, size_t *length) {
    *length = parser->parts[i].size();
    return parser->parts[i].data();
}

const char *ndjson_find_records(ndjson_parser *parser) {
    try {
        simdjson::dom::object object;
        parser->path.clear();
        if (parser->has_root && !parser->root.get(object) && !find_records(object, parser->path, 3))
            parser->path.clear();
    } catch (...) {
        return "";
    }
    return parser->path.c_str();
}
