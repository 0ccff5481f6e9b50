package tocsin;

import com.sun.jna.Callback;
import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import com.sun.jna.Structure;
import com.sun.jna.Structure.FieldOrder;
import com.sun.jna.ptr.PointerByReference;
import java.nio.charset.StandardCharsets;
import java.util.Collections;

/** The functions and structs of the C library, as its headers have them; and how they are opened. */
final class Native {
    /** The version whose headers these declarations follow. */
    static final String VERSION = "0.2.0";

    static final int OK = 0;
    static final int ERROR_MEMORY = -2;
    static final int ERROR_BUSY = -4;
    static final int ERROR_NOT_FOUND = -41;
    static final long TIME_UNKNOWN = Long.MIN_VALUE;
    static final long BUFFER_SIZE = 56;

    private Native() {}

    interface SourceCallback extends Callback {
        int read(Pointer context, Pointer name, Pointer out);
    }

    interface StopCallback extends Callback {
        int ask(Pointer context);
    }

    interface Functions extends Library {
        String tocsin_version();

        String tocsin_status_string(int status);

        String tocsin_venue_name(int venue);

        String tocsin_attention_name(int attention);

        int tocsin_plan_load(String path, Pointer options, Pointer problems, PointerByReference plan, Failure error);

        int tocsin_plan_compile(SourceCallback read, Pointer context, String name, Pointer options, Pointer problems,
                PointerByReference plan, Failure error);

        void tocsin_plan_release(Pointer plan);

        PlanInfo tocsin_plan_get_info(Pointer plan);

        PlanItem tocsin_plan_tier(Pointer plan, long index);

        PlanItem tocsin_plan_clause(Pointer plan, long index);

        PlanItem tocsin_plan_route(Pointer plan, long index);

        PlanItem tocsin_plan_topic(Pointer plan, long index);

        PlanItem tocsin_plan_learned(Pointer plan, long index);

        PlanItem tocsin_plan_define(Pointer plan, long index);

        int tocsin_plan_save(Pointer plan, String path, Failure error);

        int tocsin_diagnostics_create(Pointer allocator, PointerByReference list);

        void tocsin_diagnostics_free(Pointer list);

        long tocsin_diagnostics_count(Pointer list);

        Pointer tocsin_diagnostics_at(Pointer list, long index);

        int tocsin_diagnostic_to_json(Pointer diagnostic, Pointer out);

        void tocsin_buffer_init(Pointer buffer, Pointer allocator);

        void tocsin_buffer_release(Pointer buffer);

        int tocsin_buffer_append(Pointer buffer, byte[] data, long length);

        int tocsin_scanner_options_init(Options options, long size);

        int tocsin_scanner_create(Pointer plan, Options options, PointerByReference scanner, Failure error);

        int tocsin_scanner_create_for_slot(Pointer slot, Options options, PointerByReference scanner, Failure error);

        void tocsin_scanner_free(Pointer scanner);

        int tocsin_scanner_trim(Pointer scanner, Failure error);

        int tocsin_classify(Pointer scanner, Pointer document, PointerByReference verdict, Failure error);

        int tocsin_classify_batch_to_json(Pointer scanner, Pointer documents, long count, int gradedOnly, Pointer out,
                Pointer ends, Failure error);

        int tocsin_verdict_to_json(Pointer verdict, Pointer out);

        int tocsin_explain(Pointer scanner, Pointer document, PointerByReference explanation, Failure error);

        int tocsin_explanation_to_json(Pointer explanation, Pointer out);

        int tocsin_stream_create(Pointer scanner, PointerByReference stream, Failure error);

        void tocsin_stream_free(Pointer stream);

        int tocsin_stream_begin(Pointer stream, Pointer facts, Failure error);

        int tocsin_stream_write(Pointer stream, int field, byte[] bytes, long length, Failure error);

        int tocsin_stream_end(Pointer stream, PointerByReference verdict, Failure error);

        int tocsin_slot_create(Pointer plan, Pointer allocator, PointerByReference slot);

