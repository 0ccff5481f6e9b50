package tocsin;

/** Limits of a scanner; 0 is the library's own. Each setter returns the options themselves. */
public final class ScannerOptions {
    final Native.Options options = new Native.Options();

    public ScannerOptions() {
        Native.check(Native.c().tocsin_scanner_options_init(options, options.size()), null);
    }

    /** Words that are shown for each clause. */
    public ScannerOptions maxEvidence(int value) {
        options.maxEvidence = positive(value, "maxEvidence");
        return this;
    }

    /** Hits of a document whose positions are kept. */
    public ScannerOptions maxHits(int value) {
        options.maxHits = positive(value, "maxHits");
        return this;
    }

    /** Bytes of UTF-8 up to which each field is read. */
    public ScannerOptions maxDocumentBytes(long value) {
        if (value < 0) throw new TocsinException("maxDocumentBytes is less than 0");
        options.maxDocumentBytes = value;
        return this;
    }

    /** Whether topics are counted also in documents that are not about the plan's subject. */
    public ScannerOptions allTopics(boolean value) {
        options.allTopics = value ? 1 : 0;
        return this;
    }

    private static int positive(int value, String name) {
        if (value < 0) throw new TocsinException(name + " is less than 0");
        return value;
    }
}
