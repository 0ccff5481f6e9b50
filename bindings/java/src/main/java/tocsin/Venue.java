package tocsin;

/** The kind of place a document was published in. */
public enum Venue {
    /** Not known: the plan's catalogue is asked for the source. */
    UNKNOWN,
    MAINSTREAM_SITE,
    SITE,
    HOT_FORUM,
    FORUM,
    CELEBRITY_ACCOUNT,
    ACCOUNT,
    /** Of the service itself: what it says is an answer. */
    OWN;

    /** The name that plans, feeds and verdicts use. */
    public String id() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
