package tocsin;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import java.util.ArrayList;
import java.util.List;

/** Groups posts about one matter into incidents, by the times of the documents. One thread at a time. */
public final class Tracker implements AutoCloseable {
    private final Handle handle;

    public Tracker() {
        this(made());
    }

    private Tracker(Pointer tracker) {
        handle = new Handle(this, false, tracker, Native.c()::tocsin_tracker_free);
    }

    private static Pointer made() {
        Native.Failure error = new Native.Failure();
        PointerByReference made = new PointerByReference();
        Native.check(Native.c().tocsin_tracker_create(null, made, error), error);
        return made.getValue();
    }

    /** The tracker that save() saved. */
    public static Tracker restore(byte[] snapshot) {
        Native.Failure error = new Native.Failure();
        PointerByReference made = new PointerByReference();
        Native.check(Native.c().tocsin_tracker_restore(snapshot, snapshot.length, null, made, error), error);
        return new Tracker(made.getValue());
    }

    /**
     * Grades a document and adds it to its incident, or begins one. Where the incident has more attention than the
     * document, the document is graded again with that attention, and the verdict is the second one.
     */
    public Tracked add(Scanner scanner, Document document) {
        Documents one = new Documents(document);
        Native.Failure error = new Native.Failure();
        Pointer grader = scanner.handle.take();
        try {
            Pointer tracker = handle.take();
            try {
                return add(tracker, grader, one, error);
            } finally {
                handle.give();
            }
        } finally {
            scanner.handle.give();
        }
    }

    private static Tracked add(Pointer tracker, Pointer scanner, Documents one, Native.Failure error) {
        Native.Joined tracked = new Native.Joined();
        PointerByReference verdict = new PointerByReference();
        Scanner.grade(scanner, one, verdict, error);
        Native.check(Native.c().tocsin_tracker_add(tracker, one.array(), verdict.getValue(), tracked, error), error);
        Verdict first = Scanner.verdict(verdict.getValue(), one.fields(0), error);
        if (tracked.incident == 0 || tracked.attention <= first.attention().ordinal()) return new Tracked(tracked, first);
        one.raise(Attention.values()[tracked.attention]);
        Scanner.grade(scanner, one, verdict, error);
        Native.check(Native.c().tocsin_tracker_raise(tracker, one.array(), verdict.getValue(), tracked, error), error);
        return new Tracked(tracked, Scanner.verdict(verdict.getValue(), one.fields(0), error));
    }

    /** The incident of an id; null when there is none, or none any more. */
    public Incident incident(long id) {
        Pointer tracker = handle.take();
        try {
            Native.IncidentData found = Native.c().tocsin_tracker_get(tracker, id);
            return found == null ? null : new Incident(found);
        } finally {
            handle.give();
        }
    }

    /** All incidents that are kept, by id. */
    public List<Incident> incidents() {
        Pointer tracker = handle.take();
        try {
            List<Incident> all = new ArrayList<>();
            for (Native.IncidentData one; (one = Native.c().tocsin_tracker_at(tracker, all.size())) != null; ) {
                all.add(new Incident(one));
            }
            return all;
        } finally {
            handle.give();
        }
    }

    /** Everything the tracker knows, for restore(). */
    public byte[] save() {
        Native.Failure error = new Native.Failure();
        Pointer tracker = handle.take();
        try {
            return Native.collect(out -> Native.c().tocsin_tracker_save_to_buffer(tracker, out, error), error);
        } finally {
            handle.give();
        }
    }

    /** Gives up the tracker; a second time does nothing. */
    @Override
    public void close() {
        handle.close();
    }
}
