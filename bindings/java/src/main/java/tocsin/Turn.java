package tocsin;

/** What the first answer or rebuttal makes of an incident. */
public enum Turn {
    NONE,
    /** The service answered. */
    ANSWERED,
    /** The service said that it is not true. */
    REFUTED,
    /** Somebody else said that it is not true. */
    DOUBTED
}
