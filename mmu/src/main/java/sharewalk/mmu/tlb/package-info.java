/// Translation lookaside buffers: what a hart remembers of its page tables, and when it forgets.
///
/// A [sharewalk.mmu.tlb.Tlb] is one structure; a [sharewalk.mmu.tlb.TlbHierarchy] is a hart's three. They know tags
/// and opaque translations, never page tables. The quiet-page rule ([sharewalk.mmu.tlb.QuietPageListener]) lets
/// somebody else answer accesses that cannot change anything here.
/// Uses `paging` and `cache`.
@NullMarked
@CheckReturnValue
package sharewalk.mmu.tlb;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
