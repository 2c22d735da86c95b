/// Software's view of page tables: the only code that writes entries.
///
/// Start with [sharewalk.mmu.table.PageTable], the table of one address space, and
/// [sharewalk.mmu.table.TableCursor], through which it is read and changed. A
/// [sharewalk.mmu.table.SharedSubtree] may hang under several tables at once. Every change returns a
/// [sharewalk.mmu.table.PendingInvalidation], a debt that must be redeemed before any hart goes on.
///
/// May use `paging`, `memory` and `count`; never `walk`, which reads the same bytes independently and so checks this
/// package.
@NullMarked
@CheckReturnValue
package sharewalk.mmu.table;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
