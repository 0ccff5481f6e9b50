package tocsin;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Posts of one to four sentences of the tests' own feeds, with the characters that offsets go wrong at. */
final class Posts {
    static final Path ROOT = Paths.get(System.getProperty("tocsin.root"));
    static final String PLAN = ROOT.resolve("examples/fire-service").toString();

    private Posts() {}

    private static List<String> sentences() throws IOException {
        List<Path> paths = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(ROOT.resolve("tests/fire-service"), "*.ndjson")) {
            for (Path path : found) paths.add(path);
        }
        paths.sort(null);
        List<String> parts = new ArrayList<>();
        for (Path path : paths) {
            for (String line : new String(Files.readAllBytes(path), StandardCharsets.UTF_8).split("\n")) {
                Object text = Json.object(line.trim().replaceAll("(?<=[,:])\\s+(?=[\"\\[{0-9])", "")).get("text");
                if (text == null) continue;
                for (String part : ((String) text).split("。")) if (!part.isEmpty()) parts.add(part);
            }
        }
        if (parts.size() < 500) throw new AssertionError(parts.size() + " sentences");
        return parts;
    }

    static List<Document> make(int count) throws IOException {
        List<String> parts = sentences();
        Random chance = new Random(7);
        long[] reaches = {0, 0, 500, 20000, 300000};
        List<Document> made = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            StringBuilder text = new StringBuilder(i % 3 == 0 ? "🔥ＡＢ" : "");
            for (int n = chance.nextInt(4); n >= 0; n--) {
                text.append(parts.get(chance.nextInt(parts.size()))).append(n > 0 ? "。" : "");
            }
            String title = parts.get(chance.nextInt(parts.size()));
            title = i % 2 == 0 ? "" : title.substring(0, title.offsetByCodePoints(0, Math.min(20, title.codePointCount(0, title.length()))));
            made.add(Document.of(text.toString()).id("" + i).title(title).reach(reaches[chance.nextInt(5)])
                    .venue(Venue.values()[chance.nextInt(Venue.values().length)]));
        }
        return made;
    }

    static String json(Document d) {
        return "{\"id\":" + quoted(d.id) + ",\"title\":" + quoted(d.title) + ",\"text\":" + quoted(d.text) + ",\"venue\":\""
                + d.venue.id() + "\",\"reach\":" + d.reach + "}\n";
    }

    private static String quoted(String text) {
        StringBuilder made = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            if (c == '"' || c == '\\') made.append('\\').append(c);
            else if (c < ' ') made.append(String.format("\\u%04x", (int) c));
            else made.append(c);
        }
        return made.append('"').toString();
    }

}
