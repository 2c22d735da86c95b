/// Page tables shared copy-on-write by fork: a child gets no last-level tables of its own but those of its parent,
/// until one of them changes an entry.
///
/// Two sources, one kernel feature:
/// - "On-demand-fork: a microsecond fork for memory-intensive and latency-sensitive applications", Kaiyang Zhao,
/// Sishuai
///   Gong, Pedro Fonseca, EuroSys '21 (the variant `on-demand`);
/// - "[PATCH v5 00/17] Introduce Copy-On-Write to Page Table", Chih-En Lin, 14 April 2023, for Linux 6.3-rc6 (the
///   design, and with its prctl(2) the variant `hint`).
///
/// Start at [sharewalk.kernel.share.forkcow.CowTables]. Where the posted code, read closely, would lose or show data,
/// it is not followed; [sharewalk.kernel.share.forkcow.ForkCowDesign#rules] says where.
@NullMarked
@CheckReturnValue
package sharewalk.kernel.share.forkcow;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
