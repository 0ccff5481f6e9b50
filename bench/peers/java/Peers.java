/*
 * Matchers of Java under the protocol of bench/peers: a corpus and a lexicon in, one JSON line an engine out. Neither of
 * them counts every occurrence, so each is held to a plain count of what it does count: houbb's sensitive-word the
 * longest word at each place, going on behind it; a Lucene Monitor with a query a term the terms that are in a document.
 * Time is the CPU time of the thread, after the compiler had some seconds to warm up; the collector's threads go free.
 */
import com.github.houbb.sensitive.word.api.IWordResult;
import com.github.houbb.sensitive.word.bs.SensitiveWordBs;
import com.github.houbb.sensitive.word.support.result.WordResultHandlers;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.ngram.NGramTokenizer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.Term;
import org.apache.lucene.monitor.Monitor;
import org.apache.lucene.monitor.MonitorQuery;
import org.apache.lucene.monitor.QueryMatch;
import org.apache.lucene.monitor.TermFilteredPresearcher;
import org.apache.lucene.search.PhraseQuery;

public final class Peers {
    private static final double WARM_SECONDS = 1.5;
    private static final double LEAST_SECONDS = 0.03;
    /** The Monitor reads some hundred documents a second; the start of the corpus is enough. */
    private static final int MONITOR_BYTES = 100_000;

    private interface Engine {
        long find(String text) throws IOException;
    }