        void tocsin_slot_free(Pointer slot);

        long tocsin_slot_publish(Pointer slot, Pointer plan);

        int tocsin_tracker_create(Pointer options, PointerByReference tracker, Failure error);

        void tocsin_tracker_free(Pointer tracker);

        int tocsin_tracker_add(Pointer tracker, Pointer document, Pointer verdict, Joined tracked, Failure error);

        int tocsin_tracker_raise(Pointer tracker, Pointer document, Pointer verdict, Joined tracked, Failure error);

        IncidentData tocsin_tracker_get(Pointer tracker, long id);

        IncidentData tocsin_tracker_at(Pointer tracker, long index);

        int tocsin_tracker_save_to_buffer(Pointer tracker, Pointer out, Failure error);

        int tocsin_tracker_restore(byte[] bytes, long length, Pointer allocator, PointerByReference tracker,
                Failure error);

        int tocsin_folder_create(Pointer options, Pointer allocator, PointerByReference folder);

        void tocsin_folder_free(Pointer folder);

        int tocsin_fold(Pointer folder, byte[] text, long length, Bytes out);
    }

    /** tocsin_error. */
    @FieldOrder({"status", "line", "column", "offset", "file", "message"})
    public static class Failure extends Structure {
        public int status;
        public int line;
        public int column;
        public long offset;
        public byte[] file = new byte[256];
        public byte[] message = new byte[512];
    }

    /** tocsin_bytes. */
    @FieldOrder({"data", "length"})
    public static class Bytes extends Structure {
        public Pointer data;
        public long length;
    }

    /** tocsin_plan_info, up to the last member that is read. */
    @FieldOrder({"name", "version", "engine", "tiers", "clauses", "routes", "topics", "terms", "patterns", "regexes",
        "venues", "memory", "about", "foldProfile", "betweenHan", "betweenLatin", "learned", "foldTables", "plan",
        "defines", "content"})
    public static class PlanInfo extends Structure {
        public Pointer name;
        public Pointer version;
        public Pointer engine;
        public long tiers;
        public long clauses;
        public long routes;
        public long topics;
        public long terms;
        public long patterns;
        public long regexes;
        public long venues;
        public long memory;
        public Pointer about;
        public int foldProfile;
        public int betweenHan;
        public int betweenLatin;
        public long learned;
        public Pointer foldTables;
        public Pointer plan;
        public long defines;
        public long content;
    }

    /** tocsin_plan_item. */
    @FieldOrder({"id", "name", "tier", "when", "role", "inAbout"})
    public static class PlanItem extends Structure {
        public Pointer id;
        public Pointer name;
        public int tier;
        public Pointer when;
        public int role;
        public int inAbout;
    }

    /** tocsin_scanner_options. */
    @FieldOrder({"structSize", "allocator", "maxDocumentBytes", "maxHits", "maxEvidence", "allTopics"})
    public static class Options extends Structure {
        public long structSize;
        public Pointer[] allocator = new Pointer[4];
        public long maxDocumentBytes;
        public int maxHits;
        public int maxEvidence;
        public int allTopics;
    }

    /** tocsin_tracked. */
    @FieldOrder({"incident", "isNew", "joinedBy", "score", "raised", "tierRose", "attachedAs", "turn", "returns", "merged", "mergedInto",
        "newClauses", "time", "timeReplaced", "attention", "said"})
    public static class Joined extends Structure {
        public long incident;
        public int isNew;
        public int joinedBy;
        public double score;
        public int raised;
        public int tierRose;
        public int attachedAs;
        public int turn;
        public long returns;
        public long merged;
        public long mergedInto;
        public int newClauses;
        public long time;
        public int timeReplaced;
        public int attention;
        public Bytes said;
    }

