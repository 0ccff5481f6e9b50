package tocsin;

/** The parts of a plan that have ids. */
public enum Part {
    TIER,
    CLAUSE,
    ROUTE,
    TOPIC,
    LEARNED,
    DEFINE
}
