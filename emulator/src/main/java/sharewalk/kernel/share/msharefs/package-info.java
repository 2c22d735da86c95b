/// The design `msharefs`: "[PATCH v3 00/22] Add support for shared PTEs across processes", Anthony Yznaga, 19 Aug 2025.
///
/// A file of the pseudo file system `msharefs` is a region with an address space of its own, filled by ioctl(2). A
/// process maps the whole of it as one window; at its first fault in a slot of the window's root entries, the region's
/// table page is attached there, and whatever anybody faults in below is there for all. Start with
/// [sharewalk.kernel.share.msharefs.MshareRegion].
///
/// As in v3, the rights of the window itself are not consulted on a fault: those of the region's own areas decide. What
/// v3 leaves broken is refused: moving a window by mremap(2) fails with EINVAL. The patches select x86-64 only; on
/// RISC-V this is our port of them.
@NullMarked
@CheckReturnValue
package sharewalk.kernel.share.msharefs;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
