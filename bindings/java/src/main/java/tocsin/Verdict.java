package tocsin;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a plan says of one document. */
public final class Verdict {
    private final Map<String, Object> members;
    private final List<Evidence> evidence;

    /** From the library's JSON; fields are the bytes of the document's, to count chars in. */
    Verdict(Map<String, Object> members, byte[][] fields) {
        this.members = members;
        List<Evidence> list = new ArrayList<>();
        if (members.containsKey("evidence")) {
            inChars(members.get("evidence"), new Utf8.Chars[] {new Utf8.Chars(fields[0]), new Utf8.Chars(fields[1])});
            for (Object one : (List<?>) members.get("evidence")) {
                @SuppressWarnings("unchecked")
                Map<String, Object> map = (Map<String, Object>) one;
                list.add(new Evidence(map));
            }
        }
        evidence = Collections.unmodifiableList(list);
    }

    /** Changes start and end of everything that has a field from bytes to chars. */
    static void inChars(Object value, Utf8.Chars[] fields) {
        if (value instanceof List) {
            for (Object one : (List<?>) value) inChars(one, fields);
        } else if (value instanceof Map) {
            @SuppressWarnings("unchecked")
            Map<String, Object> map = (Map<String, Object>) value;
            if (map.containsKey("start") && map.containsKey("field")) {
                Utf8.Chars chars = fields["title".equals(map.get("field")) ? 0 : 1];
                for (String edge : new String[] {"start", "end"}) {
                    map.put(edge, (long) chars.before(((Number) map.get(edge)).longValue()));
                }
            }
            for (Object one : map.values()) inChars(one, fields);
        }
    }

    private List<String> strings(String name) {
        Object found = members.get(name);
        List<String> list = new ArrayList<>();
        if (found != null) for (Object one : (List<?>) found) list.add((String) one);
        return Collections.unmodifiableList(list);
    }

    private long number(String name) {
        Object found = members.get(name);
        return found == null ? 0 : ((Number) found).longValue();
    }

    /** The document's id. */
    public String id() {
        return (String) members.get("id");
    }

    /** The id of the tier; "none" when no clause holds, and when there is an error. */
    public String tier() {
        Object found = members.get("tier");
        return found == null ? "none" : (String) found;
    }

    /** The ids of the clauses that hold, in the order of the plan. */
    public List<String> clauses() {
        return strings("clauses");
    }

    /** The ids of the routes. */
    public List<String> routes() {
        return strings("routes");
    }

    public Attention attention() {
        Object found = members.get("attention");
        return found == null ? Attention.LOW : Attention.valueOf(((String) found).toUpperCase(Locale.ROOT));
    }

    /** The words that make the clauses hold, by clause, field and position. */
    public List<Evidence> evidence() {
        return evidence;
    }

    /** The venue after the plan's catalogue. */
    public Venue venue() {
        Object found = members.get("venue");
        return found == null ? Venue.UNKNOWN : Venue.valueOf(((String) found).toUpperCase(Locale.ROOT));
    }

    /** Whether the document is about the plan's subject; null when the plan does not say what that is. */
    public Boolean about() {
        return (Boolean) members.get("about");
    }

    /** Which limits were met: "hits", "title", "text", "evidence", "values". */
    public List<String> incomplete() {
        return strings("incomplete");
    }

    /** How many parts of the document are no UTF-8. */
    public long malformed() {
        return number("malformed");
    }

    /** The generation of the plan in the scanner's slot; 0 without one. */
    public long generation() {
        return number("generation");
    }

    /** In a batch, why there is no verdict of this document; else null. */
    public String error() {
        return (String) members.get("error");
    }

    @Override
    public String toString() {
        return members.toString();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Verdict && ((Verdict) other).members.equals(members);
    }

    @Override
    public int hashCode() {
        return members.hashCode();
    }
}
