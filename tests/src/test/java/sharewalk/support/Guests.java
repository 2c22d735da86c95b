package sharewalk.support;

import java.util.List;
import java.util.stream.Stream;
import sharewalk.cpu.GuestIsa;

/// Every bundled guest program, with arguments that keep it short.
public final class Guests {
    private static final List<List<String>> COMMANDS = List.of(
            List.of("hello"),
            List.of("shared-buffer", "--processes", "3", "--pages", "96", "--rounds", "2"),
            List.of(
                    "shared-buffer",
                    "--processes",
                    "2",
                    "--pages",
                    "64",
                    "--rounds",
                    "2",
                    "--pattern",
                    "zipf",
                    "--readers"),
            List.of("clients", "--processes", "3", "--mib", "8"),
            List.of("fork-cow"),
            List.of("mprotect-pingpong", "20"),
            List.of("code-walk", "3"),
            List.of("fresh-incl", "1000"),
            List.of("crossing"),
            List.of("memwalk", "128", "20000"),
            List.of("flush-sweep", "40", "10", "mprotect"),
            List.of("flush-sweep", "40", "6", "munmap"),
            List.of("pipes-signals"),
            List.of("mremap-brk"),
            List.of("files"),
            List.of("pageout"),
            List.of("rules-files"),
            List.of("rules-userfault"),
            List.of("histories", "3", "100", "7"),
            List.of("rules-private"),
            List.of("selfmodify"),
            List.of("bad-syscall"),
            List.of("divide"),
            List.of("divide", "--handled"),
            List.of("garbage"),
            List.of("garbage", "--handled"),
            List.of("forbidden"),
            List.of("stack-overflow"),
            List.of("stack-overflow", "--handled"),
            List.of("many-pages", "2000"));

    private Guests() {}

    /// Returns each program on an ISA.
    public static Stream<GuestRun> on(GuestIsa isa) {
        return COMMANDS.stream()
                .map(command -> GuestRun.of(
                        command.getFirst(),
                        isa,
                        command.subList(1, command.size()).toArray(String[]::new)));
    }

    /// Returns each program on each ISA.
    public static Stream<GuestRun> everywhere() {
        return GuestIsa.all().stream().flatMap(Guests::on);
    }

    /// Returns the programs that show something under msharefs, in every paging mode.
    public static Stream<GuestRun> underMsharefs() {
        return GuestIsa.all().stream()
                .flatMap(isa -> isa.pagingModes().stream()
                        .flatMap(paging -> Stream.of(
                                        GuestRun.of("create-mapping", isa),
                                        GuestRun.of(
                                                "shared-buffer",
                                                isa,
                                                "--processes",
                                                "3",
                                                "--pages",
                                                "96",
                                                "--rounds",
                                                "2"))
                                .map(run -> run.withPaging(paging).withDesign("msharefs"))));
    }
}
