/// The design `mshare-2026`, a proposal: what Jonathan Corbet reports of Anthony Yznaga's session at LSF/MM/BPF
/// 2026 (LWN 1072333, 13 May 2026): system calls that create a region as a descriptor, attach it, and map, protect
/// and advise in it. No patches are known. What we decided where the report is silent is in
/// `emulator/designs/mshare-2026.md`.
///
/// Start with [sharewalk.kernel.share.mshare2026.MshareCalls].
@NullMarked
@CheckReturnValue
package sharewalk.kernel.share.mshare2026;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
