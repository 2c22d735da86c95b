package sharewalk.mmu.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Stores and policies against references that keep lists and trees in the plainest way.
final class SetAssociativeStoreTest {
    private static final long SEED = 20260101;

    /// What a set should hold and drop: keys by way, and a reference of the policy.
    private static final class NaiveSet {
        private final List<@Nullable Long> keys = new ArrayList<>();
        private final NaivePolicy policy;

        NaiveSet(int ways, NaivePolicy policy) {
            this.policy = policy;
            for (int way = 0; way < ways; way++) {
                keys.add(null);
            }
        }

        long insert(long key, int pinnedWay) {
            int way = keys.indexOf(null);
            long evicted = SetAssociativeStore.NO_KEY;
            if (way < 0) {
                way = policy.victim();
                if (way == pinnedWay) {
                    way = (way + 1) % keys.size();
                }
                Long old = keys.get(way);
                evicted = old == null ? SetAssociativeStore.NO_KEY : old;
            }
            keys.set(way, key);
            policy.filled(way);
            return evicted;
        }
    }

    private interface NaivePolicy {
        void filled(int way);

        void touched(int way);

        int victim();
    }

    /// Ways in the order in which they go.
    private record Line(List<Integer> order, boolean hitsMatter) implements NaivePolicy {
        @Override
        public void filled(int way) {
            order.removeIf(other -> other == way);
            order.add(way);
        }

        @Override
        public void touched(int way) {
            if (hitsMatter) {
                filled(way);
            }
        }

        @Override
        public int victim() {
            return order.getFirst();
        }
    }

    /// A node that remembers which half was used last.
    private static final class Tree implements NaivePolicy {
        private final int first;
        private final int ways;
        private final @Nullable Tree lower;
        private final @Nullable Tree upper;
        private boolean upperUsedLast = true;

        Tree(int first, int ways) {
            this.first = first;
            this.ways = ways;
            lower = ways > 1 ? new Tree(first, ways / 2) : null;
            upper = ways > 1 ? new Tree(first + ways / 2, ways / 2) : null;
        }

        @Override
        public void filled(int way) {
            touched(way);
        }

        @Override
        public void touched(int way) {
            if (lower != null && upper != null) {
                upperUsedLast = way >= first + ways / 2;
                (upperUsedLast ? upper : lower).touched(way);
            }
        }

        @Override
        public int victim() {
            return lower == null || upper == null ? first : (upperUsedLast ? lower : upper).victim();
        }
    }

    private static List<Integer> ways(int ways) {
        List<Integer> order = new ArrayList<>();
        for (int way = 0; way < ways; way++) {
            order.add(way);
        }
        return order;
    }

    static Stream<Arguments> shapes() {
        List<Arguments> shapes = new ArrayList<>();
        for (String policy : List.of("fifo", "lru", "plru")) {
            for (int[] shape : new int[][] {{16, 4}, {1, 32}, {1, 1}, {3, 2}, {2, 64}, {5, 16}}) {
                shapes.add(Arguments.of(policy, shape[0], shape[1]));
            }
            if (!policy.equals("plru")) {
                shapes.add(Arguments.of(policy, 1, 40));
                shapes.add(Arguments.of(policy, 7, 3));
            }
        }
        return shapes.stream();
    }

    private static NaivePolicy naive(String policy, int ways) {
        return policy.equals("plru") ? new Tree(0, ways) : new Line(ways(ways), policy.equals("lru"));
    }

