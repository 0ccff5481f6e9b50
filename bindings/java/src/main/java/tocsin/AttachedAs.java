package tocsin;

/** What a document of tier none is to its incident. */
public enum AttachedAs {
    /** It has a tier, or no incident. */
    NOTHING,
    /** The service's own words. */
    ANSWER,
    /** It says that the matter is not true. */
    REBUTTAL,
    /** Anything else that is said of the matter. */
    ECHO
}
