package sharewalk.mmu.count;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class CountersTest {
    @Test
    void snapshot_isAValueAndItsDifferenceAPhase() {
        Counters counters = new Counters();
        counters.record(Counter.WALK);
        CounterSnapshot before = counters.snapshot();
        counters.record(Counter.WALK, 3);
        counters.record(Counter.L1D_LOAD_MISS, 2);
        counters.record(Counter.L1D_STORE_MISS);
        CounterSnapshot phase = counters.snapshot().minus(before);
        assertThat(before.get(Counter.WALK)).isEqualTo(1);
        assertThat(phase.get(Counter.WALK)).isEqualTo(3);
        assertThat(phase.l1dMisses()).isEqualTo(3);
        assertThat(phase.plus(before)).isEqualTo(counters.snapshot()).hasSameHashCodeAs(counters.snapshot());
        assertThat(phase.minus(phase)).isEqualTo(CounterSnapshot.ZERO);
        assertThat(phase).hasToString("{l1dLoadMisses=2, l1dStoreMisses=1, walks=3}");
    }

    @Test
    void addAll_addsEveryTotal() {
        Counters one = new Counters();
        Counters two = new Counters();
        for (Counter counter : Counter.values()) {
            one.record(counter, 1);
            two.record(counter, 2);
        }
        one.addAll(two);
        for (Counter counter : Counter.values()) {
            assertThat(one.get(counter)).isEqualTo(3);
        }
    }

    @Test
    void counterMap_findsTheRangeOfAnAddress() {
        Counters low = new Counters();
        Counters high = new Counters();
        Counters other = new Counters();
        CounterMap map = CounterMap.of(
                new long[] {0x1000, 0x2000, 0x9000},
                new long[] {0x2000, 0x3000, 0xa000},
                new Counters[] {low, high, low},
                other);
        assertThat(map.at(0x0fff)).isSameAs(other);
        assertThat(map.at(0x1000)).isSameAs(low);
        assertThat(map.at(0x1fff)).isSameAs(low);
        assertThat(map.at(0x2000)).isSameAs(high);
        assertThat(map.at(0x3000)).isSameAs(other);
        assertThat(map.at(0x2fff)).isSameAs(high);
        assertThat(map.at(0x9000)).isSameAs(low);
        assertThat(map.at(-1)).isSameAs(other);
        assertThat(CounterMap.all(other).at(0x1000)).isSameAs(other);
        assertThatThrownBy(() -> CounterMap.of(
                        new long[] {0, 0x1000}, new long[] {0x1001, 0x2000}, new Counters[] {low, high}, other))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void peakGauge_remembersTheHighest() {
        PeakGauge gauge = new PeakGauge();
        gauge.add(5);
        gauge.add(-3);
        gauge.add(2);
        assertThat(gauge.current()).isEqualTo(4);
        assertThat(gauge.peak()).isEqualTo(5);
    }
}
