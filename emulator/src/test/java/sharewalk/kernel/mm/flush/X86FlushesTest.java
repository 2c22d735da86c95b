package sharewalk.kernel.mm.flush;

import static org.assertj.core.api.Assertions.assertThat;
import static sharewalk.kernel.mm.flush.SchemeFixture.all;
import static sharewalk.kernel.mm.flush.SchemeFixture.page;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import sharewalk.mmu.RemoteInvalidation;
import sharewalk.mmu.count.Counter;
import sharewalk.mmu.count.FlushCause;
import sharewalk.mmu.paging.InvalidationScope;

class X86FlushesTest {
    private SchemeFixture harts = x86(2, 12, RemoteInvalidation.IPI);
    private TaggedSpace space = harts.space();

    private static SchemeFixture x86(int hartCount, int asidBits, RemoteInvalidation remote) {
        return new SchemeFixture(FlushScheme.Kernel.X86, hartCount, asidBits, remote);
    }

    private void use(SchemeFixture fixture) {
        harts = fixture;
        space = harts.space();
    }

    private void runOn(int... those) {
        for (int hart : those) {
            int _ = harts.run(space, hart);
        }
        harts.restart();
    }

    @Test
    void sixSpaces_keepTheirIds_aSeventhTakesOne() {
        List<TaggedSpace> spaces = new ArrayList<>();
        List<Integer> ids = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            spaces.add(harts.space());
            ids.add(harts.run(spaces.get(i), 0));
        }
        // Slot 0 is the kernel's at first, so it is the last to be given.
        assertThat(ids).containsExactly(2, 3, 4, 5, 6, 1);
        assertThat(harts.count(Counter.SWITCH_FLUSH)).isEqualTo(6);
        harts.restart();
        for (int i = 0; i < 6; i++) {
            assertThat(harts.run(spaces.get(i), 0)).isEqualTo(ids.get(i));
        }
        assertThat(harts.told(0)).isEmpty();
        assertThat(harts.run(harts.space(), 0)).isEqualTo(2);
        assertThat(harts.told(0)).containsExactly(all(2));
        assertThat(harts.causes(0)).containsExactly(FlushCause.CONTEXT_SWITCH);
        harts.restart();
        // The first space has lost its slot and takes the next one's.
        assertThat(harts.run(spaces.get(0), 0)).isEqualTo(3);
        assertThat(harts.told(0)).containsExactly(all(3));
    }

    @Test
    void idsAreEachHartsOwn() {
        int _ = harts.run(harts.space(), 0);
        assertThat(harts.run(space, 0)).isEqualTo(3);
        assertThat(harts.run(space, 1)).isEqualTo(2);
    }

    @Test
    void withoutIds_everySwitchFlushes_aSwitchToTheSameSpaceDoesNot() {
        use(x86(1, 0, RemoteInvalidation.IPI));
        TaggedSpace other = harts.space();
        runOn(0);
        assertThat(harts.run(other, 0)).isZero();
        assertThat(harts.run(space, 0)).isZero();
        assertThat(harts.run(space, 0)).isZero();
        assertThat(harts.told(0)).containsExactly(all(0), all(0));
        assertThat(harts.count(Counter.SWITCH_FLUSH)).isEqualTo(2);
    }

    @Test
    void hartThatMissedChanges_catchesUpAtItsReturn_chargedToTheirCause() {
        runOn(1, 0);
        int _ = harts.run(harts.space(), 1);
        harts.on(0);
        harts.restart();
        harts.flush(space, 1);
        harts.flush(space, 1);
        assertThat(harts.told(0)).containsExactly(page(2), page(2));
        assertThat(harts.told(1)).isEmpty();
        assertThat(harts.count(Counter.IPI)).isZero();
        assertThat(harts.run(space, 1)).isEqualTo(2);
        assertThat(harts.told(1)).containsExactly(all(2));
        assertThat(harts.causes(1)).containsExactly(FlushCause.MPROTECT);
        assertThat(harts.count(Counter.SWITCH_FLUSH)).isEqualTo(1);
        harts.restart();
        harts.flush(space, 1);
        assertThat(harts.told(1)).containsExactly(page(2));
        assertThat(harts.count(Counter.IPI)).isEqualTo(1);
    }

    @Test
    void hartThatMissedChangesForTwoCauses_chargesNeither() {
        runOn(1, 0);
        harts.scheme.idle(1);
        harts.flush(space, FlushCause.MPROTECT);
        harts.flush(space, FlushCause.MUNMAP);
        harts.flush(space, FlushCause.MUNMAP);
        int _ = harts.run(space, 1);
        assertThat(harts.causes(1)).containsExactly(FlushCause.SEVERAL);
        int _ = harts.run(harts.space(), 1);
        harts.on(0);
        harts.restart();
        harts.flush(space, FlushCause.MADVISE);
        harts.flush(space, FlushCause.MUNMAP);
        assertThat(harts.run(space, 1)).isEqualTo(2);
        assertThat(harts.causes(1)).containsExactly(FlushCause.SEVERAL);
    }

    @Test
    void hartThatSawAllButTheNewestChanges_chargesTheNewest() {
        runOn(1, 0);
        harts.on(0);
        harts.flush(space, FlushCause.MPROTECT);
        harts.scheme.idle(1);
        harts.restart();
        harts.flush(space, FlushCause.MUNMAP);
        harts.flush(space, FlushCause.MUNMAP);
        int _ = harts.run(space, 1);
        assertThat(harts.causes(1)).containsExactly(FlushCause.MUNMAP);
    }

    @Test
    void idleHart_isLeftAlone_andCatchesUpWhenItWakes() {
        runOn(1, 0);
        harts.scheme.idle(1);
        harts.flush(space, 3);
        assertThat(harts.count(Counter.IPI)).isZero();
        assertThat(harts.count(Counter.SHOOTDOWN)).isZero();
        assertThat(harts.run(space, 1)).isEqualTo(2);
        assertThat(harts.told(1)).containsExactly(all(2));
    }

    @Test
    void idleHart_thatMissedNothing_wakesWithoutAFlush() {
        runOn(1, 0);
        harts.scheme.idle(1);
        assertThat(harts.run(space, 1)).isEqualTo(2);
        assertThat(harts.told(1)).isEmpty();
    }

    @Test
    void idleHart_isInterruptedForFreedTables_andLeavesTheSpace() {
        runOn(1, 0);
        harts.scheme.idle(1);
        harts.flush(space, 1, true);
        assertThat(harts.count(Counter.IPI)).isEqualTo(1);
        assertThat(harts.scheme.loaded(1)).isNotEqualTo(space);
        // It has loaded the kernel's space, which still has its slot.
        assertThat(harts.told(1)).isEmpty();
        harts.restart();
        harts.flush(space, 1, true);
        // Once more, since only now it finds that it has left.
        assertThat(harts.count(Counter.IPI)).isEqualTo(1);
        harts.restart();
        harts.flush(space, 1, true);
        assertThat(harts.count(Counter.IPI)).isZero();
        assertThat(harts.run(space, 1)).isEqualTo(2);
        assertThat(harts.told(1)).containsExactly(all(2));
    }

    @Test
    void hartThatHasLeft_isInterruptedOnceForFreedTables() {
        runOn(1, 0);
        int _ = harts.run(harts.space(), 1);
        harts.on(0);
        harts.restart();
        harts.flush(space, 1, true);
        harts.flush(space, 1, true);
        assertThat(harts.count(Counter.IPI)).isEqualTo(1);
        assertThat(harts.told(1)).isEmpty();
    }

    @Test
    void ceilingIs33Pages_inStepsOfTheStride() {
        runOn(0);
        harts.flush(space, 33);
        assertThat(harts.count(Counter.INVALIDATION)).isEqualTo(33);
        harts.flush(space, 34);
        assertThat(harts.count(Counter.FULL_FLUSH)).isEqualTo(1);
        harts.restart();
        harts.flushSteps(space, 33, 2 << 20);
        assertThat(harts.count(Counter.INVALIDATION)).isEqualTo(33);
        assertThat(harts.count(Counter.FULL_FLUSH)).isZero();
    }

    /// A flush that is made whole because its range is long frees no tables: who is idle or has left is left alone.
    @Test
    void flushAboveTheCeiling_interruptsNoHartThatABriefOneWouldSpare() {
        use(x86(3, 12, RemoteInvalidation.IPI));
        runOn(1, 2, 0);
        harts.scheme.idle(1);
        int _ = harts.run(harts.space(), 2);
        harts.on(0);
        harts.restart();
        harts.flush(space, 34);
        assertThat(harts.count(Counter.FULL_FLUSH)).isEqualTo(1);
        assertThat(harts.count(Counter.IPI)).isZero();
        assertThat(harts.run(space, 1)).isEqualTo(2);
        assertThat(harts.told(1)).containsExactly(all(2));
    }

    @Test
    void changeOfASpaceThatRunsNowhere_tellsNobody() {
        int _ = harts.run(harts.space(), 0);
        harts.restart();
        harts.flush(space, 1);
        assertThat(harts.told(0)).isEmpty();
    }

    @Test
    void abandonedSpace_leavesItsHartsByInterrupt() {
        runOn(1, 0);
        harts.scheme.abandon(space);
        harts.flush(space, 1, true);
        assertThat(harts.count(Counter.IPI)).isEqualTo(1);
        assertThat(harts.scheme.loaded(0)).isNotEqualTo(space);
        assertThat(harts.scheme.loaded(1)).isNotEqualTo(space);
    }

    @Test
    void flushOfEverything_interruptsEveryHart() {
        use(x86(4, 12, RemoteInvalidation.IPI));
        harts.scheme.flushAll(FlushCause.DESIGN_FLUSH_ALL, 0);
        assertThat(harts.count(Counter.IPI)).isEqualTo(3);
        assertThat(harts.count(Counter.FULL_FLUSH)).isEqualTo(4);
        assertThat(harts.told(3)).containsExactly(new InvalidationScope.All());
    }

    @Test
    void invlpgb_isForSpacesOnFourHarts() {
        use(x86(4, 12, RemoteInvalidation.INVLPGB));
        runOn(0, 1, 2);
        harts.flush(space, 1);
        harts.flush(space, 1);
        assertThat(harts.count(Counter.BROADCAST)).isZero();
        assertThat(harts.count(Counter.IPI)).isEqualTo(4);
        runOn(3);
        harts.flush(space, 1);
        // By interrupt still; the id for all harts is chosen then, after everything was flushed everywhere.
        assertThat(harts.count(Counter.IPI)).isEqualTo(3);
        assertThat(harts.count(Counter.ASID_ROLLOVER)).isEqualTo(1);
        assertThat(harts.count(Counter.BROADCAST)).isEqualTo(1);
        harts.restart();
        harts.flush(space, 1);
        // The harts still run with ids of their own, and are told to change.
        assertThat(harts.count(Counter.IPI)).isEqualTo(3);
        assertThat(harts.scheme.id(0)).isEqualTo(harts.scheme.id(3)).isGreaterThan(6);
        harts.restart();
        harts.flush(space, 9);
        assertThat(harts.count(Counter.IPI)).isZero();
        assertThat(harts.count(Counter.SHOOTDOWN)).isEqualTo(1);
        assertThat(harts.count(Counter.BROADCAST)).isEqualTo(2);
        assertThat(harts.count(Counter.BROADCAST_SYNC)).isEqualTo(1);
        assertThat(harts.count(Counter.INVALIDATION)).isZero();
        harts.flush(space, 34);
        assertThat(harts.count(Counter.BROADCAST)).isEqualTo(3);
        assertThat(harts.count(Counter.FULL_FLUSH)).isZero();
    }

    @Test
    void globalId_needsNoFlushAtASwitch() {
        use(x86(4, 12, RemoteInvalidation.INVLPGB));
        runOn(0, 1, 2, 3);
        harts.flush(space, 1);
        harts.flush(space, 1);
        int _ = harts.run(harts.space(), 1);
        harts.on(0);
        harts.flush(space, 1);
        harts.restart();
        assertThat(harts.run(space, 1)).isGreaterThan(6);
        assertThat(harts.told(1)).isEmpty();
    }

    @Test
    void invlpgb_flushesEverythingByOneInstruction() {
        use(x86(4, 12, RemoteInvalidation.INVLPGB));
        harts.scheme.flushAll(FlushCause.DESIGN_FLUSH_ALL, 0);
        assertThat(harts.count(Counter.BROADCAST)).isEqualTo(1);
        assertThat(harts.count(Counter.IPI)).isZero();
    }

    @Test
    void globalIdsOfDeadSpaces_comeBackAfterAFlushOfEverything() {
        // 4 bits: ids 7 to 13 for all harts.
        use(x86(4, 4, RemoteInvalidation.INVLPGB));
        for (int i = 0; i < 20; i++) {
            space = harts.space();
            runOn(0, 1, 2, 3);
            harts.flush(space, 1);
            harts.flush(space, 1);
            assertThat(harts.scheme.id(0)).isBetween(7, 14);
            harts.scheme.ended(space);
        }
    }

    @Test
    void idsOfDomains_areNoGlobalIds() {
        FlushSettings settings = new FlushSettings(
                8, RemoteInvalidation.INVLPGB, FlushSettings.KERNEL_CEILING, FlushSettings.DOMAIN_IDS);
        use(new SchemeFixture(FlushScheme.Kernel.X86, 4, settings));
        int highest = 0;
        for (int i = 0; i < 300; i++) {
            space = harts.space();
            runOn(0, 1, 2, 3);
            harts.flush(space, 1);
            harts.flush(space, 1);
            highest = Math.max(highest, harts.scheme.id(0));
        }
        assertThat(highest).isGreaterThan(200).isLessThan(256 - FlushSettings.DOMAIN_IDS);
    }

    @Test
    void domainThatIsFlushed_isFlushedOnEveryHart_byEachMeans() {
        for (RemoteInvalidation remote : RemoteInvalidation.values()) {
            use(x86(3, 12, remote));
            harts.scheme.flushEverywhere(new InvalidationScope.Asid(4095), FlushCause.OTHER, 0);
            for (int hart = 0; hart < 3; hart++) {
                assertThat(harts.told(hart)).containsExactly(SchemeFixture.all(4095));
            }
            boolean broadcasts = remote == RemoteInvalidation.INVLPGB || remote == RemoteInvalidation.TLBI;
            assertThat(harts.count(Counter.IPI)).isEqualTo(broadcasts ? 0 : 2);
            assertThat(harts.count(Counter.BROADCAST)).isEqualTo(broadcasts ? 1 : 0);
        }
    }

    @Test
    void invlpgb_withoutIds_isNotUsed() {
        use(x86(4, 0, RemoteInvalidation.INVLPGB));
        runOn(0, 1, 2, 3);
        harts.flush(space, 1);
        harts.flush(space, 1);
        harts.scheme.flushAll(FlushCause.DESIGN_FLUSH_ALL, 0);
        assertThat(harts.count(Counter.BROADCAST)).isZero();
        assertThat(harts.count(Counter.IPI)).isEqualTo(9);
    }
}
