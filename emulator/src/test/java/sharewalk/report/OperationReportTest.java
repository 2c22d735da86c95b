package sharewalk.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import sharewalk.cost.Primitive;
import sharewalk.experiment.Ending;
import sharewalk.experiment.Measures;
import sharewalk.experiment.NamedMeasures;
import sharewalk.experiment.RunResult;
import sharewalk.experiment.operation.Operation;
import sharewalk.experiment.operation.OperationCost;
import sharewalk.experiment.operation.OperationPlan;
import sharewalk.experiment.operation.OperationRun;
import sharewalk.experiment.operation.Outcome;
import sharewalk.mmu.count.Counter;
import sharewalk.mmu.count.Counters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What is made of the phases and the output of the guest `operations`.
final class OperationReportTest {
    private static final OperationPlan PLAN =
            new OperationPlan(4, 64, 2, Set.of(Operation.FLUSH, Operation.UNSHARE, Operation.MPROTECT));
    private static final Ending WELL = new Ending.Exited(0);

    private static Measures measures(Map<Counter, Long> counts) {
        Counters counters = new Counters();
        counts.forEach(counters::record);
        return new Measures(counters.snapshot(), 0, 0);
    }

    /// A flush that writes one entry and interrupts three harts; 20 L2 misses a round before, 90 and 21 after.
    private static OperationRun run(String output, Ending ending, long sharedBytes) {
        RunResult base = Results.run("msharefs", ending);
        List<NamedMeasures> phases = new ArrayList<>(List.of(
                new NamedMeasures(
                        "flush", measures(Map.of(Counter.PTE_WRITE, 1L, Counter.IPI, 3L, Counter.SYSCALL, 1L))),
                new NamedMeasures("flush before", misses(30, 20)),
                new NamedMeasures("flush after", misses(100, 90)),
                new NamedMeasures("flush settled", misses(30, 21)),
                new NamedMeasures("mprotect", measures(Map.of(Counter.SYSCALL, 1L))),
                new NamedMeasures("unshare-on-mprotect", measures(Map.of(Counter.SYSCALL, 1L)))));
        List<NamedMeasures> mappings = List.of(
                new NamedMeasures("[anon]", new Measures(misses(0, 0).counts(), 4096, 4096)),
                new NamedMeasures("/region", new Measures(misses(0, 0).counts(), sharedBytes, sharedBytes)));
        RunResult result = new RunResult(
                base.spec(),
                base.provenance(),
                ending,
                phases,
                base.processes(),
                mappings,
                base.totals(),
                base.walkLevels(),
                List.of(),
                List.of(),
                List.of());
        return OperationRun.of(PLAN, result, output);
    }

    private static Measures misses(long l1, long l2) {
        return measures(Map.of(Counter.L1D_LOAD_MISS, l1, Counter.L2_MISS, l2));
    }

    private static OperationRun usual() {
        return run("flush: made by 1\nunshare-on-mprotect: refused: EINVAL\nmprotect: not made\nok\n", WELL, 8192);
    }

    @Test
    void aftermath_isTwoRoundsAfterLessTwoUndisturbedOnes() {
        OperationCost flush = usual().cost(Operation.FLUSH);

        assertThat(flush.outcome()).isEqualTo(new Outcome.Made(1, ""));
        assertThat(flush.during().counts().get(Counter.PTE_WRITE)).isEqualTo(1);
        assertThat(flush.aftermath().l1dMisses()).isEqualTo(100 + 30 - 2 * 30);
        assertThat(flush.aftermath().get(Counter.L2_MISS)).isEqualTo(90 + 21 - 2 * 20);
        assertThat(flush.isSettled())
                .as("21 misses in the second round, 20 undisturbed")
                .isFalse();
    }

    @Test
    void outcomes_areWhatTheProgramSays() {
        assertThat(usual().cost(Operation.UNSHARE).outcome()).isEqualTo(new Outcome.Refused("EINVAL", ""));
        assertThat(usual().cost(Operation.MPROTECT).outcome())
                .isEqualTo(new Outcome.Absent("what comes before it was refused"));
        assertThat(run("flush: made by 4, by messages\n", WELL, 0)
                        .cost(Operation.FLUSH)
                        .outcome())
                .isEqualTo(new Outcome.Made(4, "by messages"));
    }

