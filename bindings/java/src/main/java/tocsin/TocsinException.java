package tocsin;

import java.util.Collections;
import java.util.List;

/** A call of the library failed, or something closed was used. */
public final class TocsinException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String status;
    private final int code;
    private final String file;
    private final int line;
    private final int column;
    private final transient List<Problem> problems;

    TocsinException(String message) {
        this(message, "", 0, "", 0, 0, null);
    }

    TocsinException(String message, String status, int code, String file, int line, int column, Throwable cause) {
        this(message, status, code, file, line, column, cause, Collections.<Problem>emptyList());
    }

    private TocsinException(String message, String status, int code, String file, int line, int column, Throwable cause,
            List<Problem> problems) {
        super(file.isEmpty() ? message : file + ":" + (line > 0 ? line + ":" + column + ":" : "") + " " + message, cause);
        this.status = status;
        this.code = code;
        this.file = file;
        this.line = line;
        this.column = column;
        this.problems = problems;
    }

    /** The same with all problems of a plan. */
    TocsinException with(List<Problem> all) {
        String bare = file.isEmpty() ? getMessage()
                : getMessage().substring(file.length() + (line > 0 ? (":" + line + ":" + column + ":").length() : 1) + 1);
        TocsinException made = new TocsinException(bare, status, code, file, line, column, getCause(), all);
        made.setStackTrace(getStackTrace());
        return made;
    }

    /** What the library calls the failure, "out of memory" say; empty when no call of it failed. */
    public String status() {
        return status;
    }

    /** Whether another thread was using the scanner, stream or tracker. */
    public boolean isBusy() {
        return code == Native.ERROR_BUSY;
    }

    /** The plan or list where the problem is; empty when there is none. */
    public String file() {
        return file;
    }

    /** The line there, counted from 1; 0 when there is none. */
    public int line() {
        return line;
    }

    /** The column there, counted from 1 in code points; 0 when there is none. */
    public int column() {
        return column;
    }

    /** All problems of a plan that does not compile; empty for other failures. */
    public List<Problem> problems() {
        return problems == null ? Collections.<Problem>emptyList() : problems;
    }
}
