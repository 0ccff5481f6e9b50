package tocsin;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;

/** Holds the current plan; publish exchanges it while scanners go on. For any number of threads. */
public final class Slot implements AutoCloseable {
    private final Handle handle;

    public Slot(Plan plan) {
        PointerByReference made = new PointerByReference();
        Pointer taken = plan.handle.take();
        try {
            Native.check(Native.c().tocsin_slot_create(taken, null, made), null);
        } finally {
            plan.handle.give();
        }
        handle = new Handle(this, true, made.getValue(), Native.c()::tocsin_slot_free);
    }

    /** Makes plan the current one; returns its generation, which counts from 1. */
    public long publish(Plan plan) {
        Pointer slot = handle.take();
        try {
            Pointer taken = plan.handle.take();
            try {
                return Native.c().tocsin_slot_publish(slot, taken);
            } finally {
                plan.handle.give();
            }
        } finally {
            handle.give();
        }
    }

    /** A scanner that grades each document by the plan that is current then. */
    public Scanner scanner() {
        return scanner(new ScannerOptions());
    }

    public Scanner scanner(ScannerOptions options) {
        Pointer slot = handle.take();
        try {
            return new Scanner(options,
                    (o, made, error) -> Native.c().tocsin_scanner_create_for_slot(slot, o, made, error));
        } finally {
            handle.give();
        }
    }

    /** Gives up the slot; scanners keep their share. A second time does nothing. */
    @Override
    public void close() {
        handle.close();
    }
}
