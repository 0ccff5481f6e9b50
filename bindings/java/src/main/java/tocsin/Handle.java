package tocsin;

import com.sun.jna.Pointer;
import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;

/**
 * An object of the library and who uses it. It is freed once it was closed, or its owner was collected, and no call
 * uses it any more: closing while another thread grades harms nothing.
 */
final class Handle extends PhantomReference<Object> {
    interface Release {
        void release(Pointer object);
    }

    private static final ReferenceQueue<Object> COLLECTED = new ReferenceQueue<>();
    private static final Set<Handle> OPEN = Collections.synchronizedSet(new HashSet<Handle>());

    private final String what;
    private final boolean shared; // by threads; otherwise one call at a time
    private final Release release;
    private final Pointer object;
    private boolean closed;
    private int calls;
    private int holders;

    Handle(Object owner, boolean shared, Pointer object, Release release) {
        super(owner, COLLECTED);
        this.what = owner.getClass().getSimpleName();
        this.shared = shared;
        this.object = object;
        this.release = release;
        OPEN.add(this);
        for (Object found = COLLECTED.poll(); found != null; found = COLLECTED.poll()) ((Handle) found).close();
    }

    /** The object for one call, which give() ends. */
    synchronized Pointer take() {
        if (closed) throw new TocsinException("the " + what + " is closed");
        if (!shared && calls > 0) throw Native.failure(Native.ERROR_BUSY, null, null);
        calls++;
        return object;
    }

    void give() {
        change(-1, 0, false);
    }

    /** Keeps the object alive, closed or not, until drop(). */
    void hold() {
        change(0, 1, false);
    }

    void drop() {
        change(0, -1, false);
    }

    void close() {
        change(0, 0, true);
    }

    private void change(int moreCalls, int moreHolders, boolean closing) {
        synchronized (this) {
            calls += moreCalls;
            holders += moreHolders;
            closed |= closing;
            if (!closed || calls > 0 || holders > 0) return;
        }
        if (OPEN.remove(this)) release.release(object); // once: whoever removes it
    }

    /** How many objects of the library there are, for tests. */
    static int open() {
        return OPEN.size();
    }
}
