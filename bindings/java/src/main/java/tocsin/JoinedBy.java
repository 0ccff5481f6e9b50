package tocsin;

/** Why a document joined its incident. */
public enum JoinedBy {
    /** It has no incident, or began one. */
    NOTHING,
    /** It says the same. */
    WORDS,
    /** It says something else of the same place, topics and time. */
    MATTER,
    /** It says what weighs most in the posts of the incident. */
    CENTROID;

    /** The name that plans, feeds and verdicts use. */
    public String id() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
