package sharewalk.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sharewalk.experiment.ScalePoint;
import sharewalk.kernel.mm.SharingDesign;
import sharewalk.kernel.share.Designs;
import sharewalk.machine.Machines;
import sharewalk.yaml.YamlFileException;

/// Comparisons as files.
final class SpecFileTest {
    private static final String GOOD = """
            sharewalk-comparison: 1
            program: [clients, --processes, "{N}"]
            designs: [private, msharefs]
            processes: [1, 2]
            isa: riscv64
            machines: [u74]
            options:
              harts: 2
              exhaustive: yes
              env: [A=b, C=d]
            """;

    @TempDir
    private Path folder;

    private final StringWriter err = new StringWriter();

    @Test
    void file_saysWhatTheCommandLineWouldHaveSaid() {
        ComparisonSpec spec = SpecFile.parse("good.yaml", GOOD);

        assertThat(spec.program()).containsExactly("clients", "--processes", "{N}");
        assertThat(spec.designs()).containsExactly("private", "msharefs");
        assertThat(spec.points()).containsExactly(new ScalePoint(1, 0), new ScalePoint(2, 0));
        assertThat(spec.isa()).isEqualTo("riscv64");
        assertThat(spec.machines()).containsExactly(new ChosenMachine("u74", null));
        assertThat(SpecOptions.meaning(spec.options()).guest().environment("private"))
                .contains("A=b", "C=d", "SHAREWALK_DESIGN=private");
    }

    @Test
    void savedFile_isReadAsItWas() {
        ComparisonSpec spec = SpecFile.parse("good.yaml", GOOD);
        String profile = Machines.text("u74").orElseThrow();
        ComparisonSpec changed =
                spec.withMachines(List.of(new ChosenMachine("mine.yaml", profile), new ChosenMachine("zen4", null)));

        assertThat(SpecFile.parse("saved", SpecText.of(spec))).isEqualTo(spec);
        ComparisonSpec read = SpecFile.parse("saved", SpecText.of(changed));
        assertThat(SpecText.of(read)).isEqualTo(SpecText.of(changed));
        assertThat(read.machines().getFirst().machine()).isEqualTo(Machines.parse("mine.yaml", profile));
    }

    @Test
    void everyPreset_isReadAndSavedAsItIs() {
        assertThat(SpecFile.PRESETS).isNotEmpty().allSatisfy(name -> {
            ComparisonSpec preset = SpecFile.preset(name);
            assertThat(SpecFile.parse("saved", SpecText.of(preset))).isEqualTo(preset);
        });
    }

