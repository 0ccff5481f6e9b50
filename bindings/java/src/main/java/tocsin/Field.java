package tocsin;

/** The fields of a document that are read. */
public enum Field {
    TITLE,
    TEXT;

    /** The name that plans, feeds and verdicts use. */
    public String id() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
