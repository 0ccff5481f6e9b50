package tocsin;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** A compiled plan: immutable, for any number of threads. Closing it leaves its scanners as they are. */
public final class Plan implements AutoCloseable {
    final Handle handle;
    private final List<Problem> problems;

    private Plan(Pointer plan, List<Problem> problems) {
        this.handle = new Handle(this, true, plan, Native.c()::tocsin_plan_release);
        this.problems = problems;
    }

    /** Opens a plan file, a folder with a plan.yaml, or an image. */
    public static Plan load(Path path) {
        return load(path.toString());
    }

    /** Opens a plan file, a folder with a plan.yaml, or an image. */
    public static Plan load(String path) {
        String name = Native.name(path);
        return make((problems, plan, error) -> Native.c().tocsin_plan_load(name, null, problems, plan, error), null);
    }

    /** Compiles from strings by their names: the plan itself, which is "plan.yaml", and the lists that it names. */
    public static Plan compile(Map<String, String> sources) {
        return compile("plan.yaml", name -> {
            String found = sources.get(name);
            return found == null ? null : Utf8.encode(found, name);
        });
    }

    /** Compiles from what reader hands out: the plan, called name, first, then each list. */
    public static Plan compile(String name, SourceReader reader) {
        String plan = Native.name(name);
        Throwable[] thrown = {null};
        Native.SourceCallback read = (context, wanted, out) -> {
            try {
                byte[] found = reader.read(Native.string(wanted));
                return found == null ? Native.ERROR_NOT_FOUND : Native.c().tocsin_buffer_append(out, found, found.length);
            } catch (Throwable problem) {
                thrown[0] = problem;
                return Native.ERROR_MEMORY; // which ends the compilation
            }
        };
        return make((problems, made, error) -> Native.c().tocsin_plan_compile(read, null, plan, null, problems, made, error),
                thrown);
    }

    private interface Maker {
        int make(Pointer problems, PointerByReference plan, Native.Failure error);
    }

    private static Plan make(Maker maker, Throwable[] thrown) {
        Native.Failure error = new Native.Failure();
        PointerByReference list = new PointerByReference();
        PointerByReference plan = new PointerByReference();
        Native.check(Native.c().tocsin_diagnostics_create(null, list), null);
        try {
            int status = maker.make(list.getValue(), plan, error);
            if (thrown != null && thrown[0] != null) {
                if (plan.getValue() != null) Native.c().tocsin_plan_release(plan.getValue());
                if (thrown[0] instanceof TocsinException) throw (TocsinException) thrown[0];
                throw new TocsinException("a source could not be read: " + thrown[0], "", 0, "", 0, 0, thrown[0]);
            }
            List<Problem> problems = problems(list.getValue());
            if (status != Native.OK) throw Native.failure(status, error, null).with(problems);
            return new Plan(plan.getValue(), problems);
        } finally {
            Native.c().tocsin_diagnostics_free(list.getValue());
        }
    }

    private static List<Problem> problems(Pointer list) {
        List<Problem> found = new ArrayList<>();
        for (long i = 0; i < Native.c().tocsin_diagnostics_count(list); i++) {
            Pointer one = Native.c().tocsin_diagnostics_at(list, i);
            byte[] json = Native.collect(out -> Native.c().tocsin_diagnostic_to_json(one, out), null);
            found.add(new Problem(Json.object(new String(json, StandardCharsets.UTF_8))));
        }
        return Collections.unmodifiableList(found);
    }

    /** Warnings and notes of the compiler. */
    public List<Problem> problems() {
        return problems;
    }

    private interface Use<T> {
        T of(Pointer plan);
    }

    private <T> T use(Use<T> use) {
        Pointer plan = handle.take();
        try {
            return use.of(plan);
        } finally {
            handle.give();
        }
    }

    public String name() {
        return use(plan -> Native.string(Native.c().tocsin_plan_get_info(plan).name));
    }

    public String version() {
        return use(plan -> Native.string(Native.c().tocsin_plan_get_info(plan).version));
    }

    /** A hash over all sources; equal plans have equal ones. */
    public long content() {
        return use(plan -> Native.c().tocsin_plan_get_info(plan).content);
    }

    /** The tiers, clauses, routes, topics, learned scores or defines, in the order of the plan. */
    public List<PlanItem> items(Part part) {
        return use(plan -> {
            List<PlanItem> found = new ArrayList<>();
            for (Native.PlanItem item; (item = item(plan, part, found.size())) != null; ) found.add(new PlanItem(item));
            return found;
        });
    }

    private static Native.PlanItem item(Pointer plan, Part part, long index) {
        switch (part) {
            case TIER: return Native.c().tocsin_plan_tier(plan, index);
            case CLAUSE: return Native.c().tocsin_plan_clause(plan, index);
            case ROUTE: return Native.c().tocsin_plan_route(plan, index);
            case TOPIC: return Native.c().tocsin_plan_topic(plan, index);
            case LEARNED: return Native.c().tocsin_plan_learned(plan, index);
            default: return Native.c().tocsin_plan_define(plan, index);
        }
    }

    /** A scanner with the library's limits. */
    public Scanner scanner() {
        return scanner(new ScannerOptions());
    }

    public Scanner scanner(ScannerOptions options) {
        return use(plan -> new Scanner(options, (o, made, error) -> Native.c().tocsin_scanner_create(plan, o, made, error)));
    }

    /** Writes the plan as one file, which load opens. */
    public void save(Path path) {
        String name = Native.name(path.toString());
        Native.Failure error = new Native.Failure();
        use(plan -> {
            Native.check(Native.c().tocsin_plan_save(plan, name, error), error);
            return null;
        });
    }

    /** Gives up the plan; a second time does nothing. */
    @Override
    public void close() {
        handle.close();
    }
}
