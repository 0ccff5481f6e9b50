package tocsin;

/** A named thing of a plan. */
public final class PlanItem {
    private final String id;
    private final String name;
    private final String when;

    PlanItem(Native.PlanItem item) {
        id = Native.string(item.id);
        name = Native.string(item.name);
        when = Native.string(item.when);
    }

    public String id() {
        return id;
    }

    /** The name for people; the id when the plan gives none. */
    public String name() {
        return name;
    }

    /** The expression of a clause, route or define as the plan has it; else null. */
    public String when() {
        return when;
    }

    @Override
    public String toString() {
        return id + " " + name;
    }
}