    private static double cpuSeconds() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() * 1e-9;
    }

    static List<String> readCorpus(String path) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(Path.of(path))).order(ByteOrder.LITTLE_ENDIAN);
        List<String> documents = new ArrayList<>();
        while (bytes.remaining() >= 4) {
            byte[] text = new byte[bytes.getInt()];
            bytes.get(text);
            documents.add(new String(text, StandardCharsets.UTF_8));
        }
        return documents;
    }

    private static long bytesOf(List<String> documents) {
        long bytes = 0;
        for (String text : documents) bytes += text.getBytes(StandardCharsets.UTF_8).length;
        return bytes;
    }

    private static List<String> firstBytes(List<String> documents, int most) {
        int count = 0;
        for (long bytes = 0; count < documents.size() && bytes < most; count++) {
            bytes += documents.get(count).getBytes(StandardCharsets.UTF_8).length;
        }
        return documents.subList(0, count);
    }

    /** The longest term at each place, going on behind it. */
    private static long countLongest(List<String> documents, List<String> terms) {
        Set<String> known = new HashSet<>(terms);
        int longest = 0;
        for (String term : terms) longest = Math.max(longest, term.length());
        long hits = 0;
        for (String text : documents) {
            for (int at = 0; at < text.length(); ) {
                int length = Math.min(longest, text.length() - at);
                while (length > 0 && !known.contains(text.substring(at, at + length))) length--;
                if (length > 0) hits++;
                at += Math.max(length, 1);
            }
        }
        return hits;
    }

    /** How many different terms each document has, summed up. */
    private static long countTerms(List<String> documents, List<String> terms) {
        Map<Character, List<String>> byFirst = new HashMap<>();
        for (String term : terms) byFirst.computeIfAbsent(term.charAt(0), c -> new ArrayList<>()).add(term);
        long hits = 0;
        for (String text : documents) {
            Set<String> found = new HashSet<>();
            for (int at = 0; at < text.length(); at++) {
                for (String term : byFirst.getOrDefault(text.charAt(at), List.of())) {
                    if (text.startsWith(term, at)) found.add(term);
                }
            }
            hits += found.size();
        }
        return hits;
    }

    private static Engine sensitiveWord(List<String> terms, boolean ownFolding) {
        SensitiveWordBs words = SensitiveWordBs.newInstance()
            .wordDeny(() -> terms)
            .wordAllow(Collections::emptyList)
            .ignoreCase(ownFolding)
            .ignoreWidth(ownFolding)
            .ignoreNumStyle(ownFolding)
            .ignoreChineseStyle(ownFolding)
            .ignoreEnglishStyle(ownFolding)
            .ignoreRepeat(false)
            .enableNumCheck(false)
            .enableEmailCheck(false)
            .enableUrlCheck(false)
            .enableIpv4Check(false)
            .init();
        return text -> {
            List<IWordResult> found = words.findAll(text, WordResultHandlers.raw());
            return found.size();
        };
    }

    private static Engine monitor(List<String> terms) throws IOException {
        Analyzer characters = new Analyzer() {
            @Override
            protected TokenStreamComponents createComponents(String field) {
                return new TokenStreamComponents(new NGramTokenizer(1, 1));
            }
        };
        Monitor monitor = new Monitor(characters, new TermFilteredPresearcher());
        List<MonitorQuery> queries = new ArrayList<>();
        for (String term : terms) {
            PhraseQuery.Builder phrase = new PhraseQuery.Builder();
            term.codePoints().forEach(c -> phrase.add(new Term("text", Character.toString(c))));
            queries.add(new MonitorQuery(term, phrase.build()));
        }
        monitor.register(queries);
        return text -> {
            Document document = new Document();
            document.add(new TextField("text", text, Field.Store.NO));
            return monitor.match(document, QueryMatch.SIMPLE_MATCHER).getMatchCount();
        };
    }

    private static long pass(Engine engine, List<String> documents) throws IOException {
        long hits = 0;
        for (String text : documents) hits += engine.find(text);
        return hits;
    }

    private static void measure(String name, String counts, Engine engine, double compile, List<String> documents,
                                long expected, int terms, int rounds) throws IOException {
        double start = cpuSeconds();
        long hits = pass(engine, documents), passes = 1;
        while (cpuSeconds() - start < WARM_SECONDS) {
            pass(engine, documents);
            passes++;
        }
        long repeats = (long) (LEAST_SECONDS * passes / (cpuSeconds() - start)) + 1;
        if (expected >= 0 && hits != expected) {
            // It counts something else than all occurrences anyway; a thousandth more or less is told and not hidden.
            System.err.println("tocsin-peers: " + name + " found " + hits + " hits, the reference counts " + expected);
            if (Math.abs(hits - expected) > expected / 1000) System.exit(1);
        }
        StringBuilder seconds = new StringBuilder();
        for (int round = 0; round < rounds; round++) {
            start = cpuSeconds();
            for (long i = 0; i < repeats; i++) {
                if (pass(engine, documents) != hits) throw new IllegalStateException(name + " counts otherwise now");
            }
            seconds.append(round == 0 ? "" : ", ").append((cpuSeconds() - start) / repeats);
        }
        System.out.printf(Locale.ROOT,
            "{\"engine\": \"%s\", \"counts\": \"%s\", \"terms\": %d, \"docs\": %d, \"bytes\": %d, \"hits\": %d, "
                + "\"compile_s\": %f, \"plan_bytes\": 0, \"seconds\": [%s]}%n",
            name, counts, terms, documents.size(), bytesOf(documents), hits, compile, seconds);
    }

    public static void main(String[] arguments) throws IOException {
        List<String> documents = readCorpus(arguments[0]);
        List<String> terms = Files.readAllLines(Path.of(arguments[1]));
        int rounds = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 7;
        Set<String> asked = new HashSet<>(List.of(arguments).subList(Math.min(3, arguments.length), arguments.length));
        if (asked.isEmpty() || asked.contains("sensitive-word")) {
            double start = cpuSeconds();
            Engine engine = sensitiveWord(terms, false);
            double compile = cpuSeconds() - start;
            measure("sensitive-word", "longest", engine, compile, documents, countLongest(documents, terms),
                terms.size(), rounds);
        }
        if (asked.isEmpty() || asked.contains("sensitive-word-folding")) {
            double start = cpuSeconds();
            Engine engine = sensitiveWord(terms, true);
            double compile = cpuSeconds() - start;
            measure("sensitive-word-folding", "longest", engine, compile, documents, -1, terms.size(), rounds);
        }
        if (asked.isEmpty() || asked.contains("lucene-monitor")) {
            List<String> start = firstBytes(documents, MONITOR_BYTES);
            double began = cpuSeconds();
            Engine engine = monitor(terms);
            double compile = cpuSeconds() - began;
            measure("lucene-monitor", "terms", engine, compile, start, countTerms(start, terms), terms.size(), rounds);
        }
        System.exit(0);
    }
}
