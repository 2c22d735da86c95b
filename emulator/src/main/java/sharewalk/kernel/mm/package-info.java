/// Linux's memory management above the page tables: address spaces, their VMAs, page faults, copy on write, shootdowns.
///
/// Start with [sharewalk.kernel.mm.AddressSpace], then [sharewalk.kernel.mm.PageFaultHandler]. The VMAs decide; page
/// tables only remember what they decided, and any entry may be thrown away and rebuilt by a fault. Uses
/// `sharewalk.mmu` (not its `walk` and `tlb`), `sharewalk.cpu` and `sharewalk.abi`; sharing designs plug in through
/// [sharewalk.kernel.mm.SharingDesign] and [sharewalk.kernel.mm.Window].
@NullMarked
@CheckReturnValue
package sharewalk.kernel.mm;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
