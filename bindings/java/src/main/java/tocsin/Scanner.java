package tocsin;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Grades documents; one a thread. A second thread that uses it meanwhile gets a TocsinException of which isBusy() is
 * true. It keeps its plan.
 */
public final class Scanner implements AutoCloseable {
    private static final int BATCH = 4096; // documents whose bytes are held at once

    final Handle handle;

    interface Maker {
        int make(Native.Options options, PointerByReference scanner, Native.Failure error);
    }

    Scanner(ScannerOptions options, Maker maker) {
        Native.Failure error = new Native.Failure();
        PointerByReference made = new PointerByReference();
        Native.check(maker.make(options.options, made, error), error);
        handle = new Handle(this, false, made.getValue(), Native.c()::tocsin_scanner_free);
    }

    /** The verdict of a text of which nothing else is known. */
    public Verdict classify(String text) {
        return classify(Document.of(text));
    }

    public Verdict classify(Document document) {
        Documents one = new Documents(document);
        Native.Failure error = new Native.Failure();
        PointerByReference verdict = new PointerByReference();
        Pointer scanner = handle.take();
        try {
            grade(scanner, one, verdict, error);
            return verdict(verdict.getValue(), one.fields(0), error);
        } finally {
            handle.give();
        }
    }

    static void grade(Pointer scanner, Documents one, PointerByReference verdict, Native.Failure error) {
        int status = Native.c().tocsin_classify(scanner, one.array(), verdict, error);
        one.rethrow();
        Native.check(status, error);
    }

    static Verdict verdict(Pointer verdict, byte[][] fields, Native.Failure error) {
        byte[] json = Native.collect(out -> Native.c().tocsin_verdict_to_json(verdict, out), error);
        return new Verdict(Json.object(new String(json, StandardCharsets.UTF_8)), fields);
    }

    /** The verdicts of many documents, in order. One that fails has an error in its verdict, and no other is lost. */
    public List<Verdict> classifyBatch(Iterable<Document> documents) {
        return classifyBatch(documents, false);
    }

    /** The same; with gradedOnly the verdicts of tier none are null. */
    public List<Verdict> classifyBatch(Iterable<Document> documents, boolean gradedOnly) {
        List<Verdict> verdicts = new ArrayList<>();
        List<Document> part = new ArrayList<>();
        for (Document document : documents) {
            part.add(document);
            if (part.size() == BATCH) {
                grade(part, gradedOnly, verdicts);
                part.clear();
            }
        }
        if (!part.isEmpty()) grade(part, gradedOnly, verdicts);
        return verdicts;
    }

    private void grade(List<Document> part, boolean gradedOnly, List<Verdict> verdicts) {
        Documents batch = new Documents(part); // part is not changed before it is done
        Native.Failure error = new Native.Failure();
        Memory buffer = new Memory(Native.BUFFER_SIZE);
        Memory ends = new Memory(8L * part.size());
        Native.c().tocsin_buffer_init(buffer, null);
        Pointer scanner = handle.take();
        try {
            int status = Native.c().tocsin_classify_batch_to_json(scanner, batch.array(), part.size(), gradedOnly ? 1 : 0,
                    buffer, ends, error);
            batch.rethrow();
            verdicts.addAll(verdicts(status, Native.contents(buffer), ends.getLongArray(0, part.size()), batch, error));
        } finally {
            handle.give();
            Native.c().tocsin_buffer_release(buffer);
        }
    }

    /** Reads a batch's lines. A status that comes from no document is the failure of the call. */
    static List<Verdict> verdicts(int status, byte[] lines, long[] ends, Documents batch, Native.Failure error) {
        List<Verdict> verdicts = new ArrayList<>();
        boolean failed = status != Native.OK;
        int start = 0;
        for (int i = 0; i < ends.length; i++) {
            int end = (int) ends[i];
            Verdict verdict = end == start ? null : new Verdict(
                    Json.object(new String(lines, start, end - start - 1, StandardCharsets.UTF_8)), batch.fields(i));
            verdicts.add(verdict);
            failed &= verdict == null || verdict.error() == null;
            start = end;
        }
        if (failed || status == Native.ERROR_BUSY || status == Native.ERROR_MEMORY) throw Native.failure(status, error, null);
        return verdicts;
    }

    /** Why each clause holds or does not, and the nearest change: the library's JSON as maps, with offsets in chars. */
    public Map<String, Object> explain(Document document) {
        Documents one = new Documents(document);
        Native.Failure error = new Native.Failure();
        PointerByReference made = new PointerByReference();
        Pointer scanner = handle.take();
        try {
            int status = Native.c().tocsin_explain(scanner, one.array(), made, error);
            one.rethrow();
            Native.check(status, error);
            byte[] json = Native.collect(out -> Native.c().tocsin_explanation_to_json(made.getValue(), out), error);
            Map<String, Object> found = Json.object(new String(json, StandardCharsets.UTF_8));
            byte[][] fields = one.fields(0);
            Verdict.inChars(found, new Utf8.Chars[] {new Utf8.Chars(fields[0]), new Utf8.Chars(fields[1])});
            return found;
        } finally {
            handle.give();
        }
    }

    /** A document that comes in pieces. What facts has as title and text are the first pieces. */
    public DocumentStream stream(Document facts) {
        return new DocumentStream(this, facts);
    }

    /** Gives back the memory that large documents have made it take. */
    public void trim() {
        Native.Failure error = new Native.Failure();
        Pointer scanner = handle.take();
        try {
            Native.check(Native.c().tocsin_scanner_trim(scanner, error), error);
        } finally {
            handle.give();
        }
    }

    /** Gives up the scanner, once no other thread is in a call of it; a second time does nothing. */
    @Override
    public void close() {
        handle.close();
    }
}
