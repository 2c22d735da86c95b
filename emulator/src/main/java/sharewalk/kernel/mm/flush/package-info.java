/// Who must forget a translation, and how it is told: ids of address spaces, context switches, invalidations on other
/// harts, each as Linux 6.16 does it on the architecture (`arch/x86/mm/tlb.c`, `arch/riscv/mm/tlbflush.c`,
/// `arch/riscv/mm/context.c`).
///
/// Start at [sharewalk.kernel.mm.flush.FlushScheme]. Nothing here knows what an address space is made of.
@NullMarked
@CheckReturnValue
package sharewalk.kernel.mm.flush;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
