package tocsin;

/** Hands out the sources of a plan that are not files. */
public interface SourceReader {
    /**
     * The bytes of a source by its name as the plan writes it; null when there is no such source. An exception ends the
     * compilation and is the cause of the TocsinException that Plan.compile throws.
     */
    byte[] read(String name) throws Exception;
}
