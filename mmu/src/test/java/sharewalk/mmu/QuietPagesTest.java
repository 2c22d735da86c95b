package sharewalk.mmu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import sharewalk.mmu.paging.PagingMode;
import sharewalk.mmu.support.OperationScript;
import sharewalk.mmu.support.TranslatingHart;
import sharewalk.mmu.support.TranslatingHart.Operation;
import sharewalk.mmu.tlb.TlbGeometry;
import sharewalk.mmu.tlb.TlbHierarchyGeometry;
import sharewalk.mmu.walk.PageWalkCacheGeometry;
import sharewalk.mmu.walk.PteCacheGeometry;
import sharewalk.mmu.walk.WalkerProfile;

/// The rule that everything fast rests on: a hart that asks the MMU only about pages that are not quiet ends with the
/// same counters, the same TLBs and the same tables as one that makes every access.
final class QuietPagesTest {
    private static final int LENGTH = 2500;
    private static final List<String> SHAPES = List.of(
            "16x4:?",
            "1x32:?",
            "1x1:?",
            "3x2:?",
            "4x2:?@4K",
            "4x2:?@4K+2x2:?@2M+1x2:?@1G",
            "2x4:?@4K,2M+1x1:?@1G",
            "2x4:?@4K+1x2:lru@2M");

    static Stream<Arguments> machines() {
        List<Arguments> machines = new ArrayList<>();
        for (String policy : List.of("fifo", "lru", "plru", "random")) {
            for (String shape : SHAPES) {
                for (PagingMode paging : List.of(PagingMode.SV39, PagingMode.X86_64_4LEVEL)) {
                    machines.add(Arguments.of(paging, shape.replace("?", policy)));
                }
            }
        }
        return machines.stream();
    }

    @ParameterizedTest
    @MethodSource("machines")
    void answeringQuietPagesElsewhereChangesNothing(PagingMode paging, String firstLevel) {
        for (long seed = 1; seed <= 3; seed++) {
            OperationScript.run(seed, LENGTH, Operation::random, () -> new Pair(paging, firstLevel, true));
        }
    }

    /// The same comparison must fail for a hart that does not listen, or it proves nothing.
    @Test
    void hartThatDoesNotListenIsFoundOut() {
        assertThatThrownBy(() -> OperationScript.run(
                        1, LENGTH, Operation::random, () -> new Pair(PagingMode.SV39, "3x2:lru", false)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("seed 1");
    }

    /// A hart that makes every access, beside one that keeps quiet pages to itself.
    private static final class Pair implements OperationScript.Subject<Operation> {
        private final TranslatingHart every;
        private final TranslatingHart quiet;

        Pair(PagingMode paging, String firstLevel, boolean listening) {
            String walkCache = paging == PagingMode.SV39 ? "physical:1x2:plru" : "2/1";
            MachineProfile profile = MachineProfile.DEFAULT
                    .withL1d(TlbGeometry.parse(firstLevel))
                    .withL1i(TlbGeometry.parse(firstLevel))
                    .withL2(TlbGeometry.parse("8x4:lru"))
                    .withWalker(new WalkerProfile(
                            PageWalkCacheGeometry.parse(walkCache),
                            PteCacheGeometry.parse("1K/2:random+2K/4"),
                            MachineProfile.DEFAULT.walker().features()));
            if (firstLevel.contains("@")) {
                TlbGeometry second = TlbGeometry.parse("8x2:lru@4K,2M");
                TlbGeometry ofFetches = TlbGeometry.parse("5x2:fifo@4K");
                profile = profile.withTlbs(new TlbHierarchyGeometry(profile.l1i(), profile.l1d(), second, ofFetches));
            }
            every = TranslatingHart.makingEveryAccess(paging, profile);
            quiet = TranslatingHart.keepingQuietPages(paging, profile, listening);
        }

        @Override
        public void apply(Operation operation) {
            assertThat(quiet.apply(operation)).isEqualTo(every.apply(operation));
        }

        @Override
        public void finish() {
            compare();
            // What replacement would do next is state too: let it show.
            quiet.makeEveryAccessFromNow();
            SplittableRandom random = new SplittableRandom(99);
            for (int i = 0; i < 300; i++) {
                Operation access = new Operation.Access(Operation.randomPage(random), Operation.randomAccess(random));
                apply(access);
            }
            compare();
        }

        private void compare() {
            assertThat(quiet.counters()).isEqualTo(every.counters());
            assertThat(quiet.entries()).isEqualTo(every.entries());
            assertThat(quiet.tableBytes()).isEqualTo(every.tableBytes());
        }
    }
}
