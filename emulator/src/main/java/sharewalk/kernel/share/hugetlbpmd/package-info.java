/// The design `hugetlb-pmd`: what Linux does by itself with the tables of hugetlb files.
///
/// Source: `huge_pmd_share` and `huge_pmd_unshare` in mm/hugetlb.c, with the changes of 2025 and January 2026 to
/// unsharing (081056dc00a2, 1013af4f585f, 59d9094df3d7, 8ce720d5bd91). Start with
/// [sharewalk.kernel.share.hugetlbpmd.SharedPmdTables].
@NullMarked
@CheckReturnValue
package sharewalk.kernel.share.hugetlbpmd;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
