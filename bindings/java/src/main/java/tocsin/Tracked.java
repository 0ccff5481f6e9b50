package tocsin;

/** What became of a document that a tracker was given. */
public final class Tracked {
    private final Native.Joined joined;
    private final Verdict verdict;

    Tracked(Native.Joined joined, Verdict verdict) {
        this.joined = joined;
        this.verdict = verdict;
    }

    public Verdict verdict() {
        return verdict;
    }

    /** The id of its incident; 0 when it has none. */
    public long incident() {
        return joined.incident;
    }

    /** Whether the document began the incident. */
    public boolean isNew() {
        return joined.isNew != 0;
    }

    public JoinedBy joinedBy() {
        return JoinedBy.values()[joined.joinedBy];
    }

    /** How strong the join is, 0 to 1. */
    public double score() {
        return joined.score;
    }

    /** Whether the document raised the attention of the incident. */
    public boolean raised() {
        return joined.raised != 0;
    }

    /** Whether the document raised the tier of the incident. */
    public boolean tierRose() {
        return joined.tierRose != 0;
    }

    /** What a document of tier none is to its incident; NOTHING: it is a post of it, or has none. */
    public AttachedAs attachedAs() {
        return AttachedAs.values()[joined.attachedAs];
    }

    /** What the document is the first one to make of the incident. */
    public Turn turn() {
        return Turn.values()[joined.turn];
    }

    /** With isNew() the id of the earlier incident that returns with it; else 0. */
    public long returns() {
        return joined.returns;
    }

    /** The id of an incident that this document had merged into mergedInto(); else 0. */
    public long merged() {
        return joined.merged;
    }

    public long mergedInto() {
        return joined.mergedInto;
    }

    /** The attention of the incident now. */
    public Attention attention() {
        return Attention.values()[joined.attention];
    }
}
