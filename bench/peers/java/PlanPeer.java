/*
 * The rules of a plan as queries of a Lucene Monitor: PlanPeer CORPUS QUERIES MATCHES [ROUNDS]. CORPUS is what
 * tocsin-bench dumps; QUERIES what plan_queries.py writes: topics with their words, a word a line, then clauses in prefix
 * order. A character is a token, so that distances are characters. A line for each document goes to MATCHES: the clauses
 * that hold, in the order of their names. Time is the CPU time of the thread, after a pass to warm up.
 */
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringTokenizer;
import java.util.TreeSet;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.ngram.NGramTokenizer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.Term;
import org.apache.lucene.monitor.MatchingQueries;
import org.apache.lucene.monitor.Monitor;
import org.apache.lucene.monitor.MonitorQuery;
import org.apache.lucene.monitor.QueryMatch;
import org.apache.lucene.monitor.TermFilteredPresearcher;
import org.apache.lucene.queries.spans.SpanNearQuery;
import org.apache.lucene.queries.spans.SpanOrQuery;
import org.apache.lucene.queries.spans.SpanQuery;
import org.apache.lucene.queries.spans.SpanTermQuery;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.PhraseQuery;
import org.apache.lucene.search.Query;

public final class PlanPeer {
    private static final String FIELD = "text";
    private final Map<String, List<SpanQuery>> words = new HashMap<>();
    private final Map<String, Query> present = new HashMap<>();

    /** Whether there is any of a topic's words, without asking where: cheaper than spans. */
    private static Query presence(List<String> list) {
        BooleanQuery.Builder all = new BooleanQuery.Builder();
        for (String text : list) {
            PhraseQuery.Builder phrase = new PhraseQuery.Builder();
            text.codePoints().forEach(c -> phrase.add(new Term(FIELD, Character.toString(c))));
            all.add(phrase.build(), BooleanClause.Occur.SHOULD);
        }
        return all.build();
    }

    private static SpanQuery word(String text) {
        SpanQuery[] characters = text.codePoints()
            .mapToObj(c -> new SpanTermQuery(new Term(FIELD, Character.toString(c)))).toArray(SpanQuery[]::new);
        return characters.length == 1 ? characters[0] : new SpanNearQuery(characters, 0, true);
    }

    /** Any of the words of some topics. */
    private SpanQuery any(List<String> topics) {
        List<SpanQuery> all = new ArrayList<>();
        for (String topic : topics) all.addAll(words.get(topic));
        return new SpanOrQuery(all.toArray(new SpanQuery[0]));
    }

    private SpanQuery side(StringTokenizer in) {
        List<String> topics = new ArrayList<>();
        for (int left = Integer.parseInt(in.nextToken()); left > 0; left--) topics.add(in.nextToken());
        return any(topics);
    }

    private Query query(StringTokenizer in) {
        String kind = in.nextToken();
        switch (kind) {
            case "topic":
                return present.get(in.nextToken());
            case "not":
                return new BooleanQuery.Builder().add(new MatchAllDocsQuery(), BooleanClause.Occur.MUST)
                    .add(query(in), BooleanClause.Occur.MUST_NOT).build();
            case "near":
            case "before":
                int distance = Integer.parseInt(in.nextToken());
                SpanQuery[] sides = {side(in), side(in)};
                return new SpanNearQuery(sides, distance, kind.equals("before"));
            case "and":
            case "or":
                BooleanQuery.Builder all = new BooleanQuery.Builder();
                for (int left = Integer.parseInt(in.nextToken()); left > 0; left--) {
                    all.add(query(in), kind.equals("and") ? BooleanClause.Occur.MUST : BooleanClause.Occur.SHOULD);
                }
                return all.build();
            default:
                throw new IllegalArgumentException("a query of no known kind: " + kind);
        }
    }

    private Monitor read(Path path) throws IOException {
        Monitor monitor = new Monitor(new Analyzer() {
            @Override
            protected TokenStreamComponents createComponents(String field) {
                return new TokenStreamComponents(new NGramTokenizer(1, 1));
            }
        }, new TermFilteredPresearcher());
        try (BufferedReader in = Files.newBufferedReader(path)) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                StringTokenizer rest = new StringTokenizer(line);
                String kind = rest.nextToken(), name = rest.nextToken();
                if (kind.equals("topic")) {
                    List<String> list = new ArrayList<>();
                    for (int left = Integer.parseInt(rest.nextToken()); left > 0; left--) list.add(in.readLine());
                    words.put(name, list.stream().map(PlanPeer::word).toList());
                    present.put(name, presence(list));
                } else {
                    monitor.register(new MonitorQuery(name, query(rest)));
                }
            }
        }
        return monitor;
    }

    private static double cpuSeconds() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() * 1e-9;
    }

    private static List<String> pass(Monitor monitor, List<String> documents) throws IOException {
        List<String> lines = new ArrayList<>();
        for (String text : documents) {
            Document document = new Document();
            document.add(new TextField(FIELD, text, Field.Store.NO));
            MatchingQueries<QueryMatch> matches = monitor.match(document, QueryMatch.SIMPLE_MATCHER);
            TreeSet<String> names = new TreeSet<>();
            for (QueryMatch match : matches.getMatches()) names.add(match.getQueryId());
            if (!matches.getErrors().isEmpty()) throw new IllegalStateException("a query failed: " + matches.getErrors());
            lines.add(String.join(" ", names));
        }
        return lines;
    }

    public static void main(String[] arguments) throws IOException {
        List<String> documents = Peers.readCorpus(arguments[0]);
        int rounds = arguments.length > 3 ? Integer.parseInt(arguments[3]) : 3;
        IndexSearcher.setMaxClauseCount(Integer.MAX_VALUE);
        double start = cpuSeconds();
        Monitor monitor = new PlanPeer().read(Path.of(arguments[1]));
        double compile = cpuSeconds() - start;
        List<String> lines = pass(monitor, documents);
        Files.write(Path.of(arguments[2]), lines);
        StringBuilder seconds = new StringBuilder();
        for (int round = 0; round < rounds; round++) {
            start = cpuSeconds();
            if (!pass(monitor, documents).equals(lines)) throw new IllegalStateException("it finds other clauses now");
            seconds.append(round == 0 ? "" : ", ").append(cpuSeconds() - start);
        }
        System.out.printf(Locale.ROOT, "{\"engine\": \"lucene-monitor\", \"docs\": %d, \"compile_s\": %f, \"seconds\": [%s]}%n",
            documents.size(), compile, seconds);
        System.exit(0);
    }
}
