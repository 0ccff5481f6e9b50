package tocsin;

import java.util.Map;

/** A word that makes a clause hold. */
public final class Evidence {
    private final Map<String, Object> members;

    Evidence(Map<String, Object> members) {
        this.members = members;
    }

    /** The id of the clause. */
    public String clause() {
        return (String) members.get("clause");
    }

    /** The id of the topic, or "learned(NAME)". */
    public String topic() {
        return (String) members.get("topic");
    }

    /** The term as the list writes it; empty for a learned score. */
    public String term() {
        return (String) members.get("term");
    }

    public Field field() {
        return "title".equals(members.get("field")) ? Field.TITLE : Field.TEXT;
    }

    /** The first char in the field, as String.substring counts. */
    public int start() {
        return ((Number) members.get("start")).intValue();
    }

    /** The char behind the last one. */
    public int end() {
        return ((Number) members.get("end")).intValue();
    }

    /** The chars of the field from start to end. */
    public String text() {
        return (String) members.get("text");
    }

    /** Of a quantity its number times its unit; else null. */
    public Double value() {
        return number("value");
    }

    /** Of a learned score what the text adds to its log odds; else null. */
    public Double contribution() {
        return number("contribution");
    }

    private Double number(String name) {
        Number found = (Number) members.get(name);
        return found == null ? null : found.doubleValue();
    }

    @Override
    public String toString() {
        return members.toString();
    }
}
