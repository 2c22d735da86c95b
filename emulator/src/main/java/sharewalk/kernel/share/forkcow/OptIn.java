package sharewalk.kernel.share.forkcow;

import static sharewalk.abi.Errno.EINVAL;
import static sharewalk.abi.PrctlOptions.PR_SET_COW_PTE;

import java.util.IdentityHashMap;
import sharewalk.kernel.mm.AddressSpace;
import sharewalk.kernel.mm.MapHook;

/// Which processes share tables with the children they fork.
sealed interface OptIn extends MapHook {
    /// Returns whether a process that forks shares its tables.
    boolean shares(AddressSpace parent);

    /// Answers an option of prctl(2): 0 or a negative error number.
    long control(AddressSpace space, int option);

    /// Every process, as after a shell has set `/proc/self/use_odf` (On-demand-fork) for all that follows. The option
    /// of the patches is refused as for a process that has begun.
    final class Everybody implements OptIn {
        @Override
        public boolean shares(AddressSpace parent) {
            return true;
        }

        @Override
        public long control(AddressSpace space, int option) {
            return -EINVAL;
        }
    }

    /// Those that have asked by prctl(PR_SET_COW_PTE), from their next fork on, and all their descendants by fork
    /// (patches 2 and 16 of v5: MMF_COW_PTE_READY, MMF_COW_PTE).
    final class Asked implements OptIn {
        /// What a process has asked for: true once it has begun.
        private final IdentityHashMap<AddressSpace, Boolean> begun = new IdentityHashMap<>();

        @Override
        public boolean shares(AddressSpace parent) {
            return begun.getOrDefault(parent, false);
        }

        @Override
        public long control(AddressSpace space, int option) {
            if (option != PR_SET_COW_PTE || shares(space)) {
                return -EINVAL;
            }
            begun.put(space, false);
            return 0;
        }

        @Override
        public void forked(AddressSpace parent, AddressSpace child) {
            if (begun.containsKey(parent)) {
                begun.put(parent, true);
                begun.put(child, true);
            }
        }

        @Override
        public void ended(AddressSpace space) {
            begun.remove(space);
        }
    }
}
