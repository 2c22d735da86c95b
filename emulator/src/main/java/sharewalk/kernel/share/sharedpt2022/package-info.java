/// The design `shared-pt-2022`: a flag MAP_SHARED_PT of mmap(2). "[RFC PATCH 0/2] Add support for sharing page tables
/// across processes (Previously mshare)", Khalid Aziz, 6 Dec 2022, and "[PATCH RFC v2 0/4]", 26 Apr 2023.
///
/// The first mapping of a file that carries the flag makes a host, an address space with one area; each mapping of
/// the same file at the same address and of the same length shows the host's leaf tables. Start with
/// [sharewalk.kernel.share.sharedpt2022.HostedFile].
///
/// As posted, and odd:
/// - The flag test asks for a bit of MAP_SHARED or of MAP_SHARED_VALIDATE, and MAP_PRIVATE has one of the latter: a
///   private mapping is taken too, and the copy its store makes lies in the shared table, for everybody.
/// - The protection that later mappings are compared with is never stored, so that any will do. The area's own rights
///   are checked when it faults, those in the entry are the last faulter's: who may only read writes where others have
///   written.
///
/// `strict` refuses the first with EINVAL and shares only what has the first mapping's rights, which is what the patch
/// says it does. What reviewers found beside, a race of two first mappings (Karim), cannot happen here.
///
/// As posted, and mended, because it would break other processes or the kernel:
/// - Only the caller's area would get the rights of mprotect(2), and a fault of any other sharer would undo them in the
///   entries. The cover letter wants one call to change them for all: the areas of all sharers change, and the host
///   holds later ones to it.
/// - Losing a right flushes the caller only; here everything on every hart, as msharefs came to do.
/// - A PMD page of the host can be hung under the first mapping's empty PUD entry, a whole GiB; here PMD entries only.
/// - fork(2) does not count the child, and a range that begins below the area is unmapped without counting.
/// - An area that was split computes host addresses from its own start. File offsets of later mappings are not
///   compared; here they must be equal.
/// - mremap(2) would move shared entries; here EINVAL. madvise(2) that drops pages drops the shared entries, for all.
@NullMarked
@CheckReturnValue
package sharewalk.kernel.share.sharedpt2022;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
