package tocsin;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads what the library writes: objects as maps, arrays as lists, numbers as Long or Double. */
final class Json {
    private final String text;
    private int at;

    private Json(String text) {
        this.text = text;
    }

    static Map<String, Object> object(String text) {
        Json reader = new Json(text);
        Object value = reader.value();
        if (reader.at != text.length() || !(value instanceof Map)) throw reader.wrong();
        @SuppressWarnings("unchecked")
        Map<String, Object> map = (Map<String, Object>) value;
        return map;
    }

    private TocsinException wrong() {
        return new TocsinException("the library's answer is no JSON at char " + at);
    }

    private char next() {
        if (at == text.length()) throw wrong();
        return text.charAt(at++);
    }

    private boolean skip(char wanted) {
        if (at < text.length() && text.charAt(at) == wanted) {
            at++;
            return true;
        }
        return false;
    }

    private void expect(char wanted) {
        if (!skip(wanted)) throw wrong();
    }

    private Object value() {
        if (skip('{')) return members();
        if (skip('[')) return elements();
        if (skip('"')) return string();
        if (word("true")) return Boolean.TRUE;
        if (word("false")) return Boolean.FALSE;
        if (word("null")) return null;
        return number();
    }

    private boolean word(String wanted) {
        if (!text.startsWith(wanted, at)) return false;
        at += wanted.length();
        return true;
    }

    private Map<String, Object> members() {
        Map<String, Object> map = new LinkedHashMap<>();
        if (skip('}')) return map;
        do {
            expect('"');
            String key = string();
            expect(':');
            map.put(key, value());
        } while (skip(','));
        expect('}');
        return map;
    }

    private List<Object> elements() {
        List<Object> list = new ArrayList<>();
        if (skip(']')) return list;
        do {
            list.add(value());
        } while (skip(','));
        expect(']');
        return list;
    }

    private String string() {
        int start = at;
        while (at < text.length() && text.charAt(at) != '"' && text.charAt(at) != '\\') at++;
        if (at < text.length() && text.charAt(at) == '"') return text.substring(start, at++);
        StringBuilder made = new StringBuilder(text.substring(start, at));
        for (char c = next(); c != '"'; c = next()) made.append(c == '\\' ? escape() : c);
        return made.toString();
    }

    private char escape() {
        char c = next();
        int control = "bfnrt".indexOf(c);
        if (control >= 0) return "\b\f\n\r\t".charAt(control);
        if (c != 'u') return c;
        at += 4;
        if (at > text.length()) throw wrong();
        return (char) Integer.parseInt(text.substring(at - 4, at), 16);
    }

    private Number number() {
        int start = at;
        while (at < text.length() && "+-.eE0123456789".indexOf(text.charAt(at)) >= 0) at++;
        String digits = text.substring(start, at);
        try {
            if (digits.matches("-?[0-9]+")) return Long.valueOf(digits);
            return Double.valueOf(digits);
        } catch (NumberFormatException error) {
            throw wrong();
        }
    }
}
