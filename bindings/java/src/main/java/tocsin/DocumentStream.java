package tocsin;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import java.io.ByteArrayOutputStream;

/** One document in pieces: write them, then end for the verdict. Pieces may be cut anywhere. One thread at a time. */
public final class DocumentStream implements AutoCloseable {
    private final Handle grader;
    private final Handle handle;
    private final ByteArrayOutputStream[] fields = {new ByteArrayOutputStream(), new ByteArrayOutputStream()};
    private final String[] halves = {"", ""}; // of a surrogate pair that a cut went through
    private final Native.Failure error = new Native.Failure();
    private final Documents facts; // its stop is asked at the end

    DocumentStream(Scanner scanner, Document facts) {
        Documents one = new Documents(facts);
        this.facts = one;
        PointerByReference made = new PointerByReference();
        grader = scanner.handle;
        Pointer parent = grader.take();
        try {
            Native.check(Native.c().tocsin_stream_create(parent, made, error), error);
            grader.hold(); // a stream is freed before its scanner
        } finally {
            grader.give();
        }
        Handle held = grader;
        handle = new Handle(this, false, made.getValue(), stream -> {
            Native.c().tocsin_stream_free(stream);
            held.drop();
        });
        Pointer stream = handle.take();
        try {
            Native.check(Native.c().tocsin_stream_begin(stream, one.array(), error), error);
        } catch (TocsinException failed) {
            handle.close();
            throw failed;
        } finally {
            handle.give();
        }
        byte[][] first = one.fields(0);
        for (int i = 0; i < first.length; i++) fields[i].write(first[i], 0, first[i].length);
    }

    /** Adds a piece to the text. */
    public void write(String piece) {
        write(piece, Field.TEXT);
    }

    /** Adds a piece to a field. */
    public synchronized void write(String piece, Field field) {
        String whole = halves[field.ordinal()] + piece;
        int end = whole.length();
        if (end > 0 && Character.isHighSurrogate(whole.charAt(end - 1))) end--;
        byte[] bytes = Utf8.encode(whole.substring(0, end), field.id());
        Pointer stream = handle.take();
        try {
            Native.check(Native.c().tocsin_stream_write(stream, field.ordinal(), bytes, bytes.length, error), error);
        } finally {
            handle.give();
        }
        halves[field.ordinal()] = whole.substring(end);
        fields[field.ordinal()].write(bytes, 0, bytes.length);
    }

    /** The verdict; the stream is closed, unless the scanner was busy or closed. */
    public synchronized Verdict end() {
        for (Field field : Field.values()) Utf8.encode(halves[field.ordinal()], "the end of the " + field.id());
        PointerByReference made = new PointerByReference();
        Pointer stream = handle.take();
        boolean ended = false;
        try {
            grader.take(); // whose verdict it is until its next document
            try {
                ended = true;
                int status = Native.c().tocsin_stream_end(stream, made, error);
                facts.rethrow();
                Native.check(status, error);
                return Scanner.verdict(made.getValue(), new byte[][] {fields[0].toByteArray(), fields[1].toByteArray()}, error);
            } finally {
                grader.give();
            }
        } finally {
            handle.give();
            if (ended) handle.close();
        }
    }

    /** Drops the document; a second time does nothing. */
    @Override
    public void close() {
        handle.close();
    }
}