    @Test
    void unsharing_isThereOnlyWhereTablesOfRegionsAreSharedAndTheCallersAloneChange() {
        String output = "unshare-on-mprotect: made by 1\nunshare-on-mprotect: %s\nmprotect: made by 1\n";

        assertThat(run(output.formatted("for the caller"), WELL, 4096)
                        .cost(Operation.UNSHARE)
                        .isMade())
                .isTrue();
        assertThat(run(output.formatted("for the caller"), WELL, 0)
                        .cost(Operation.UNSHARE)
                        .outcome())
                .isEqualTo(new Outcome.Absent("no tables are shared"));
        OperationRun forAll = run(output.formatted("for all"), WELL, 4096);
        assertThat(forAll.cost(Operation.UNSHARE).outcome())
                .isEqualTo(new Outcome.Absent("mprotect by one is for all"));
        assertThat(forAll.cost(Operation.MPROTECT).outcome()).isEqualTo(new Outcome.Made(1, "for all"));
    }

    @Test
    void aRunThatBrokeOff_hasNoFiguresForWhatItDidNotTell() {
        OperationRun run = run("flush: made by 1\n", new Ending.Exited(2), 0);

        assertThat(run.trouble()).isEqualTo("exit status 2");
        assertThat(run.cost(Operation.UNSHARE).outcome()).isEqualTo(new Outcome.Absent("run exit status 2"));
    }

    @Test
    void table_showsFiguresOfWhatWasMadeOnly() {
        String text = OperationReport.render(List.of(usual()));
        String flush = text.substring(text.indexOf("\nflush: "));

        assertThat(flush).contains("(shared-buffer, marks: flush; aftermath: flush after + flush settled");
        assertThat(flush.lines().filter(line -> line.contains("| posting")).findFirst())
                .hasValueSatisfying(
                        line -> assertThat(line).contains("by 1 process").contains("71"));
        assertThat(text.substring(0, text.indexOf("\nflush: ")).lines())
                .anyMatch(line -> line.contains("refused: EINVAL") && line.contains("| - |") && !line.contains(" 0 |"));
    }

    @Test
    void json_hasTheFiguresAndTheirPrices() {
        JsonNode rows = JsonMapper.shared()
                .readTree(OperationFiles.json(List.of(usual())))
                .get("rows");
        long interrupt = usual().spec().costs().cost(Primitive.IPI_TARGET).typical();
        long write = usual().spec().costs().cost(Primitive.PTE_WRITE).typical();
        long call = usual().spec().costs().cost(Primitive.SYSCALL_ENTRY).typical();

        assertThat(rows).hasSize(3);
        JsonNode flush = rows.get(2);
        assertThat(flush.get("operation").asString()).isEqualTo("flush");
        assertThat(flush.get("cycles").get("typical").asLong()).isEqualTo(3 * interrupt + write + call);
        assertThat(flush.get("aftermath").get("l2Misses").asLong()).isEqualTo(71);
        assertThat(flush.get("settled").asBoolean()).isFalse();
        assertThat(rows.get(0).has("during")).as("not made").isFalse();
        assertThat(rows.get(0).get("made").asInt()).isZero();
    }

    @Test
    void csv_hasAFieldForEachColumnInEachRow() {
        List<String> lines = OperationFiles.csv(List.of(usual())).lines().toList();
        long columns = lines.getFirst().chars().filter(each -> each == ',').count();

        assertThat(lines).hasSize(4);
        assertThat(lines)
                .allSatisfy(line -> assertThat(line.replaceAll("\"[^\"]*\"", "")
                                .chars()
                                .filter(each -> each == ',')
                                .count())
                        .isEqualTo(columns));
    }

    @Test
    void curve_drawsTheDearestPointAcrossAndSaysWhatHasNone() {
        String text = UnshareCurve.render(List.of(usual()));

        assertThat(text).contains("msharefs (posting): refused: EINVAL");
    }
}
