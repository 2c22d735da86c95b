package sharewalk.kernel.mm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import sharewalk.kernel.mm.flush.FlushScheme;
import sharewalk.kernel.mm.flush.FlushSettings;
import sharewalk.mmu.MachineProfile;
import sharewalk.mmu.RemoteInvalidation;
import sharewalk.mmu.paging.PagingMode;
import sharewalk.mmu.table.SharedSubtree;
import sharewalk.mmu.table.TableAccounting;
import sharewalk.mmu.tlb.TagRules;

/// Who is given which id, and what is forgotten before.
class SharedDomainsTest {
    private static final long START = 1L << 30;

    private final TestMachine machine = TestMachine.of(PagingMode.SV39);
    private final List<Integer> retired = new ArrayList<>();
    private final SharedDomains domains = domains(3);

    private SharedDomains domains(int ids) {
        FlushSettings settings = new FlushSettings(8, RemoteInvalidation.IPI, FlushSettings.KERNEL_CEILING, ids);
        return new SharedDomains(settings, (id, _) -> retired.add(id));
    }

    private SharedSubtree subtree() {
        return SharedSubtree.create(machine.context.tables(), 1, TableAccounting.NONE);
    }

    @Test
    void sameSubtree_atOneAddressWithOneSetOfRights_hasOneId() {
        SharedSubtree subtree = subtree();
        assertThat(domains.join(subtree, START, 3)).isEqualTo(255);
        assertThat(domains.join(subtree, START, 3)).isEqualTo(255);
        assertThat(domains.join(subtree, 2 * START, 3)).isEqualTo(254);
        assertThat(domains.join(subtree, START, 1)).isEqualTo(253);
        assertThat(retired).isEmpty();
    }

    @Test
    void otherSubtree_atTheSameAddress_hasAnotherId() {
        assertThat(domains.join(subtree(), START, 3)).isEqualTo(255);
        assertThat(domains.join(subtree(), START, 3)).isEqualTo(254);
    }

    @Test
    void id_isFlushedBeforeItIsGivenAgain_andGivenInTurn() {
        SharedSubtree subtree = subtree();
        domains.leave(domains.join(subtree, START, 3));
        assertThat(domains.join(subtree, START, 3)).isEqualTo(254);
        domains.leave(254);
        assertThat(domains.join(subtree, START, 3)).isEqualTo(253);
        assertThat(retired).isEmpty();
        assertThat(domains.join(subtree(), START, 3)).isEqualTo(255);
        assertThat(retired).containsExactly(255);
    }

    @Test
    void domain_livesUntilItsLastMemberLeaves() {
        SharedSubtree subtree = subtree();
        int id = domains.join(subtree, START, 3);
        assertThat(domains.join(subtree, START, 3)).isEqualTo(id);
        domains.leave(id);
        assertThat(domains.join(subtree, START, 3)).isEqualTo(id);
    }

    @Test
    void newcomer_hasNoId_whileAllAreInUse() {
        SharedSubtree first = subtree();
        assertThat(domains.join(first, START, 3)).isEqualTo(255);
        assertThat(domains.join(subtree(), START, 3)).isEqualTo(254);
        assertThat(domains.join(subtree(), START, 3)).isEqualTo(253);
        assertThat(domains.join(subtree(), START, 3)).isEqualTo(FlushScheme.NO_DOMAIN);
        assertThat(domains.join(first, START, 3)).isEqualTo(255);
        domains.leave(254);
        assertThat(domains.join(subtree(), START, 3)).isEqualTo(254);
    }

    @Test
    void machineThatTagsNothingSo_hasNoDomains() {
        assertThat(domains(0).join(subtree(), START, 3)).isEqualTo(FlushScheme.NO_DOMAIN);
        assertThat(idsOf(new TagRules(16, false, false))).isZero();
        assertThat(idsOf(new TagRules(8, true, false))).isEqualTo(FlushSettings.DOMAIN_IDS);
        assertThat(idsOf(new TagRules(16, false, true))).isEqualTo(FlushSettings.DOMAIN_IDS);
    }

    private static int idsOf(TagRules tags) {
        return FlushSettings.of(MachineProfile.DEFAULT.withTags(tags), OptionalInt.empty())
                .domainIds();
    }
}
