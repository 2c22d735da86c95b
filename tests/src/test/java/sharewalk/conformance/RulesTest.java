package sharewalk.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import sharewalk.cpu.GuestIsa;
import sharewalk.support.GuestRun;

/// What the sources of each design say it does, rule by rule: the guest programs `rules-*` try each rule and tell the
/// result in a line of TAP, which becomes a test of its own, with the tag that says how well the rule is known.
@Tag("native")
final class RulesTest {
    /// A program, the designs whose rules it tries, and the harts it needs to do so.
    private record RuleSet(String guest, int harts, List<String> designs) {
        static RuleSet of(String guest, String... designs) {
            return new RuleSet(guest, 1, List.of(designs));
        }
    }

    /// Designs under which what reaches a file must reach everybody.
    private static final String[] FILE_DESIGNS = {
        "private",
        "msharefs",
        "shared-pt-2022",
        "shared-pt-2026",
        "container",
        "mshare-2026",
        "transparent",
        "attach",
        "fork-cow",
        "sharefs",
        "mshare-2022",
        "thp",
        "hugetlb",
        "hugetlb-pmd"
    };

    /// Every design, and the variants in which tables live and die otherwise.
    private static final String[] EVERY_DESIGN = {
        "private",
        "hugetlb",
        "thp",
        "hugetlb-pmd",
        "mshare-2022",
        "msharefs",
        "msharefs:strict",
        "shared-pt-2022",
        "shared-pt-2022:strict",
        "shared-pt-2026",
        "mshare-2026",
        "container",
        "sharefs",
        "transparent",
        "transparent:hint",
        "attach",
        "fork-cow",
        "fork-cow:hint",
        "fork-cow:on-demand"
    };

    private static final List<RuleSet> SETS = List.of(
            RuleSet.of("rules-private", "private"),
            RuleSet.of("rules-fork-cow", "fork-cow", "fork-cow:hint", "fork-cow:on-demand"),
            new RuleSet("rules-hugetlb-pmd", 2, List.of("hugetlb-pmd")),
            RuleSet.of("rules-msharefs", "msharefs"),
            RuleSet.of("rules-msharefs-strict", "msharefs:strict"),
            RuleSet.of("rules-mshare-2022", "mshare-2022"),
            RuleSet.of("rules-mshare-2026", "mshare-2026"),
            RuleSet.of("rules-container", "container"),
            RuleSet.of("rules-sharefs", "sharefs"),
            RuleSet.of("rules-shared-pt-2022", "shared-pt-2022"),
            RuleSet.of("rules-shared-pt-2022-strict", "shared-pt-2022:strict"),
            RuleSet.of("rules-shared-pt-2026", "shared-pt-2026"),
            RuleSet.of("rules-transparent", "transparent"),
            RuleSet.of("rules-transparent-hint", "transparent:hint"),
            RuleSet.of("rules-attach", "attach"),
            RuleSet.of("rules-reclaim", FILE_DESIGNS),
            RuleSet.of("rules-files", FILE_DESIGNS),
            RuleSet.of("rules-exec", EVERY_DESIGN),
            RuleSet.of("rules-userfault", "private", "msharefs", "transparent", "attach", "fork-cow:on-demand", "thp"),
            RuleSet.of(
                    "rules-notify",
                    "private",
                    "msharefs",
                    "container",
                    "mshare-2026",
                    "shared-pt-2022",
                    "shared-pt-2026",
                    "transparent",
                    "sharefs",
                    "mshare-2022",
                    "attach",
                    "thp",
                    "fork-cow:on-demand",
                    "hugetlb",
                    "hugetlb-pmd"));

    private static final Pattern LINE = Pattern.compile("(not )?ok (\\d+) - (\\[[A-Z]] .*?)(?: # SKIP (.*))?");
    private static final Pattern PLAN = Pattern.compile("1\\.\\.(\\d+)");

    @TestFactory
    Stream<DynamicNode> rules() {
        return SETS.stream()
                .flatMap(set -> set.designs().stream()
                        .flatMap(design -> GuestIsa.all().stream().map(isa -> container(set, design, isa))));
    }

    /// A program nobody lists would be tried by nobody.
    @Test
    void everyProgramOfRulesIsTried() throws IOException {
        Path programs = GuestRun.file("", GuestIsa.RISCV64);
        try (Stream<Path> files = Files.list(programs)) {
            List<String> built = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith("rules-"))
                    .sorted()
                    .toList();
            assertThat(SETS.stream().map(RuleSet::guest).distinct().sorted().toList())
                    .isEqualTo(built);
        }
    }

    private static DynamicNode container(RuleSet set, String design, GuestIsa isa) {
        String name = "%s under %s on %s".formatted(set.guest(), design, isa.name());
        GuestRun.Outcome outcome = GuestRun.of(set.guest(), isa)
                .withDesign(design)
                .withHarts(set.harts())
                .runSanitized();
        return DynamicContainer.dynamicContainer(name, tests(outcome));
    }

    private static List<DynamicNode> tests(GuestRun.Outcome outcome) {
        List<DynamicNode> tests = new ArrayList<>();
        int planned = 0;
        for (String line : outcome.output().lines().toList()) {
            Matcher rule = LINE.matcher(line);
            Matcher plan = PLAN.matcher(line);
            if (rule.matches()) {
                tests.add(test(rule, outcome.output()));
            } else if (plan.matches()) {
                planned = Integer.parseInt(plan.group(1));
            }
        }
        int due = planned;
        int told = tests.size();
        tests.add(DynamicTest.dynamicTest("every rule was told, and nothing stale was found", () -> {
            assertThat(told).as(outcome.output() + outcome.error()).isPositive().isEqualTo(due);
            assertThat(outcome.result().ending().shellStatus())
                    .as(outcome.error())
                    .isZero();
            assertThat(outcome.result().warnings()).isEmpty();
        }));
        return tests;
    }

    private static DynamicNode test(Matcher rule, String output) {
        boolean holds = rule.group(1) == null;
        String skipped = rule.group(4);
        return DynamicTest.dynamicTest(rule.group(3), () -> {
            Assumptions.assumeTrue(skipped == null, skipped);
            assertThat(holds).as(output).isTrue();
        });
    }
}
