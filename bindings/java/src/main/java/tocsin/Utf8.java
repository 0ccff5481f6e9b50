package tocsin;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Strings to bytes, and offsets of bytes to offsets of chars. */
final class Utf8 {
    private Utf8() {}

    /** The bytes of a string; one with half a surrogate pair is refused. */
    static byte[] encode(String text, String what) {
        try {
            ByteBuffer made = StandardCharsets.UTF_8.newEncoder().onMalformedInput(CodingErrorAction.REPORT)
                    .encode(CharBuffer.wrap(text));
            byte[] bytes = new byte[made.remaining()];
            made.get(bytes);
            return bytes;
        } catch (CharacterCodingException error) {
            throw new TocsinException(what + " has half a surrogate pair at char " + half(text));
        }
    }

    private static int half(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!Character.isSurrogate(text.charAt(i))) continue;
            if (Character.charCount(text.codePointAt(i)) == 1) return i;
            i++;
        }
        return text.length();
    }

    /** Counts the chars before an offset. Offsets that mostly grow cost one pass. */
    static final class Chars {
        private final byte[] bytes;
        private int at;
        private int chars;

        Chars(byte[] bytes) {
            this.bytes = bytes;
        }

        int before(long offset) {
            if (offset < at) at = chars = 0;
            for (; at < offset && at < bytes.length; at++) {
                int b = bytes[at] & 0xff;
                if (b < 0x80 || b >= 0xc0) chars += b >= 0xf0 ? 2 : 1;
            }
            return chars;
        }
    }
}
