package tocsin;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** An incident as it was when it was asked for. */
public final class Incident {
    private final Native.IncidentData data;

    Incident(Native.IncidentData data) {
        this.data = data;
    }

    public long id() {
        return data.id;
    }

    /** The id of the earlier incident that returned as this one; 0 when none is known. */
    public long returns() {
        return data.returns;
    }

    /** The id of the highest tier of its posts. */
    public String tier() {
        return Native.string(data.tierId, 0, data.tierId.length);
    }

    /** The ids of clauses that held, in the order in which they first did; at most 16. */
    public List<String> clauses() {
        List<String> found = new ArrayList<>();
        for (int i = 0; i < Math.min(data.clauseCount, 16); i++) found.add(Native.string(data.clauses, 32 * i, 32 * i + 32));
        return Collections.unmodifiableList(found);
    }

    /** The time of its first post; null when no post had one. */
    public Instant firstTime() {
        return time(data.firstTime);
    }

    public Instant lastTime() {
        return time(data.lastTime);
    }

    private static Instant time(long milliseconds) {
        return milliseconds == Native.TIME_UNKNOWN ? null : Instant.ofEpochMilli(milliseconds);
    }

    public long posts() {
        return data.posts;
    }

    /** Posts of the hour before its latest one. */
    public long lastHour() {
        return data.lastHour;
    }

    /** The reach of all its posts together. */
    public long reach() {
        return data.reach;
    }

    /** How many of its posts are of a venue. */
    public long posts(Venue venue) {
        return data.venues[venue.ordinal()];
    }

    /** How many documents are attached to it as that; they are not among its posts. */
    public long attached(AttachedAs as) {
        return data.attached[as.ordinal()];
    }

    /** Whether the plan marks the tier of one of its posts as severe. */
    public boolean isSevere() {
        return data.severe != 0;
    }

    public Attention attention() {
        return Attention.values()[data.attention];
    }

    /** Whether it had no post for as long as makes an incident end. */
    public boolean isOver() {
        return data.over != 0;
    }

    /** The id of its first post. */
    public String document() {
        return Native.string(data.document, 0, data.document.length);
    }

    /** The title of its first post, or the beginning of the text. */
    public String sample() {
        return Native.string(data.sample, 0, data.sample.length);
    }
}
