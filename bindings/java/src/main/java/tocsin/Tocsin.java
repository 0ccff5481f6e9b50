package tocsin;

import com.sun.jna.ptr.PointerByReference;
import java.nio.charset.StandardCharsets;

/** The library itself. The system property tocsin.library names the file to open instead of the installed one. */
public final class Tocsin {
    private Tocsin() {}

    /** The version of the library that runs. */
    public static String version() {
        return Native.c().tocsin_version();
    }

    /** The text as it is compared: NFKC_Casefold, and one form of each Han character. */
    public static String fold(String text) {
        byte[] bytes = Utf8.encode(text, "text");
        PointerByReference made = new PointerByReference();
        Native.check(Native.c().tocsin_folder_create(null, null, made), null);
        try {
            Native.Bytes out = new Native.Bytes();
            Native.check(Native.c().tocsin_fold(made.getValue(), bytes, bytes.length, out), null);
            return out.length == 0 ? ""
                    : new String(out.data.getByteArray(0, Math.toIntExact(out.length)), StandardCharsets.UTF_8);
        } finally {
            Native.c().tocsin_folder_free(made.getValue());
        }
    }
}
