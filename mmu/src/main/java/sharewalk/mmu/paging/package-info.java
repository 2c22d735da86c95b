/// The vocabulary of paging: modes with their geometry, the format of entries, and what may be asked to be forgotten.
///
/// Start with [sharewalk.mmu.paging.PagingMode]. Everything hot takes a raw entry as a `long` and answers with a
/// primitive ([sharewalk.mmu.paging.PteFormat]); [sharewalk.mmu.paging.PteState] is the same entry decoded, for
/// dumps, tests and slow paths. Uses no other package.
@NullMarked
@CheckReturnValue
package sharewalk.mmu.paging;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
