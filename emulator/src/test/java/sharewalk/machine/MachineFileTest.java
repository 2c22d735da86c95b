package sharewalk.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sharewalk.yaml.YamlFile;
import sharewalk.yaml.YamlFileException;

/// A file that describes no machine is refused in one sentence that says where, and quickly whatever is in it.
final class MachineFileTest {
    private static final Duration SOON = Duration.ofSeconds(5);

    private static final String COSTS = "costs:\n  clock-mhz: 1000\n  walkStepL1: {low: 5, typical: 6, high: 7}\n";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    /// Each row changes the default profile: what is replaced, by what, and what is said then. `\n` is a new line.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "name: default|nome: default|line 2: nome: there is no such key; here are name, title",
                "name: default||line 3: name: this key is missing",
                "name: default|name: default\\nname: other|line 3: the key 'name' is there twice",
                "name: default|name: De Fault|name: 'De Fault' is no name",
                "name: default|name:|line 2: name: there is no value",
                "name: default|name: [a, b]|line 2: name: this must be a single value, not a list",
                "name: default|name: *n|anchors (&), aliases (*) and tags (!) are not used",
                "name: default|name: default # 😀😀\\nx: &v 1|line 3: anchors (&), aliases (*) and tags (!)",
                "name: default|name: &x default|anchors (&), aliases (*) and tags (!) are not used",
                "name: default|&k name: default|line 2: anchors (&), aliases (*) and tags (!) are not used",
                "value: 16x4|value: &v 16x4|anchors (&), aliases (*) and tags (!) are not used",
                "value: 16x4|!!str value: 16x4|anchors (&), aliases (*) and tags (!) are not used",
                "policy:\\n|&k policy:\\n|anchors (&), aliases (*) and tags (!) are not used",
                "name: default|name: !!str default|anchors (&), aliases (*) and tags (!) are not used",
                "name: default|name: {a: {b: {c: {d: {e: {f: {g: {h: {i: {j: {k: {l: 1}}}}}}}}}}}}|nested deeper",
                "isa: any|isa: z80|isa: there is no instruction set 'z80'",
                "value: 16x4|value: 16|tlbs.l1i[0].shape.value: '16' is not SETSxWAYS",
                "value: 16x4|value: 0x4|tlbs.l1i[0].shape.value: 0x4 is not 1 to 262144 entries",
                "value: 16x4|value: 99999x99999|tlbs.l1i[0].shape.value: 99999x99999 is not 1 to",
                "value: 16x4|worth: 16x4|tlbs.l1i[0].shape.worth: there is no such key; here are value, source, guess",
                "value: fifo|value: clock|policy.value: unknown replacement policy 'clock'",
                "l1i:\\n|l1i:\\n    - {shape: 16x4, policy: fifo, pages: all}\\n|tlbs: two arrays of one TLB hold 4K pages",
                "value: all|value: 4K 3M|pages.value: there is no page size '3M'",
                "value: all|value: 2M|needs an array that holds 4K pages",
                "value: 32/4|value: big|walker.walk-cache.value: ",
                "value: sv57 5-level|value: sv57 6-level|walker.paging.value: there is no paging mode '6-level'",
                "walkers:\\n    value: 1|walkers:\\n    value: 100|'100' is not a whole number from 1 to 64",
                "walkers:\\n    value: 1|walkers:\\n    value: 1.5|'1.5' is not a whole number",
                "hardware-update:\\n    value: yes|hardware-update:\\n    value: maybe|'maybe' is neither yes nor no",
                "asid-bits:\\n    value: 16|asid-bits:\\n    value: 17|'17' is not a whole number from 0 to 16",
                "tags:\\n  asid-bits:\\n    value: 16|tags:\\n  shared-domains: yes\\n  asid-bits:\\n    value: 7|tags: what is shared",
                "value: ipi|value: smoke|there is no 'smoke'; there are ipi, sbi",
                "value: kernel|value: -1|'-1' is neither 'kernel' nor a number of pages",
                "value: 32K|value: 32|pte-caches[0].size.value: '32' is no size from 1K",
                "ways:\\n      value: 8|ways:\\n      value: 7|pte-caches[0]: a cache of 32768 bytes is not a number of sets",
                "shared:\\n      value: no|shared:\\n      value: yes|pte-caches[1]: a cache behind a shared one is shared too",
                "pte-caches:|pte-caches: all\\ncaches:|there is no such key",
                "pte-caches:\\n|pte-caches:\\n  - 32K\\n|pte-caches[0]: this must be a section with keys",
                "clock-mhz: 1000|clock-mhz: 0|costs.clock-mhz: '0' is not a whole number from 1",
                "low: 5|low: 500|costs: a cost is 0 <= low <= typical <= high, not 500",
                "low: 5|low: 9999999999|'9999999999' is not a whole number from 0",
                "typical: 6|typical: x|costs.walkStepL1.typical: 'x' is not a whole number",
                "high: 7|height: 7|costs.walkStepL1.height: there is no such key; here are low, typical, high, source",
                "high: 7|high: 700|costs: default: walkStepL1 costs more than walkStepL2",
                "walkStepL1|walkStepL7|costs.walkStepL7: there is no such key",
                "costs:|costs: \"|line",
                "tlbs:|tlbs: 5\\nx:|there is no such key",
                "tlbs:|tlbs: [|expected",
            })
    void wrongFile_isASentenceWithFileLineAndKey(String old, String replacement, String sentence) throws IOException {
        String text = Machines.text("default").orElseThrow() + COSTS;
        String changed = text.replaceFirst(
                Pattern.quote(unescaped(old)),
                Matcher.quoteReplacement(replacement == null ? "" : unescaped(replacement)));
        assertThat(changed).as("the profile contains " + old).isNotEqualTo(text);
        Path file = Files.writeString(folder.resolve("mine.yaml"), changed);

        assertThatThrownBy(() -> Machines.read(file))
                .isInstanceOf(YamlFileException.class)
                .hasMessageStartingWith("mine.yaml, line ")
                .hasMessageContaining(sentence)
                .hasMessageEndingWith(".")
                .message()
                .doesNotContain("\n");
    }

    /// Each row changes a shipped profile as those of the other table change the default one.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "zen3|value: invlpgb|value: sbi|line 125: kernel.remote-invalidation.value: 'sbi' is of riscv64",
                "u74|value: sbi|value: invlpgb|kernel.remote-invalidation.value: 'invlpgb' is of x86_64",
                "zen3|value: 4-level|value: sv39|line 59: walker.paging.value: 'sv39' has no paging mode of x86_64",
                "u74|value: sv39|value: 4-level, 5-level|walker.paging.value: '4-level, 5-level' has no paging mode of",
                "u74|title: SiFive U74|title: \"a\\x1b[2Jb\"#|line 3: title: control characters have no place",
                "u74|title: SiFive U74|title: \"a\\u202eb\"#|line 3: title: control characters have no place",
            })
    void contradiction_isRefusedWhereItStands(String machine, String old, String replacement, String sentence)
            throws IOException {
        String text = Machines.text(machine).orElseThrow();
        String changed =
                text.replaceFirst(Pattern.quote(old), Matcher.quoteReplacement(replacement.replace("\"#", "\" #")));
        assertThat(changed).isNotEqualTo(text);
        Path file = Files.writeString(folder.resolve("mine.yaml"), changed);

        assertThatThrownBy(() -> Machines.read(file))
                .isInstanceOf(YamlFileException.class)
                .hasMessageStartingWith("mine.yaml, line ")
                .hasMessageContaining(sentence);
    }

    @Test
    void description_mayHaveParagraphs() throws IOException {
        String text = Machines.text("default").orElseThrow().replaceFirst("description: >-\n", "description: |-\n");
        Path file = Files.writeString(folder.resolve("mine.yaml"), text);

        assertThat(Machines.read(file).description()).contains("\n");
    }

    @Test
    void title_hasAtMostTwoHundredCharacters() throws IOException {
        String text = Machines.text("default").orElseThrow();
        Path fits = Files.writeString(
                folder.resolve("fits.yaml"), text.replaceFirst("title: [^\n]*", "title: " + "x".repeat(200)));
        Path large = Files.writeString(
                folder.resolve("large.yaml"), text.replaceFirst("title: [^\n]*", "title: " + "x".repeat(201)));

        assertThat(Machines.read(fits).title()).hasSize(200);
        assertThatThrownBy(() -> Machines.read(large))
                .hasMessage("large.yaml, line 3: title: a title has at most 200 characters.");
    }

    @Test
    void failureToRead_isSaidInWords() throws IOException {
        Path loop = folder.resolve("loop.yaml");
        Files.createSymbolicLink(loop, loop);

        assertThatThrownBy(() -> Machines.read(loop))
                .isInstanceOf(YamlFileException.class)
                .hasMessage("Cannot read %s: too many levels of symbolic links.", loop);
        assertThat(YamlFile.reason(new AccessDeniedException("x"))).isEqualTo("permission denied");
        assertThat(YamlFile.reason(new FileSystemException("x", null, "Not a directory")))
                .isEqualTo("not a directory");
        assertThat(YamlFile.reason(new IOException("Input/output error"))).isEqualTo("reading fails");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "# nothing\n", "- a\n- b\n", "just words\n", "42\n", "\0\0\0", "---\n...\n", "{}\n", "%X\n"})
    void fileWithoutKeys_isRefused(String text) throws IOException {
        Path file = Files.writeString(folder.resolve("mine.yaml"), text);

        assertThatThrownBy(() -> Machines.read(file)).isInstanceOf(YamlFileException.class);
    }

    @Test
    void secondDocument_isRefused() throws IOException {
        Path file = Files.writeString(
                folder.resolve("mine.yaml"), Machines.text("default").orElseThrow() + "---\nname: x\n");

        assertThatThrownBy(() -> Machines.read(file)).hasMessageContaining("one document");
    }

    @Test
    void hostileText_isRefusedQuickly() throws IOException {
        String bomb = "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b]\n";
        for (String text : new String[] {
            bomb,
            "[".repeat(200_000),
            "{a: ".repeat(60_000),
            "- ".repeat(100_000),
            "? ".repeat(100_000),
            "a: ".repeat(80_000),
            "a: " + "x".repeat(250_000),
            "x".repeat(200_000) + ": 1",
            "a: \"" + "\\x41".repeat(60_000) + "\"",
            "key: 1\n".repeat(30_000),
            "!".repeat(200_000),
            "&a ".repeat(80_000),
            "#".repeat(250_000)
        }) {
            Path file = Files.writeString(folder.resolve("mine.yaml"), text);
            Assertions.assertTimeoutPreemptively(
                    SOON,
                    () -> assertThatThrownBy(() -> Machines.read(file))
                            .isInstanceOf(YamlFileException.class)
                            .message()
                            .hasSizeLessThan(400)
                            .doesNotContain("\n"));
        }
    }

    @Test
    void largeFile_isRefusedUnread() throws IOException {
        Path file = Files.writeString(folder.resolve("mine.yaml"), "a: 1\n".repeat(1 << 20));

        assertThatThrownBy(() -> Machines.read(file)).hasMessageContaining("is larger than 256 KiB");
    }

    @Test
    void whatIsNoTextFile_isRefused() throws IOException {
        assertThatThrownBy(() -> Machines.read(folder)).hasMessageContaining("is a directory");
        assertThatThrownBy(() -> Machines.read(folder.resolve("none"))).hasMessageStartingWith("There is no file");
        assertThatThrownBy(() -> Machines.read(Path.of("/dev/zero"))).hasMessageContaining("not an ordinary file");
        Path latin = Files.write(folder.resolve("latin.yaml"), "name: caf\u00e9".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> Machines.read(latin)).hasMessageContaining("is not text in UTF-8");
    }

    private static String unescaped(String text) {
        return text.replace("\\n", "\n").replace("\\t", "\t");
    }
}
