/// Why TLBs miss: a hart's caches a second time, never flushed, beside the real ones.
///
/// Start with [sharewalk.mmu.cause.FlushShadow].
/// Uses `paging`, `memory`, `cache`, `count`, `walk` and `tlb`.
@NullMarked
@CheckReturnValue
package sharewalk.mmu.cause;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
