/// The proposal `transparent`: page tables that processes share without asking, as an optimisation inside the kernel.
///
/// Source: David Hildenbrand, linux-mm, July 2022 and November 2023: tables cached per
/// file and per protection, linked where an area covers what a table page translates, unshared by mprotect(2) "just
/// like hugetlb". Nobody posted code: `emulator/designs/transparent.md` says what we decided. Start with
/// [sharewalk.kernel.share.transparent.CachedTables].
@NullMarked
@CheckReturnValue
package sharewalk.kernel.share.transparent;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