    private static ReplacementPolicy real(String policy, int sets, int ways) {
        return switch (policy) {
            case "fifo" -> new Fifo(sets, ways);
            case "lru" -> new Lru(sets, ways);
            default -> new TreePlru(sets, ways);
        };
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void storeAgreesWithNaiveSets(String policy, int sets, int ways) {
        SetAssociativeStore store = new SetAssociativeStore(sets, ways, real(policy, sets, ways));
        List<NaiveSet> model = new ArrayList<>();
        for (int set = 0; set < sets; set++) {
            model.add(new NaiveSet(ways, naive(policy, ways)));
        }
        SplittableRandom random = new SplittableRandom(SEED);
        long keys = 2L * sets * ways + 3;
        for (int step = 0; step < 20_000; step++) {
            long key = random.nextLong(keys);
            int set = store.setOf(key);
            assertThat(set).isEqualTo((int) (key % sets));
            NaiveSet naive = model.get(set);
            int way = naive.keys.indexOf(key);
            int slot = store.find(key, set);
            assertThat(slot).as("seed %d step %d", SEED, step).isEqualTo(way < 0 ? -1 : set * ways + way);
            if (slot >= 0 && random.nextInt(8) == 0) {
                store.invalidate(slot);
                naive.keys.set(way, null);
            } else if (slot >= 0) {
                store.touch(slot);
                naive.policy.touched(way);
            } else {
                int pinnedWay = random.nextInt(4) == 0 ? random.nextInt(ways) : -1;
                int pinned = pinnedWay < 0 ? SetAssociativeStore.NO_SLOT : set * ways + pinnedWay;
                int predicted = store.victim(set, pinned);
                long expected = naive.insert(key, pinnedWay);
                assertThat(predicted < 0 ? -1 : store.key(predicted)).isEqualTo(expected);
                assertThat(store.key(store.insert(key, set, pinned))).isEqualTo(key);
                assertThat(store.evictedKey()).as("seed %d step %d", SEED, step).isEqualTo(expected);
            }
        }
    }

    @Test
    void invalidateAll_emptiesWideStoresToo() {
        SetAssociativeStore store = new SetAssociativeStore(1, 40, new Lru(1, 40));
        for (int key = 0; key < 50; key++) {
            store.insert(key, 0, SetAssociativeStore.NO_SLOT);
        }
        store.invalidateAll();
        for (int key = 0; key < 50; key++) {
            assertThat(store.find(key, 0)).isNegative();
        }
        assertThat(store.insert(7, 0, SetAssociativeStore.NO_SLOT)).isZero();
        assertThat(store.evictedKey()).isNegative();
    }

    @Test
    void random_advancesOncePerVictimOfFullSetAndByNothingElse() {
        int ways = 8;
        SeededRandom draws = new SeededRandom(ways, 42);
        List<Integer> expected = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            expected.add(draws.victim(0));
            draws.evicted(0);
        }
        SplittableRandom random = new SplittableRandom(SEED);
        SetAssociativeStore store = new SetAssociativeStore(2, ways, new SeededRandom(ways, 42));
        int victims = 0;
        for (long key = 0; victims < expected.size(); key++) {
            int set = (int) (key % 2);
            int predicted = store.victim(set, SetAssociativeStore.NO_SLOT);
            assertThat(store.victim(set, SetAssociativeStore.NO_SLOT)).isEqualTo(predicted);
            if (predicted >= 0) {
                assertThat(predicted % ways).isEqualTo(expected.get(victims++));
            }
            int slot = store.insert(key, set, SetAssociativeStore.NO_SLOT);
            assertThat(predicted < 0 || slot == predicted).isTrue();
            store.touch(slot);
            if (random.nextInt(3) == 0) {
                store.invalidate(random.nextInt(2 * ways));
            }
        }
        assertThat(expected).contains(0, 1, 2, 3, 4, 5, 6, 7);
    }

    @Test
    void seeds_differByHartAndByStructure() {
        assertThat(List.of(
                        new HartSeed(1, 0).of("l1d"),
                        new HartSeed(1, 0).of("l1i"),
                        new HartSeed(1, 1).of("l1d"),
                        new HartSeed(2, 0).of("l1d")))
                .doesNotHaveDuplicates();
        assertThat(new HartSeed(1, 0).of("l1d")).isEqualTo(new HartSeed(1, 0).of("l1d"));
    }

    @Test
    void treePlru_refusesWaysThatAreNoPowerOfTwo() {
        assertThatThrownBy(() -> new TreePlru(1, 12)).isInstanceOf(IllegalArgumentException.class);
    }
}
