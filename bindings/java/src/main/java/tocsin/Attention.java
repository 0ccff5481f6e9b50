package tocsin;

/** How much attention a document has. */
public enum Attention {
    LOW,
    ELEVATED,
    HIGH;

    /** The name that plans, feeds and verdicts use. */
    public String id() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
