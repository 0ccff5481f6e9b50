package tocsin;

import java.util.Map;

/** A problem of a plan or a list. */
public final class Problem {
    private final Map<String, Object> members;

    Problem(Map<String, Object> members) {
        this.members = members;
    }

    /** "note", "warning" or "error". */
    public String severity() {
        return (String) members.get("severity");
    }

    /** A stable short name, "unknown-topic" say. */
    public String code() {
        return (String) members.get("code");
    }

    public String message() {
        return (String) members.get("message");
    }

    /** What to do about it, in a few words; may be empty. */
    public String advice() {
        return (String) members.get("advice");
    }

    public String file() {
        return (String) members.get("file");
    }

    /** Counted from 1; 0 when there is none. */
    public int line() {
        return ((Number) members.get("line")).intValue();
    }

    /** Counted from 1 in code points; 0 when there is none. */
    public int column() {
        return ((Number) members.get("column")).intValue();
    }

    @Override
    public String toString() {
        return file() + ":" + line() + ":" + column() + ": " + severity() + ": " + message();
    }
}