    @Test
    void oraclePreset_isTheFigureOfTheCoverLetterUnderEveryDesign() {
        ComparisonSpec oracle = SpecFile.preset("oracle");

        assertThat(oracle.target()).isEqualTo(ScalePoint.parse("1500x300G"));
        assertThat(oracle.points()).contains(ScalePoint.parse("1500x64M"));
        assertThat(oracle.designs())
                .containsExactlyElementsOf(
                        Designs.all().stream().map(SharingDesign::name).toList());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "comparison: 1|comparison: 2|line 1: sharewalk-comparison: this version reads format 1, not 2",
                "processes: [1, 2]|processes: [0]|line 4: processes[0]: '0' is not a whole number from 1 to 4096",
                "processes: [1, 2]|scale: [1]|line 4: scale: this must be a section with keys, not a list",
                "processes: [1, 2]|scale: {live: 5x2M}|line 4: scale.target: this key is missing",
                "processes: [1, 2]|processes: []|line 4: processes: there is nothing in it",
                "processes: [1, 2]|other: 1|line 4: other: there is no such key",
                "'isa: riscv64'|'scale: {live: 5x2M, target: 5x2M}'|processes, scale: one of them must be there",
                "'isa: riscv64'|'program-sha256: 12'|line 5: program-sha256: this is no SHA-256",
                "'isa: riscv64'|'isa: arm'|line 5: isa: There is no instruction set 'arm'",
                "[private, msharefs]|[private, best]|line 3: designs[1]: There is no sharing design 'best'",
                "[private, msharefs]|private:best|line 3: designs: The design 'private' has no variant 'best'",
                "[u74]|[u75]|line 6: machines[0]: there is no machine 'u75'",
                "[u74]|[{file: a}]|line 6: machines[0].text: this key is missing",
                "harts: 2|harts: two|line 8: options.harts: Invalid value for option '--harts'",
                "harts: 2|machine: u74|line 8: options.machine: there is no such key",
                "exhaustive: yes|exhaustive: maybe|line 9: options.exhaustive: this is neither yes nor no",
                "harts: 2|harts: *x|line 8"
            })
    void fault_isASentenceWithLineAndKey(String right, String wrong, String sentence) {
        assertThat(GOOD).contains(right);

        assertThatThrownBy(() -> SpecFile.parse("bad.yaml", GOOD.replace(right, wrong)))
                .isInstanceOf(YamlFileException.class)
                .hasMessageStartingWith("bad.yaml, ")
                .hasMessageContaining(sentence)
                .hasMessageMatching("[^\n]*\\.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "nothing", "- a list", "a: [", "a: 1\n---\nb: 2"})
    void noSpec_isASentence(String text) {
        assertThatThrownBy(() -> SpecFile.parse("bad.yaml", text))
                .isInstanceOf(YamlFileException.class)
                .hasMessageStartingWith("bad.yaml")
                .hasMessageMatching("[^\n]*\\.");
    }

    @Test
    void valueThatOnlyTheMachineCanRefuse_namesTheFile() throws IOException {
        Path file = Files.writeString(folder.resolve("bad.yaml"), GOOD.replace("harts: 2", "harts: 100"));

        assertThat(execute("compare --spec " + file)).isEqualTo(CommandFailure.USAGE);
        assertThat(err.toString()).contains("bad.yaml: --harts must be between 1 and 64, not 100.");
    }

    @Test
    void specSaysAll_andNoOptionWithIt() throws IOException {
        Path file = Files.writeString(folder.resolve("good.yaml"), GOOD);

        assertThat(execute("compare --harts 3 --spec " + file)).isEqualTo(CommandFailure.USAGE);
        assertThat(err.toString()).contains("--harts cannot be used with it");
        assertThat(execute("compare --spec " + file + " hello")).isEqualTo(CommandFailure.USAGE);
        assertThat(err.toString()).contains("a program cannot be used with it");
    }

    @Test
    void programThatHasChanged_isRefused() throws IOException {
        Path program = Files.writeString(folder.resolve("program"), "one");
        ComparisonSpec spec = ComparisonSpec.ofDefault().withProgram(List.of(program.toString()));
        Path file = Files.writeString(folder.resolve("saved.yaml"), SpecText.of(spec));
        Files.writeString(program, "other");

        assertThat(execute("compare --spec " + file)).isEqualTo(CommandFailure.FAILED);
        assertThat(err.toString()).contains("is not the program that the comparison was saved with.");
    }

    @Test
    void wordsThatDoNotComeBack_areNotSaved() {
        ComparisonSpec spec = ComparisonSpec.ofDefault().withProgram(List.of("hello", " padded"));

        assertThatThrownBy(() -> SpecText.of(spec)).hasMessageStartingWith("The comparison cannot be saved");
    }

    @Test
    @Tag("native")
    void replay_writesTheSameBytes() throws IOException {
        Path profile = Files.writeString(
                folder.resolve("mine.yaml"), Machines.text("u74").orElseThrow());
        String outputs =
                " --json %s/NAME.json --csv %s/NAME.csv --save-spec %s/NAME.yaml".replace("%s", folder.toString());
        assertThat(execute("compare --isa riscv64 --designs private,msharefs --processes 2 --machine default," + profile
                        + " --l1d 8x4:random --seed 7 --env A=b --no-progress" + outputs.replace("NAME", "first")
                        + " -- clients --processes {N} --mib 4"))
                .as(err.toString())
                .isZero();
        Files.delete(profile);

        assertThat(execute("compare --spec " + folder.resolve("first.yaml") + outputs.replace("NAME", "second")))
                .as(err.toString())
                .isZero();

        for (String kind : List.of(".json", ".csv", ".yaml")) {
            assertThat(folder.resolve("second" + kind)).hasSameBinaryContentAs(folder.resolve("first" + kind));
        }
        assertThat(folder.resolve("first.csv")).content().contains("u74", ",msharefs,posting,");
    }

    private int execute(String words) {
        return Main.commandLine(new PrintWriter(new StringWriter()), new PrintWriter(err, true))
                .execute(words.split(" "));
    }
}
