package tocsin;

import com.sun.jna.CallbackReference;
import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.util.Collections;
import java.util.List;

/** Documents as an array of tocsin_document with their strings behind it, in one block of memory. */
final class Documents {
    private static final int SIZE = 128;
    private static final int[] AT = {8, 24, 40, 56};
    private static final String[] NAMES = {"id", "title", "text", "source"};

    private final byte[][][] strings;
    private final Memory block;
    private final List<Document> documents;
    private Native.StopCallback asks; // as long as the library may call it; null: no document has a stop
    private Throwable thrown;

    Documents(List<Document> documents) {
        this.documents = documents;
        strings = new byte[documents.size()][][];
        long size = Math.max(1, (long) SIZE * documents.size());
        for (int i = 0; i < strings.length; i++) {
            strings[i] = encoded(documents.get(i), strings.length > 1 ? " of document " + i : "");
            for (byte[] one : strings[i]) size += one.length;
        }
        block = new Memory(size);
        long end = (long) SIZE * strings.length;
        for (int i = 0; i < strings.length; i++) end = put(documents.get(i), i, end);
    }

    Documents(Document document) {
        this(Collections.singletonList(document));
    }

    private static byte[][] encoded(Document document, String which) {
        String[] texts = {document.id, document.title, document.text, document.source};
        byte[][] made = new byte[texts.length][];
        for (int i = 0; i < texts.length; i++) made[i] = Utf8.encode(texts[i], NAMES[i] + which);
        return made;
    }

    private long put(Document document, int index, long end) {
        long base = (long) SIZE * index;
        block.setLong(base, SIZE);
        for (int i = 0; i < AT.length; i++) {
            byte[] bytes = strings[index][i];
            block.write(end, bytes, 0, bytes.length);
            block.setPointer(base + AT[i], bytes.length == 0 ? null : block.share(end));
            block.setLong(base + AT[i] + 8, bytes.length);
            end += bytes.length;
        }
        block.setInt(base + 72, document.venue.ordinal());
        block.setInt(base + 76, document.attention.ordinal());
        block.setLong(base + 80, document.reach);
        block.setLong(base + 88, document.time);
        block.setLong(base + 96, document.arrived);
        block.setLong(base + 104, document.maxEvidence);
        if (document.stop != null && asks == null) asks = this::ask;
        block.setPointer(base + 112, document.stop == null ? null : CallbackReference.getFunctionPointer(asks));
        block.setPointer(base + 120, document.stop == null ? null : new Pointer(index + 1)); // not an address
        return end;
    }

    private int ask(Pointer context) {
        try {
            return documents.get((int) Pointer.nativeValue(context) - 1).stop.getAsBoolean() ? 1 : 0;
        } catch (Throwable problem) {
            if (thrown == null) thrown = problem;
            return 1;
        }
    }

    /** Throws what a stop has thrown. The library has returned. */
    void rethrow() {
        if (thrown == null) return;
        Throwable problem = thrown;
        thrown = null;
        if (problem instanceof TocsinException) throw (TocsinException) problem;
        throw new TocsinException("the stop of a document failed: " + problem, "", 0, "", 0, 0, problem);
    }

    void raise(Attention attention) {
        block.setInt(76, attention.ordinal());
    }

    Pointer array() {
        return block;
    }

    /** The bytes of the fields of a document, by the order of Field. */
    byte[][] fields(int index) {
        return new byte[][] {strings[index][1], strings[index][2]};
    }
}
