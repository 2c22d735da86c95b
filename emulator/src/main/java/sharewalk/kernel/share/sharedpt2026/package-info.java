/// The design `shared-pt-2026`: MAP_SHARED_PT for a process and its forked descendants, with unsharing. Kernel tree of
/// Kalesh Singh (Google), Feb 2026, and its test program `ptshare_test`.
///
/// The first mapping of a process with the flag makes a domain, which its children inherit: a shadow, an address space
/// that never runs, with an area for each such mapping. Faults are taken in the shadow, whose leaf table is then hung
/// under the process's PMD entry. What would change rights or layout of an area for the caller alone makes it an
/// ordinary area first, with tables of its own, copied entry by entry. Start with
/// [sharewalk.kernel.share.sharedpt2026.ShadowArea].
///
/// Our reading, where the sources say nothing: an area is unshared whole; a shadow area goes with the last area that
/// shows it; MADV_PAGEOUT acts in the shadow; advice that neither drops pages nor splits leaves an area shared.
/// Registration with a userfaultfd unshares, as what it protects is the caller's alone.
/// Writing for a debugger, which unshares too, does not exist here. The tree is for x86-64 and arm64; RISC-V is our
/// port, flushing with sfence.vma of everything where x86 has INVPCID of all but global entries.
@NullMarked
@CheckReturnValue
package sharewalk.kernel.share.sharedpt2026;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
