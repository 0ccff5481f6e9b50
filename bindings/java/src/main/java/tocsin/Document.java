package tocsin;

import java.time.Instant;
import java.util.Objects;
import java.util.function.BooleanSupplier;

/** A document to grade. There is no author field, on purpose. Each setter returns the document itself. */
public final class Document {
    String id = "";
    String title = "";
    String text = "";
    String source = "";
    Venue venue = Venue.UNKNOWN;
    Attention attention = Attention.LOW;
    long reach;
    long time = Native.TIME_UNKNOWN;
    long arrived;
    long maxEvidence;
    BooleanSupplier stop;

    private Document() {}

    /** A document of which the text is known. */
    public static Document of(String text) {
        Document made = new Document();
        made.text = Objects.requireNonNull(text, "text");
        return made;
    }

    /** The feed's own identifier. */
    public Document id(String value) {
        id = Objects.requireNonNull(value, "id");
        return this;
    }

    public Document title(String value) {
        title = Objects.requireNonNull(value, "title");
        return this;
    }

    /** Host name, URL or channel. */
    public Document source(String value) {
        source = Objects.requireNonNull(value, "source");
        return this;
    }

    /** Where it was published; UNKNOWN: the plan's catalogue is asked for the source. */
    public Document venue(Venue value) {
        venue = Objects.requireNonNull(value, "venue");
        return this;
    }

    /** Attention that is known from elsewhere; the verdict has at least this. */
    public Document attention(Attention value) {
        attention = Objects.requireNonNull(value, "attention");
        return this;
    }

    /** Views or reposts so far, 0 or more. */
    public Document reach(long value) {
        if (value < 0) throw new TocsinException("reach is " + value + ", less than 0");
        reach = value;
        return this;
    }

    /** When it was published; a tracker needs it. */
    public Document time(Instant value) {
        time = value.toEpochMilli();
        return this;
    }

    /** When it was collected; a tracker does not believe much later times. */
    public Document arrived(Instant value) {
        arrived = value.toEpochMilli();
        return this;
    }

    /** At most so much evidence of a clause; 0: as the scanner. */
    public Document maxEvidence(long value) {
        if (value < 0) throw new TocsinException("maxEvidence is " + value + ", less than 0");
        maxEvidence = value;
        return this;
    }

    /**
     * Is asked now and then while the document is read; if it says true the document ends with a TocsinException, as for a
     * deadline. What it throws is the cause of a TocsinException. It may not use the scanner.
     */
    public Document stop(BooleanSupplier value) {
        stop = Objects.requireNonNull(value, "stop");
        return this;
    }
}
