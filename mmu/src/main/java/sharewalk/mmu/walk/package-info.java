/// Hardware's view of page tables: reads entries as the manuals number the steps, sets accessed and dirty bits.
///
/// Start with [sharewalk.mmu.walk.PageWalker]. It decodes entries on its own and never sees `table`: the two are
/// independent readings of the same bytes, each the other's oracle. Uses `paging`, `memory`, `cache`.
@NullMarked
@CheckReturnValue
package sharewalk.mmu.walk;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
