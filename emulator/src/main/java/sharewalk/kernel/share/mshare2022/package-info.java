/// The design `mshare-2022`: "[PATCH v1 00/14] Add support for shared PTEs across processes", Khalid Aziz, 11 Apr
/// 2022, the system calls mshare() and mshare_unlink().
///
/// A process gives a range of its address space, as it is mapped, to a region with a name; others call mshare()
/// with that name and have the range at the same addresses. From then on mmap(2), mprotect(2), munmap(2), mremap(2)
/// and madvise(2) in the range act on the region, for all. Start with
/// [sharewalk.kernel.share.mshare2022.NamedRegion].
///
/// Where the patches are unfinished: they flush no other hart when the region changes, since its address space is
/// loaded on none; here every hart forgets everything, as in msharefs v3. The last mshare_unlink() frees memory
/// that others still map; here it is taken from them first. A process that attaches elsewhere than the creator is
/// refused. The granularity is 512 GiB with five levels too, as the cover letter says. The patches are for x86-64;
/// on RISC-V this is our port of them, with the same call numbers.
@NullMarked
@CheckReturnValue
package sharewalk.kernel.share.mshare2022;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
