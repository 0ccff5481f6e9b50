package tocsin;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** What is tried in a virtual machine of its own: libraries that cannot be used, and the program of the README. */
public class LibraryTest {
    @Rule public final TemporaryFolder folder = new TemporaryFolder();

    /** Says what is thrown by a library that cannot be used: twice the same, and no Error. */
    public static final class First {
        public static void main(String[] arguments) {
            for (int i = 0; i < 2; i++) {
                try {
                    Plan.load(arguments[0]).close();
                    System.out.println("loaded");
                } catch (TocsinException thrown) {
                    System.out.println(thrown.getMessage());
                }
            }
        }
    }

    private String run(String library, String path, String main, String... arguments) throws Exception {
        String[] command = new String[6 + arguments.length];
        command[0] = new File(System.getProperty("java.home"), "bin/java").getPath();
        command[1] = "-Dfile.encoding=UTF-8";
        command[2] = "-Dtocsin.library=" + library;
        command[3] = "-cp";
        command[4] = System.getProperty("java.class.path") + File.pathSeparator + path;
        command[5] = main;
        System.arraycopy(arguments, 0, command, 6, arguments.length);
        Process process = new ProcessBuilder(command).directory(Posts.ROOT.toFile()).redirectErrorStream(true).start();
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        try (InputStream out = process.getInputStream()) {
            for (int b; (b = out.read()) >= 0; ) said.write(b);
        }
        String text = new String(said.toByteArray(), StandardCharsets.UTF_8);
        assertEquals(text, 0, process.waitFor());
        return text;
    }

    private void saysTwice(String library, String wanted) throws Exception {
        String[] lines = run(library, "", First.class.getName(), Posts.PLAN).split("\n");
        assertEquals(2, lines.length);
        assertTrue(lines[0], lines[0].contains(wanted));
        assertEquals(lines[0], lines[1]);
    }

    @Test
    public void librariesThatCannotBeUsed() throws Exception {
        Path source = folder.newFile("other.c").toPath();
        File other = new File(folder.getRoot(), "libother.so");
        Files.write(source, "const char *tocsin_version(void) { return \"9.1.0\"; }\n".getBytes(StandardCharsets.UTF_8));
        assertEquals(0, new ProcessBuilder("cc", "-shared", "-fPIC", "-o", other.getPath(), source.toString()).inheritIO()
                .start().waitFor());
        saysTwice(other.getPath(), "this package was made for version " + Native.VERSION + " of the library, not for 9.1.0");
        saysTwice(new File(folder.getRoot(), "nowhere.so").getPath(), "nowhere.so cannot be loaded");
        saysTwice("libc.so.6", "libc.so.6 cannot be loaded");
        saysTwice(System.getProperty("tocsin.library"), "loaded");
    }

    @Test
    public void versionsAgree() throws Exception {
        String header = new String(Files.readAllBytes(Posts.ROOT.resolve("include/tocsin/version.h")), StandardCharsets.UTF_8);
        assertTrue(header.contains("TOCSIN_VERSION_STRING \"" + Native.VERSION + "\""));
        String pom = new String(Files.readAllBytes(Posts.ROOT.resolve("bindings/java/pom.xml")), StandardCharsets.UTF_8);
        assertTrue(pom.contains("<artifactId>tocsin</artifactId>\n  <version>" + Native.VERSION + "</version>"));
    }

    private static String block(String text, String language) {
        Matcher found = Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL).matcher(text);
        assertTrue(found.find());
        return found.group(1);
    }

    @Test
    public void theProgramOfTheReadme() throws Exception {
        String readme = new String(Files.readAllBytes(Posts.ROOT.resolve("bindings/java/README.md")), StandardCharsets.UTF_8);
        String code = block(readme, "java");
        assertTrue(code.split("\n").length <= 12);
        Path source = folder.newFile("Readme.java").toPath();
        Files.write(source, ("import tocsin.*;\n\npublic class Readme { public static void main(String[] a) {\n" + code + "} }\n")
                .getBytes(StandardCharsets.UTF_8));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        assertEquals(0, compiler.run(null, null, null, "-encoding", "UTF-8", "-cp", System.getProperty("java.class.path"), "-d",
                folder.getRoot().getPath(), source.toString()));
        assertEquals(block(readme, "text"), run(System.getProperty("tocsin.library"), folder.getRoot().getPath(), "Readme"));
    }
}