    /** tocsin_incident. */
    @FieldOrder({"id", "returns", "tier", "tierId", "clauses", "clauseCount", "firstTime", "lastTime", "posts", "reach",
        "venues", "attention", "raisedBy", "raisedTime", "lastHour", "over", "severe", "attached", "turns", "document",
        "sample"})
    public static class IncidentData extends Structure {
        public long id;
        public long returns;
        public int tier;
        public byte[] tierId = new byte[32];
        public byte[] clauses = new byte[16 * 32];
        public int clauseCount;
        public long firstTime;
        public long lastTime;
        public long posts;
        public long reach;
        public long[] venues = new long[8];
        public int attention;
        public int raisedBy;
        public long raisedTime;
        public long lastHour;
        public int over;
        public int severe;
        public long[] attached = new long[4];
        public int turns;
        public byte[] document = new byte[64];
        public byte[] sample = new byte[256];
    }

    /** The library, opened once; every use of one that cannot be used throws the same reason again. */
    private static final class Opened {
        static final Functions FUNCTIONS;
        static final String REASON;

        static {
            Functions functions = null;
            String reason = null;
            String name = System.getProperty("tocsin.library", "libtocsin.so.0");
            try {
                functions = com.sun.jna.Native.load(name, Functions.class,
                        Collections.singletonMap(Library.OPTION_STRING_ENCODING, "UTF-8"));
                String found = functions.tocsin_version();
                if (!minor(found).equals(minor(VERSION))) {
                    reason = "this package was made for version " + VERSION + " of the library, not for " + found;
                } else if (com.sun.jna.Native.POINTER_SIZE != 8 || com.sun.jna.Native.SIZE_T_SIZE != 8) {
                    reason = "only 64-bit machines are supported";
                }
            } catch (LinkageError error) {
                reason = name + " cannot be loaded: " + error.getMessage().trim().replaceAll("\\s*\n\\s*", "; ");
            }
            FUNCTIONS = functions;
            REASON = reason;
        }

        private static String minor(String version) {
            return version.replaceFirst("^(\\d+\\.\\d+).*$", "$1");
        }
    }

    static Functions c() {
        if (Opened.REASON != null) throw new TocsinException(Opened.REASON);
        return Opened.FUNCTIONS;
    }

    /** Throws unless status is OK. */
    static void check(int status, Failure error) {
        if (status != OK) throw failure(status, error, null);
    }

    /** The exception for a status; error may be null. */
    static TocsinException failure(int status, Failure error, Throwable cause) {
        String name = c().tocsin_status_string(status);
        if (error == null || error.status == 0) return new TocsinException(name, name, status, "", 0, 0, cause);
        String message = string(error.message, 0, error.message.length);
        String file = string(error.file, 0, error.file.length);
        return new TocsinException(message.isEmpty() ? name : message, name, status, file, error.line, error.column,
                cause);
    }

    /** The bytes up to a NUL as a string. */
    static String string(byte[] bytes, int from, int limit) {
        int end = from;
        while (end < limit && bytes[end] != 0) end++;
        return new String(bytes, from, end - from, StandardCharsets.UTF_8);
    }

    static String string(Pointer text) {
        return text == null ? null : text.getString(0, "UTF-8");
    }

    /** A name or path for a call that ends it at a NUL. */
    static String name(String text) {
        Utf8.encode(text, "the name");
        if (text.indexOf('\0') >= 0) throw new TocsinException("the name has a NUL character");
        return text;
    }

    /** What appends to a tocsin_buffer. */
    interface Writer {
        int write(Pointer buffer);
    }

    /** What writer appends to a buffer of its own. */
    static byte[] collect(Writer writer, Failure error) {
        Memory buffer = new Memory(BUFFER_SIZE);
        c().tocsin_buffer_init(buffer, null);
        try {
            check(writer.write(buffer), error);
            return contents(buffer);
        } finally {
            c().tocsin_buffer_release(buffer);
        }
    }

    /** The bytes of a tocsin_buffer. */
    static byte[] contents(Pointer buffer) {
        long length = buffer.getLong(8);
        if (length > Integer.MAX_VALUE - 8) throw new TocsinException("an answer of " + length + " bytes is too long");
        return length == 0 ? new byte[0] : buffer.getPointer(0).getByteArray(0, (int) length);
    }
}
